import type { Snapshot } from "../snapshot.ts";
import { type AlertMessage, type AlertState, type AlertStates, alertKey, splitKey } from "./alert.ts";
import type { AlertRule, Measurement } from "./rule.ts";

export interface Evaluation {
  readonly states: AlertStates;
  /** What changed, to be announced once. */
  readonly messages: readonly AlertMessage[];
  /** Rules that threw. What they are about stays as it was. */
  readonly failures: readonly { readonly rule: string; readonly error: unknown }[];
}

type FiringState = Extract<AlertState, { phase: "firing" }>;

/**
 * The alarm clockwork, without a clock: what was and what is now give what will be and what to say.
 *
 * ```text
 *  (well) ──bad──► waiting ──bad for forMs──► firing ──good for clearForMs──► (well)
 *     ▲──────good─────┘        says "fired"       says "cleared"
 * ```
 * Between `clearAt` and `above` nothing starts and nothing ends. What cannot be measured stays as it is.
 */
export function evaluate(
  rules: readonly AlertRule[],
  snapshot: Snapshot,
  previous: AlertStates,
  now: number,
): Evaluation {
  const states: Record<string, AlertState> = {};
  const messages: AlertMessage[] = [];
  const failures: Evaluation["failures"][number][] = [];
  for (const rule of rules) {
    const before = ofRule(rule, previous);
    try {
      const round = evaluateRule(rule, snapshot, before, now);
      Object.assign(states, round.states);
      messages.push(...round.messages);
    } catch (error) {
      // A rule of the user's that throws must not silence the others.
      Object.assign(states, before);
      failures.push({ rule: rule.name, error });
    }
  }
  messages.push(...endOfUnknownRules(rules, previous, now));
  return { states, messages, failures };
}

function evaluateRule(
  rule: AlertRule,
  snapshot: Snapshot,
  previous: AlertStates,
  now: number,
): Pick<Evaluation, "states" | "messages"> {
  const states: Record<string, AlertState> = {};
  const messages: AlertMessage[] = [];
  const measured = new Map(rule.measure(snapshot).map((each) => [each.subject, each]));
  for (const { subject } of Object.keys(previous).map(splitKey)) {
    // A queue or worker that is gone has nothing to be alarmed about any more.
    if (!measured.has(subject)) measured.set(subject, { subject, value: Number.NEGATIVE_INFINITY });
  }
  for (const measurement of measured.values()) {
    const key = alertKey(rule.name, measurement.subject);
    const before = previous[key];
    const after = next(rule, measurement, before, now);
    if (after !== undefined) states[key] = after;
    const message = announce(rule, measurement, before, after, now);
    if (message !== undefined) messages.push(message);
  }
  return { states, messages };
}

function next(
  rule: AlertRule,
  measurement: Measurement,
  before: AlertState | undefined,
  now: number,
): AlertState | undefined {
  const { value } = measurement;
  if (value === undefined) return before;
  const verdict = judge(rule, value, measurement.sample);
  if (before?.phase === "firing") return whileFiring(rule, { ...measurement, value }, before, verdict, now);
  if (verdict === "bad") {
    const since = before?.since ?? now;
    if (now - since < (rule.forMs ?? 0)) return { phase: "waiting", since };
    const summary = rule.describe({ ...measurement, value });
    return { phase: "firing", since, firedAt: now, severity: rule.severity, value, summary };
  }
  // Neither bad nor good: a wait that began goes on no further, and none begins.
  return undefined;
}

function whileFiring(
  rule: AlertRule,
  measurement: Measurement & { readonly value: number },
  before: FiringState,
  verdict: Verdict,
  now: number,
): AlertState | undefined {
  if (verdict !== "good") {
    const { goodSince: _, ...still } = before;
    // Who looks sees how it is now; nobody is told again.
    return { ...still, value: measurement.value, summary: rule.describe(measurement) };
  }
  const goodSince = before.goodSince ?? now;
  return now - goodSince >= (rule.clearForMs ?? 0) ? undefined : { ...before, goodSince };
}

type Verdict = "bad" | "between" | "good";

function judge(rule: AlertRule, value: number, sample: number | undefined): Verdict {
  if (sample !== undefined && sample < (rule.minimumSample ?? 0)) return "good";
  if (value > rule.above) return "bad";
  return value <= (rule.clearAt ?? rule.above) ? "good" : "between";
}

function announce(
  rule: AlertRule,
  measurement: Measurement,
  before: AlertState | undefined,
  after: AlertState | undefined,
  now: number,
): AlertMessage | undefined {
  if (after?.phase === "firing" && before?.phase !== "firing") {
    return messageOf("fired", rule.name, measurement.subject, after, after.value, now);
  }
  if (before?.phase === "firing" && after === undefined) {
    const { value } = measurement;
    const last = value === undefined || !Number.isFinite(value) ? before.value : value;
    return messageOf("cleared", rule.name, measurement.subject, before, last, now);
  }
  return undefined;
}

function messageOf(
  kind: AlertMessage["kind"],
  rule: string,
  subject: string,
  state: FiringState,
  value: number,
  at: number,
): AlertMessage {
  const { severity, summary, firedAt } = state;
  const id = `${alertKey(rule, subject)}@${firedAt}:${kind}`;
  return { id, kind, rule, subject, severity, summary, value, firedAt, at };
}

function ofRule(rule: AlertRule, states: AlertStates): AlertStates {
  return Object.fromEntries(Object.entries(states).filter(([key]) => splitKey(key).rule === rule.name));
}

/** A rule that was taken out of the program while it fired would otherwise stay open at the receiver for ever. */
function endOfUnknownRules(rules: readonly AlertRule[], previous: AlertStates, now: number): AlertMessage[] {
  const names = new Set(rules.map((rule) => rule.name));
  return Object.entries(previous).flatMap(([key, state]) => {
    const { rule, subject } = splitKey(key);
    if (state.phase !== "firing" || names.has(rule)) return [];
    return [messageOf("cleared", rule, subject, state, state.value, now)];
  });
}
