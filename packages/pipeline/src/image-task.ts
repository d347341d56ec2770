import { show } from "@imgq/core";
import type { Step } from "@imgq/filters";
import * as v from "valibot";
import { type EncodeOptions, outputFormats, type UncheckedEncode } from "./encode-options.ts";
import { InvalidTaskError } from "./errors.ts";

/**
 * A further output of the same decode: it starts from the result of the task's own `filters`, or, where it begins with a resize,
 * from a larger variant that does too (`explain` tells; within a level on average).
 */
export interface Variant<S extends Step = Step> {
  /** Path below `outputRoot`. */
  readonly output: string;
  /** @default none: the same picture, encoded otherwise */
  readonly filters?: readonly S[];
  readonly encode?: EncodeOptions;
}

/** What to make of one picture. JSON throughout, so that it can be the payload of a queue. */
export interface ImageTask<S extends Step = Step> {
  /** Path below `inputRoot`. */
  readonly input: string;
  /** Path below `outputRoot`; its extension decides the format unless `encode.format` does. */
  readonly output: string;
  /** Applied one after another. */
  readonly filters: readonly S[];
  readonly encode?: EncodeOptions;
  /** Reads all frames of an animated gif or webp; outputs in those formats are animated too. @default false: the first */
  readonly animated?: boolean;
  /** Adds what to show while the output loads to the result. @default false */
  readonly placeholder?: boolean;
  readonly variants?: readonly Variant<S>[];
}

const path = v.pipe(
  v.string("must be a path"),
  v.nonEmpty("must not be empty"),
  v.maxLength(4096, "must have at most 4096 characters"),
);

const steps = v.array(
  v.strictObject({ filter: v.string("must be the name of a filter"), params: v.optional(v.unknown(), {}) }),
  "must be a list of steps",
);

const encode = v.optional(
  v.looseObject({
    format: v.optional(v.picklist(outputFormats, `must be one of ${outputFormats.join(", ")}`)),
  }),
);

const variant = v.strictObject({ output: path, filters: v.optional(steps, []), encode });

const imageTask = v.strictObject({
  input: path,
  output: path,
  filters: steps,
  encode,
  animated: v.optional(v.boolean("must be true or false"), false),
  placeholder: v.optional(v.boolean("must be true or false"), false),
  variants: v.optional(v.array(variant, "must be a list of variants"), []),
});

/** A checked variant: its list of filters present. */
export interface ParsedVariant {
  readonly output: string;
  readonly filters: readonly Step[];
  readonly encode?: UncheckedEncode | undefined;
}

/** A checked task: every optional list present. */
export interface ParsedTask extends ParsedVariant {
  readonly input: string;
  readonly animated: boolean;
  readonly placeholder: boolean;
  readonly variants: readonly ParsedVariant[];
}

/** Checks the shape of a task that may have come from anywhere. @throws {InvalidTaskError} */
export function parseTask(given: unknown): ParsedTask {
  const result = v.safeParse(imageTask, given);
  if (result.success) return result.output;
  const reasons = result.issues.slice(0, 5).map((issue) => {
    const name = v.getDotPath(issue) ?? "the task";
    if (issue.type !== "strict_object") return `${name} ${issue.message}; got ${show(issue.input)}`;
    if (issue.expected === "never") return `${name} is not a field of it`;
    return issue.expected === "Object"
      ? `${name} must be an object; got ${show(issue.input)}`
      : `${name} is missing`;
  });
  throw new InvalidTaskError(
    `Not an image task: ${reasons.join("; ")}. It needs input, output and filters; encode and variants may be given.`,
  );
}
