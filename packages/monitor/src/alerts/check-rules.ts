import { InvalidOptionError } from "@imgq/core";
import type { AlertRule } from "./rule.ts";

/** Refuses rules that could not work, when the program starts and not at the first alarm. */
export function checkRules(rules: readonly AlertRule[]): void {
  const seen = new Set<string>();
  for (const rule of rules) {
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(rule.name)) {
      throw new InvalidOptionError(
        "rules",
        "have names of a–z 0–9 . _ -",
        rule.name,
        "Example: failure-rate.",
      );
    }
    if (seen.has(rule.name)) {
      throw new InvalidOptionError("rules", "have names of their own", rule.name, "Rename one of the two.");
    }
    seen.add(rule.name);
    if (rule.clearAt !== undefined && rule.clearAt > rule.above) {
      throw new InvalidOptionError(
        `clearAt of rule ${rule.name}`,
        `be at most above (${rule.above})`,
        rule.clearAt,
        "An alert must not clear while it is bad.",
      );
    }
  }
}
