import type { Severity } from "./rule.ts";

/** Where one subject of one rule stands. Times are milliseconds since 1970. No entry: all is well. */
export type AlertState =
  /** Bad, but not for long enough. */
  | { readonly phase: "waiting"; readonly since: number }
  /**
   * Announced. `value` and `summary` are those of the last look at which it was not good; `goodSince` is set while the value
   * is good, but not yet for long enough.
   */
  | {
      readonly phase: "firing";
      readonly since: number;
      readonly firedAt: number;
      readonly goodSince?: number;
      readonly severity: Severity;
      readonly value: number;
      readonly summary: string;
    };

/** States by {@link alertKey}. */
export type AlertStates = Readonly<Record<string, AlertState>>;

/** What people are told: once when an alert fires, once when it clears. */
export interface AlertMessage {
  /** The same for the same event, whoever sends it and however often. */
  readonly id: string;
  readonly kind: "fired" | "cleared";
  readonly rule: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly firedAt: number;
  /** When this happened: equals `firedAt` when it fired. */
  readonly at: number;
}

/** An alert that is firing now, with its value as of the last look. */
export interface ActiveAlert {
  readonly rule: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly value: number;
  readonly firedAt: number;
}

export function alertKey(rule: string, subject: string): string {
  return `${rule}/${subject}`;
}

export function activeAlerts(states: AlertStates): readonly ActiveAlert[] {
  return Object.entries(states).flatMap(([key, state]) => {
    if (state.phase !== "firing") return [];
    const { severity, summary, value, firedAt } = state;
    return [{ ...splitKey(key), severity, summary, value, firedAt }];
  });
}

/** Rule names hold no slash (checked when alerts are created); subjects may. */
export function splitKey(key: string): { rule: string; subject: string } {
  const slash = key.indexOf("/");
  return { rule: key.slice(0, slash), subject: key.slice(slash + 1) };
}
