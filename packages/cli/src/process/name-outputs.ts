import { dirname, extname, join, relative, resolve, sep } from "node:path";
import { UsageError } from "../errors.ts";
import type { FoundPicture } from "./find-pictures.ts";

export interface NamingOptions {
  readonly outputFolder: string;
  /** Folder whose tree the outputs repeat. @default the deepest one that holds all inputs */
  readonly base?: string;
  /** Extension of every output; undefined keeps that of the input. */
  readonly format: string | undefined;
  /** Name of an output without extension; `{name}`, `{ext}` and `{index}` (from 1) are filled in. */
  readonly template: string;
}

export interface NamedOutput {
  /** As the person named it, absolute. */
  readonly input: string;
  /** Where the bytes are: the input with every link followed. */
  readonly source: string;
  readonly output: string;
}

/** The deepest folder that holds all of `paths`. */
export function commonFolder(paths: readonly string[]): string {
  const [first, ...others] = paths.map((path) => dirname(path).split(sep));
  if (first === undefined) return resolve(".");
  let length = first.length;
  for (const parts of others) {
    while (length > 0 && first.slice(0, length).join(sep) !== parts.slice(0, length).join(sep)) length -= 1;
  }
  return first.slice(0, length).join(sep) || sep;
}

/**
 * Where the output of each input goes: the same tree under the output folder. Two inputs with one output, and an output
 * that is an input, are {@link UsageError}s.
 */
export function nameOutputs(pictures: readonly FoundPicture[], options: NamingOptions): NamedOutput[] {
  const root = options.base ?? commonFolder(pictures.map(({ path }) => path));
  const isInput = new Set(pictures.flatMap(({ path, source }) => [path, source]));
  const inputOf = new Map<string, string>();
  return pictures.map(({ path: input, source }, position) => {
    const output = outputFor(input, root, position + 1, options);
    const other = inputOf.get(output);
    if (other !== undefined) {
      throw new UsageError(
        `"${relative(".", other)}" and "${relative(".", input)}" would both become "${relative(".", output)}". Tell them apart with --name "{name}-{ext}".`,
      );
    }
    if (isInput.has(output)) {
      throw new UsageError(
        `The output "${relative(".", output)}" would replace an input. Choose another --out folder, or --name "{name}-small".`,
      );
    }
    inputOf.set(output, input);
    return { input, source, output };
  });
}

function outputFor(input: string, root: string, index: number, options: NamingOptions): string {
  const extension = extname(input).slice(1);
  const name = input
    .slice(dirname(input).length)
    .replace(/^[\\/]/, "")
    .slice(0, -(extension.length + 1) || undefined);
  const fields: Readonly<Record<string, string>> = {
    name,
    ext: extension.toLowerCase(),
    index: String(index),
  };
  const filled = options.template.replace(/\{(\w+)\}/g, (_whole, field: string) => {
    const value = fields[field];
    if (value !== undefined) return value;
    throw new UsageError(`--name knows {name}, {ext} and {index}; got "{${field}}".`);
  });
  const folder = relative(root, dirname(input));
  return join(resolve(options.outputFolder), folder, `${filled}.${options.format ?? (extension || "jpg")}`);
}
