import type { Grant, Settlement } from "../broker.ts";
import { DEFAULT_TIMEOUT_MS } from "../history.ts";
import type { Reply } from "./script-runner.ts";

/** What a worker says in one round; see lua/cycle.lua. */
export interface Round {
  readonly worker: string;
  readonly session: string;
  readonly sequence: number;
  readonly arrived: number;
  readonly limit: number;
  readonly callers: number;
  readonly leaseMs: number;
  readonly waitMs: number;
  readonly wasIdle: boolean;
  readonly maxCount: number;
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
    round.callers,
    round.leaseMs,
    round.waitMs,
    round.wasIdle ? "1" : "",
    round.maxCount,
  ];
  for (const one of round.settlements) {
    args.push(one.kind, one.id, one.token);
    switch (one.kind) {
      case "complete":
        args.push(one.result ?? "");
        break;
      case "fail":
        args.push(one.outcome, one.error, one.deadReason ?? "", one.delayMs);
        break;
      case "release":
        args.push(one.delayMs);
        break;
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

const WIDTH = 7;

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
    grants.push({
      id: String(values[at]),
      token,
      payload: String(values[at + 1]),
      attempt: Number(values[at + 2]),
      maxRetries: Number(values[at + 3]),
      crashes: Number(values[at + 4] ?? 0),
      timeoutMs: Number(values[at + 5] ?? DEFAULT_TIMEOUT_MS),
      addedAt: Number(values[at + 6]),
      solo,
    });
  }
}
