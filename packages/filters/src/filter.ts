import type { StandardSchemaV1 } from "@standard-schema/spec";
import { InvalidFilterError } from "./errors.ts";
import type { Operation } from "./operation.ts";
import { validateParameters } from "./parameters.ts";

/** One filter of a pipeline, ready to be stored as JSON. */
export interface Step<Name extends string = string, Params = unknown> {
  readonly filter: Name;
  readonly params: Params;
}

/** A step whose parameters were checked, with what it asks of the planner. */
export interface BoundStep extends Step {
  readonly operations: readonly Operation[];
}

/**
 * A filter is a function that makes a step of its parameters: `blur({ sigma: 2 })`.
 *
 * @throws {InvalidParametersError} when called with parameters that it does not take
 */
export interface Filter<Name extends string = string, Input = never, Params = unknown> {
  (...args: Arguments<Input>): Step<Name, Params>;
  /** How steps and the text form call it. */
  readonly name: string;
  /** What it does, as one sentence. */
  readonly description: string;
  /** Names of the parameters that the text form takes by position: `blur(2)`. */
  readonly positional: readonly string[];
  /** A use in the text form, for help and error messages. */
  readonly example: string;
  /** What checks the parameters; `describeFilter` reads names, ranges and defaults from it. */
  readonly schema: StandardSchemaV1;
  /** Checks stored parameters and says what to do with them. @throws {InvalidParametersError} */
  bind(params: unknown): BoundStep;
}

// A tuple on both sides, so that `never` (any filter) is not distributed over.
type Arguments<Input> = [Record<never, never>] extends [Input] ? [params?: Input] : [params: Input];

/** What every kind of filter declares. */
export interface FilterDeclaration<Name extends string, Input, Params> {
  /** A letter, then letters, digits, `-` or `_`. */
  readonly name: Name;
  readonly description: string;
  /** Any Standard Schema validator (valibot, zod, arktype, …) of an object, synchronous. */
  readonly params: StandardSchemaV1<Input, Params>;
  /** @default [] */
  readonly positional?: readonly (keyof Params & string)[];
  /** @default the name */
  readonly example?: string;
}

/** The common end of `defineFilter` and its sisters: a callable filter from a declaration and its planner's view. */
export function createFilter<Name extends string, Input, Params>(
  declaration: FilterDeclaration<Name, Input, Params>,
  operations: (params: Params) => readonly Operation[],
): Filter<Name, Input, Params> {
  const { name, description, params: schema, positional = [], example = name } = declaration;
  if (!/^[a-z][\w-]*$/i.test(name)) {
    throw new InvalidFilterError(
      `A filter's name must be a letter followed by letters, digits, - or _; got ${JSON.stringify(name)}. Rename it.`,
    );
  }
  const check = (params: unknown): Params => validateParameters(name, schema, params ?? {}, example);
  const make = (...args: Arguments<Input>): Step<Name, Params> => ({ filter: name, params: check(args[0]) });
  const bind = (given: unknown): BoundStep => {
    const params = check(given);
    return { filter: name, params, operations: operations(params) };
  };
  const properties = { description, positional, example, schema, bind };
  // `name` of a function is read-only to assignment, not to definition.
  Object.defineProperty(make, "name", { value: name });
  return Object.assign(make, properties);
}
