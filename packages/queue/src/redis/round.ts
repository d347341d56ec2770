import { isTrace } from "../identifiers.ts";
import type { Grant, Settlement } from "../broker.ts";
import type { Reply } from "./script-runner.ts";

/** What a worker says in one round; see lua/cycle.lua. */
export interface Round {
  readonly worker: string;
  readonly session: string;
  readonly sequence: number;
  readonly arrived: number;
  readonly limit: number;
  readonly ahead: number;
  readonly callers: number;
  readonly leaseMs: number;
  readonly waitMs: number;
  readonly wasIdle: boolean;
  readonly maxCount: number;
  /** Completes before the others, so that positions in the reply are positions here. */
  readonly settlements: readonly Settlement[];
}

/** The arguments of lua/cycle.lua after the clock. */
export function roundArguments(round: Round): (string | number)[] {
  const args: (string | number)[] = [
    round.worker,
    round.session,
    round.sequence,
    round.arrived,
    round.limit,
    round.ahead,
    round.callers,
    round.leaseMs,
    round.waitMs,
    round.wasIdle ? "1" : "",
    round.maxCount,
  ];
  // Completes first and in short: they are nearly all there is.
  const completes = round.settlements.filter((one) => one.kind === "complete");
  args.push(completes.length);
  for (const one of completes) args.push(one.id, one.token, one.result ?? "");
  for (const one of round.settlements) {
    if (one.kind === "fail") {
      args.push("fail", one.id, one.token, one.outcome, one.error, one.deadReason ?? "", one.delayMs);
    } else if (one.kind === "release") {
      args.push("release", one.id, one.token, one.delayMs);
    }
  }
  return args;
}

/** What a round came to. */
export interface RoundReply {
  /** Positions, from 1, of settles whose claim was lost. */
  readonly refused: ReadonlySet<number>;
  readonly nextDueMs: number | undefined;
  readonly grants: readonly Grant[];
}

const WIDTH = 3;

/** Reads the reply of lua/cycle.lua. */
export function readRound(reply: Reply): RoundReply {
  const refused = new Set(Array.isArray(reply[1]) ? reply[1].map(Number) : []);
  const due = Number(reply[2]);
  const grants: Grant[] = [];
  for (let group = 3; group < reply.length; group += 1) {
    const values = reply[group];
    if (Array.isArray(values)) readGroup(values, grants);
  }
  return { refused, nextDueMs: due < 0 ? undefined : due, grants };
}

function readGroup(values: readonly unknown[], grants: Grant[]): void {
  const token = String(values[0]);
  const solo = values[1] === "solo";
  for (let at = 2; at + WIDTH <= values.length; at += WIDTH) {
    const [attempt, maxRetries, crashes, timeoutMs, addedAt, trace] = String(values[at + 2]).split(" ");
    grants.push({
      id: String(values[at]),
      token,
      payload: String(values[at + 1]),
      attempt: Number(attempt),
      maxRetries: Number(maxRetries),
      crashes: Number(crashes),
      timeoutMs: Number(timeoutMs),
      addedAt: Number(addedAt),
      ...(trace === undefined || !isTrace(trace) ? {} : { trace }),
      solo,
    });
  }
}
