import type { Filter, Step } from "@imgq/filters";
import { InvalidPipelineError } from "./errors.ts";
import { bindSteps, type FilterIndex, findFilter } from "./steps.ts";
import { readTextForm, type WrittenStep } from "./text-form.ts";

/**
 * Reads steps from the text form, from JSON text, or from parsed JSON, and fills in every default, so that equal
 * pipelines are equal as data. @throws {InvalidPipelineError} @throws {InvalidParametersError}
 */
export function parsePipeline(filters: FilterIndex, written: unknown): readonly Step[] {
  const steps = typeof written === "string" ? fromText(filters, written) : fromJson(written);
  return bindSteps(filters, steps).map(({ filter, params }) => ({ filter, params }));
}

function fromText(filters: FilterIndex, text: string): readonly Step[] {
  if (text.trimStart().startsWith("[")) return fromJson(readJson(text));
  return readTextForm(text).map((written, index) => {
    const filter = findFilter(filters, written.filter, index + 1);
    return { filter: filter.name, params: nameValues(filter, written, index + 1) };
  });
}

function nameValues(filter: Filter, written: WrittenStep, step: number): Record<string, unknown> {
  const { positional, named } = written;
  if (positional.length > filter.positional.length) {
    const most = filter.positional.length === 0 ? "no values" : `at most ${filter.positional.join(", ")}`;
    throw new InvalidPipelineError(
      `Step ${step}: ${filter.name} takes ${most} without a name; got ${positional.length}. Write name=value, for example: ${filter.example}`,
      step,
    );
  }
  const byPosition = Object.fromEntries(
    positional.map((value, index) => [filter.positional[index] ?? "", value]),
  );
  const twice = Object.keys(named).find((name) => Object.hasOwn(byPosition, name));
  if (twice !== undefined) {
    throw new InvalidPipelineError(
      `Step ${step}: ${filter.name} got ${twice} twice. Leave one of them out.`,
      step,
    );
  }
  return { ...byPosition, ...named };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidPipelineError(`The steps are not JSON (${reason}). Correct it.`, undefined, {
      cause: error,
    });
  }
}

function fromJson(given: unknown): readonly Step[] {
  if (!Array.isArray(given)) {
    throw new InvalidPipelineError(
      'The steps must be a list such as [{ "filter": "blur", "params": { "sigma": 2 } }].',
    );
  }
  return given.map((entry: unknown, index) => {
    // A bare name is a step with every default.
    if (typeof entry === "string") return { filter: entry, params: {} };
    const filter = property(entry, "filter");
    if (typeof filter !== "string") {
      throw new InvalidPipelineError(
        `Step ${index + 1}: "filter" must be the name of a filter. Correct it.`,
        index + 1,
      );
    }
    return { filter, params: property(entry, "params") ?? {} };
  });
}

function property(holder: unknown, name: string): unknown {
  return typeof holder === "object" && holder !== null && Object.hasOwn(holder, name)
    ? Reflect.get(holder, name)
    : undefined;
}
