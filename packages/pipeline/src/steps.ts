import { show } from "@imgq/core";
import type { BoundStep, Filter, Step } from "@imgq/filters";
import { InvalidOptionError } from "@imgq/core";
import { InvalidPipelineError } from "./errors.ts";

export type FilterIndex = ReadonlyMap<string, Filter>;

/** Filters by name. @throws {InvalidOptionError} when two have the same name */
export function indexFilters(filters: readonly Filter[]): FilterIndex {
  const index = new Map<string, Filter>();
  for (const filter of filters) {
    if (index.has(filter.name)) {
      throw new InvalidOptionError(
        "filters",
        "have one filter of each name",
        filter.name,
        "Rename or leave out one of them.",
      );
    }
    index.set(filter.name, filter);
  }
  return index;
}

/** Looks every step's filter up and checks its parameters. @throws {InvalidPipelineError} @throws {InvalidParametersError} */
export function bindSteps(filters: FilterIndex, steps: readonly Step[]): readonly BoundStep[] {
  return steps.map((step, index) => findFilter(filters, step.filter, index + 1).bind(step.params));
}

/** The filter of a step. @throws {InvalidPipelineError} naming the step and the nearest known name */
export function findFilter(filters: FilterIndex, name: string, step: number): Filter {
  const filter = filters.get(name);
  if (filter !== undefined) return filter;
  const known = [...filters.keys()];
  const nearest = known.find((candidate) => distance(candidate.toLowerCase(), name.toLowerCase()) <= 2);
  const remedy = nearest === undefined ? `Known filters: ${known.join(", ")}.` : `Did you mean ${nearest}?`;
  throw new InvalidPipelineError(`Step ${step}: there is no filter ${show(name)}. ${remedy}`, step);
}

/** Levenshtein distance. */
function distance(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > 2) return 3;
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
