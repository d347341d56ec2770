import type { ErrorSummary } from "@imgq/core";

export interface Failure {
  /** The picture, or what else the failure is about. */
  readonly input: string;
  readonly error: ErrorSummary;
}

export interface FailureGroup<F extends Failure = Failure> {
  /** The code of the errors, or their name. */
  readonly cause: string;
  /** The message of the first one, without its input. */
  readonly message: string;
  readonly failures: readonly F[];
}

/** Failures by cause, the most frequent first. */
export function groupFailures<F extends Failure>(failures: readonly F[]): FailureGroup<F>[] {
  const groups = new Map<string, { cause: string; message: string; failures: F[] }>();
  for (const failure of failures) {
    const { input, error } = failure;
    const cause = error.code ?? error.name;
    // The messages of pictures begin with their path, which is told apart.
    const message = error.message.replace(`${input}: `, "");
    const key = `${cause}\0${withoutParticulars(message)}`;
    const group = groups.get(key) ?? { cause, message, failures: [] };
    group.failures.push(failure);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.failures.length - a.failures.length);
}

/** Messages that differ only in a path or a number have one cause. */
function withoutParticulars(message: string): string {
  return message.replace(/"[^"]*"|'[^']*'|\S*\/\S*|\d+/g, "…");
}
