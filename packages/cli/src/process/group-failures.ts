import type { ErrorSummary } from "@imgq/core";

export interface Failure {
  readonly input: string;
  readonly error: ErrorSummary;
}

export interface FailureGroup {
  /** The code of the errors, or their name. */
  readonly cause: string;
  /** The message of the first one. */
  readonly message: string;
  readonly inputs: readonly string[];
}

/** Failures by cause, the most frequent first. */
export function groupFailures(failures: readonly Failure[]): FailureGroup[] {
  const groups = new Map<string, { cause: string; message: string; inputs: string[] }>();
  for (const { input, error } of failures) {
    const cause = error.code ?? error.name;
    const key = `${cause}\0${withoutParticulars(error.message)}`;
    const group = groups.get(key) ?? { cause, message: error.message, inputs: [] };
    group.inputs.push(input);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.inputs.length - a.inputs.length);
}

/** Messages that differ only in a path or a number have one cause. */
function withoutParticulars(message: string): string {
  return message.replace(/"[^"]*"|'[^']*'|\S*\/\S*|\d+/g, "…");
}
