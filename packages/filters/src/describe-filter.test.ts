import { expect, it } from "vitest";
import { builtinFilters } from "./builtin-filters.ts";
import { describeFilter } from "./describe-filter.ts";
import type { Filter } from "./filter.ts";

const filters: readonly Filter[] = builtinFilters;

it.each(filters.map((filter) => [filter.name, filter] as const))(
  "describes %s and each of its parameters in sentences",
  (name, filter) => {
    const { description, example, parameters } = describeFilter(filter);
    expect(description).toMatch(/^[A-Z].*\.$/u);
    expect(example).toMatch(new RegExp(`^${name}(\\(|$)`, "u"));
    for (const parameter of parameters) {
      expect(parameter.sentence).toMatch(/^[A-Z\d].*\.$/u);
      expect(parameter.values).not.toBe("");
    }
    expect(parameters.slice(0, filter.positional.length).map((parameter) => parameter.name)).toEqual(
      filter.positional,
    );
  },
);

it("gives ranges and defaults as the declaration has them", () => {
  const blur = filters.find(({ name }) => name === "blur");
  expect(blur === undefined ? [] : describeFilter(blur).parameters).toEqual([
    {
      name: "sigma",
      sentence: "Standard deviation, in pixels.",
      values: "a number from 0.3 to 1000",
      required: false,
      defaultValue: 2,
    },
  ]);
});

it("has each name once", () => {
  expect(new Set(filters.map(({ name }) => name)).size).toBe(filters.length);
});
