import type { Snapshot } from "../snapshot.ts";

export const severities = ["info", "warning", "critical"] as const;
export type Severity = (typeof severities)[number];

/** One value a rule looks at. */
export interface Measurement {
  /** What it is about: a queue, a worker, or `system`. Each subject fires and clears by itself. */
  readonly subject: string;
  /** Undefined: it cannot be told now, so whatever was the case stays the case. */
  readonly value: number | undefined;
  /** How many observations are behind it; see `minimumSample`. */
  readonly sample?: number;
}

/** When to raise an alarm, about what, and when to end it. */
export interface AlertRule {
  /** Unique among the rules; keep it, states are stored under it. */
  readonly name: string;
  readonly severity: Severity;
  readonly measure: (snapshot: Snapshot) => readonly Measurement[];
  /** A value above this is bad. */
  readonly above: number;
  /** A firing alert ends only at or below this, so that a value that swings around the limit does not ring again and again. @default `above` */
  readonly clearAt?: number;
  /** Milliseconds a value must be bad before it fires. @default 0 */
  readonly forMs?: number;
  /** Milliseconds a value must be good before it clears. @default 0 */
  readonly clearForMs?: number;
  /** With fewer observations a value counts as good. @default 0 */
  readonly minimumSample?: number;
  /** One sentence for a person, about a value that is bad. */
  readonly describe: (measurement: Measurement & { readonly value: number }) => string;
}
