import type { AlertMessage, AlertState, AlertStates } from "./alert.ts";
import { severities, type Severity } from "./rule.ts";

/** Reads states that were stored, perhaps by another version. What cannot be read is dropped: it will be measured anew. */
export function parseStates(text: string | null): AlertStates {
  const states: Record<string, AlertState> = {};
  for (const [key, value] of Object.entries(parseObject(text))) {
    const state = parseState(value);
    if (state !== undefined && key.includes("/")) states[key] = state;
  }
  return states;
}

export function parseMessages(texts: readonly string[]): AlertMessage[] {
  return texts.map(parseMessage).filter((message) => message !== undefined);
}

export function parseMessage(text: string): AlertMessage | undefined {
  const { id, kind, rule, subject, severity, summary, value, firedAt, at } = parseObject(text);
  if (kind !== "fired" && kind !== "cleared") return undefined;
  if (!isText(id) || !isText(rule) || !isText(subject) || !isText(summary) || !isSeverity(severity))
    return undefined;
  if (!isNumber(value) || !isNumber(firedAt) || !isNumber(at)) return undefined;
  return { id, kind, rule, subject, severity, summary, value, firedAt, at };
}

function parseState(value: unknown): AlertState | undefined {
  if (!isObject(value) || !isNumber(value.since)) return undefined;
  const { phase, since, firedAt, goodSince, severity, summary } = value;
  if (phase === "waiting") return { phase, since };
  if (phase !== "firing" || !isNumber(firedAt) || !isSeverity(severity) || !isText(summary)) return undefined;
  const state: AlertState = {
    phase,
    since,
    firedAt,
    severity,
    summary,
    value: isNumber(value.value) ? value.value : 0,
  };
  return isNumber(goodSince) ? { ...state, goodSince } : state;
}

function parseObject(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isSeverity(value: unknown): value is Severity {
  return isText(value) && severities.some((severity) => severity === value);
}
