import { ImgqError, show } from "@imgq/core";

/** One thing that is wrong with a filter's parameters. */
export interface ParameterIssue {
  /** Dotted path of the parameter, empty when the parameters as a whole are wrong. */
  readonly parameter: string;
  /** Continues the sentence "`parameter` …". */
  readonly requirement: string;
  readonly received: unknown;
}

/**
 * A filter was given parameters that it does not take. Code `IMGQ_INVALID_PARAMETERS`. `permanent`: trying again cannot
 * help, so a worker does not retry it.
 */
export class InvalidParametersError extends ImgqError {
  readonly permanent = true;
  readonly filter: string;
  readonly issues: readonly ParameterIssue[];

  constructor(filter: string, issues: readonly ParameterIssue[], remedy: string) {
    super("IMGQ_INVALID_PARAMETERS", `${filter}: ${issues.map(sentence).join("; ")}. ${remedy}`);
    this.filter = filter;
    this.issues = issues;
  }
}

/** A filter declaration that cannot work: a bug in the program that declares it. Code `IMGQ_INVALID_FILTER`. */
export class InvalidFilterError extends ImgqError {
  constructor(message: string) {
    super("IMGQ_INVALID_FILTER", message);
  }
}

function sentence({ parameter, requirement, received }: ParameterIssue): string {
  return `${parameter === "" ? "the parameters" : parameter} ${requirement}; got ${show(received)}`;
}
