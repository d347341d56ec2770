import type { StandardSchemaV1 } from "@standard-schema/spec";
import * as v from "valibot";
import { InvalidFilterError, InvalidParametersError, type ParameterIssue } from "./errors.ts";

/** Runs a Standard Schema validator. @throws {InvalidParametersError} naming filter, parameter, range, value, remedy */
export function validateParameters<Input, Params>(
  filter: string,
  schema: StandardSchemaV1<Input, Params>,
  params: unknown,
  example: string,
): Params {
  const remedy = `Correct it, for example: ${example}`;
  // Validators take an array for an object without keys.
  if (Array.isArray(params)) {
    const issue = { parameter: "", requirement: "must be an object", received: params };
    throw new InvalidParametersError(filter, [issue], remedy);
  }
  const result = schema["~standard"].validate(params);
  if (result instanceof Promise) {
    throw new InvalidFilterError(
      `${filter}: its parameters' validator is asynchronous. Use a synchronous one: steps are made at once.`,
    );
  }
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map((issue) => describe(issue, params));
  throw new InvalidParametersError(filter, issues, remedy);
}

function describe(issue: StandardSchemaV1.Issue, params: unknown): ParameterIssue {
  const path = (issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part));
  return {
    parameter: path.map(String).join("."),
    requirement: issue.message,
    received: valueAt(params, path),
  };
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/**
 * A validator of a filter's parameters by valibot: refuses unknown names with a message that lists the known ones.
 * Messages continue the sentence "`parameter` …".
 */
export function parameters<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, v.ErrorMessage<v.StrictObjectIssue>> {
  const known = Object.keys(entries).join(", ");
  const takes = known === "" ? "this filter takes none" : `this filter takes: ${known}`;
  return v.strictObject(entries, (issue) =>
    issue.expected === "never"
      ? `is not a parameter (${takes})`
      : issue.expected === "Object"
        ? `must be an object (${takes})`
        : "must be given",
  );
}

/** Says in one sentence what a parameter is for; help and gallery show it. */
export function about<const Schema extends v.GenericSchema>(
  sentence: string,
  schema: Schema,
): v.SchemaWithPipe<readonly [Schema, v.DescriptionAction<v.InferOutput<Schema>, string>]> {
  return v.pipe(schema, v.description(sentence));
}

/** A number from `min` to `max`, both included. */
export function numberFrom(min: number, max: number): v.GenericSchema<number> {
  const values = `a number from ${min} to ${max}`;
  const message = `must be ${values}`;
  return v.pipe(
    v.number(message),
    v.finite(message),
    v.minValue(min, message),
    v.maxValue(max, message),
    v.metadata({ values }),
  );
}

/** A whole number from `min` to `max`, both included. */
export function integerFrom(min: number, max: number): v.GenericSchema<number> {
  const values = `a whole number from ${min} to ${max}`;
  const message = `must be ${values}`;
  return v.pipe(
    v.number(message),
    v.integer(message),
    v.minValue(min, message),
    v.maxValue(max, message),
    v.metadata({ values }),
  );
}

/** One of some words. */
export function oneOf<const Words extends readonly string[]>(words: Words): v.GenericSchema<Words[number]> {
  const values = `one of ${words.join(", ")}`;
  return v.pipe(v.picklist(words, `must be ${values}`), v.metadata({ values }));
}

/** `true` or `false`. */
export function flag(): v.GenericSchema<boolean> {
  return v.pipe(v.boolean("must be true or false"), v.metadata({ values: "true or false" }));
}

/** A text of 1 to `max` characters, not only spaces; `values` says what it stands for ("a path in the input folder"). */
export function text(values: string, max: number): v.GenericSchema<string> {
  const message = `must be ${values}, 1 to ${max} characters`;
  return v.pipe(
    v.string(message),
    v.check((given) => /[^\p{Cc}\s]/u.test(given), message),
    v.maxLength(max, message),
    v.metadata({ values }),
  );
}
