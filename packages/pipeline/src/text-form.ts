import { show } from "@imgq/core";
import { InvalidPipelineError } from "./errors.ts";

/** A step as written: values by position, values by name. */
export interface WrittenStep {
  readonly filter: string;
  readonly positional: readonly unknown[];
  readonly named: Readonly<Record<string, unknown>>;
}

/**
 * Reads the text form: steps joined by `|`, each a filter's name and, in brackets, values by position, then by name:
 * `grayscale | blur(2) | resize(width=1200, fit=inside)`. A value is a number, true, false, a word, a quoted text, or a
 * list of values in square brackets.
 *
 * @throws {InvalidPipelineError} naming the step, the column, and what was expected
 */
export function readTextForm(text: string): readonly WrittenStep[] {
  return new TextReader(text).pipeline();
}

const MAX_TEXT = 16_384;
const MAX_DEPTH = 4;

class TextReader {
  readonly #text: string;
  #at = 0;
  #step = 1;

  constructor(text: string) {
    if (text.length > MAX_TEXT) {
      throw new InvalidPipelineError(
        `The pipeline has ${text.length} characters, more than ${MAX_TEXT}. Write fewer steps.`,
      );
    }
    this.#text = text;
  }

  pipeline(): readonly WrittenStep[] {
    const steps: WrittenStep[] = [];
    this.#space();
    if (this.#at === this.#text.length) return steps;
    for (;;) {
      steps.push(this.#written());
      this.#space();
      if (this.#at === this.#text.length) return steps;
      this.#expect("|", "| and another step, or the end");
      this.#step++;
    }
  }

  #written(): WrittenStep {
    this.#space();
    const filter = this.#match(/[a-z][\w-]*/iy) ?? this.#fail("a filter's name");
    this.#space();
    const positional: unknown[] = [];
    const named: Record<string, unknown> = Object.create(null);
    if (!this.#take("(")) return { filter, positional, named };
    this.#space();
    if (this.#take(")")) return { filter, positional, named };
    do this.#argument(positional, named);
    while (this.#take(","));
    this.#expect(")", ", and another value, or )");
    return { filter, positional, named };
  }

  #argument(positional: unknown[], named: Record<string, unknown>): void {
    this.#space();
    const name = this.#match(/[a-z]\w*(?=\s*=)/iy);
    if (name === undefined) {
      if (Object.keys(named).length > 0)
        this.#fail("name=value, as after the first named value all have names");
      positional.push(this.#value(0));
    } else {
      if (name in named) this.#fail(`another name than ${name}, which was given already`);
      this.#space();
      this.#expect("=", "=");
      this.#space();
      named[name] = this.#value(0);
    }
    this.#space();
  }

  #value(depth: number): unknown {
    if (this.#take("[")) return this.#list(depth + 1);
    const quoted = this.#match(/"[^"]*"|'[^']*'/y);
    if (quoted !== undefined) return quoted.slice(1, -1);
    const word = this.#match(/[\w#.%:/+-]+/y) ?? this.#fail("a value: a number, a word, or a quoted text");
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word)) return Number(word);
    return word === "true" ? true : word === "false" ? false : word;
  }

  #list(depth: number): unknown[] {
    if (depth > MAX_DEPTH) this.#fail(`lists at most ${MAX_DEPTH} deep`);
    const values: unknown[] = [];
    this.#space();
    if (this.#take("]")) return values;
    do {
      this.#space();
      values.push(this.#value(depth));
      this.#space();
    } while (this.#take(","));
    this.#expect("]", ", and another value, or ]");
    return values;
  }

  #space(): void {
    this.#match(/\s*/y);
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #expect(character: string, what: string): void {
    if (!this.#take(character)) this.#fail(what);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #fail(expected: string): never {
    const found =
      this.#at === this.#text.length ? "the end" : show(this.#text.slice(this.#at, this.#at + 12));
    throw new InvalidPipelineError(
      `Step ${this.#step}, column ${this.#at + 1}: expected ${expected}; found ${found}. Write it like "grayscale | blur(2) | edges(operator=sobel)".`,
      this.#step,
    );
  }
}
