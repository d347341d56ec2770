import * as v from "valibot";
import type { Filter } from "./filter.ts";

/** One parameter of a filter, for people. */
export interface ParameterDescription {
  readonly name: string;
  /** What it is for, as one sentence; empty when its declaration does not say. */
  readonly sentence: string;
  /** What it takes: "a number from 0 to 10"; empty when its declaration does not say. */
  readonly values: string;
  readonly required: boolean;
  /** What counts when it is left out. */
  readonly defaultValue?: unknown;
}

/** What help, gallery and dashboard show of a filter. */
export interface FilterDescription {
  readonly name: string;
  readonly description: string;
  readonly example: string;
  /** The ones that may be written without their names come first, in their order. */
  readonly parameters: readonly ParameterDescription[];
}

/**
 * Reads a filter's declaration. Parameters are known when its validator is an object of valibot, as those made by
 * `parameters(…)` are; otherwise the list is empty.
 */
export function describeFilter(filter: Filter): FilterDescription {
  const { name, description, example, schema, positional } = filter;
  const entries = "entries" in schema && isObject(schema.entries) ? Object.entries(schema.entries) : [];
  const place = (parameter: string): number => {
    const index = positional.indexOf(parameter);
    return index === -1 ? positional.length : index;
  };
  const parameters = entries
    .flatMap(([parameter, entry]) => (isSchema(entry) ? [describeParameter(parameter, entry)] : []))
    .sort((left, right) => place(left.name) - place(right.name));
  return { name, description, example, parameters };
}

function describeParameter(name: string, schema: v.GenericSchema): ParameterDescription {
  const optional = schema.type === "optional" && "wrapped" in schema && isSchema(schema.wrapped);
  const inner = optional && "wrapped" in schema && isSchema(schema.wrapped) ? schema.wrapped : schema;
  const { values } = v.getMetadata(inner);
  const defaultValue = v.getDefault(schema);
  return {
    name,
    sentence: v.getDescription(inner) ?? "",
    values: typeof values === "string" ? values : "",
    required: !optional,
    ...(defaultValue === undefined ? {} : { defaultValue }),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isSchema(value: unknown): value is v.GenericSchema {
  return isObject(value) && value["kind"] === "schema" && typeof value["type"] === "string";
}
