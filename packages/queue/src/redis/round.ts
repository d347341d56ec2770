import { DEFAULT_TIMEOUT_MS } from "../history.ts";
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
  pushSettlements(args, round.settlements);
  return args;
}

/** The arguments of lua/settle_many.lua after the clock. */
export function settleArguments({
  worker,
  maxCount,
  settlements,
}: Pick<Round, "worker" | "maxCount" | "settlements">): (string | number)[] {
  const args: (string | number)[] = [worker, maxCount];
  pushSettlements(args, settlements);
  return args;
}

/** As lua/settle.lua reads them. */
function pushSettlements(args: (string | number)[], settlements: readonly Settlement[]): void {
  const others = settlements.findIndex((one) => one.kind !== "complete");
  const completes = others === -1 ? settlements.length : others;
  args.push(completes);
  for (let from = 0; from < completes; ) from = pushGroup(args, settlements, from, completes);
  for (const one of settlements) {
    if (one.kind === "fail") {
      args.push("fail", one.id, one.token, one.outcome, one.error, one.deadReason ?? "", one.delayMs);
    } else if (one.kind === "release") {
      args.push("release", one.id, one.token, one.delayMs);
    }
  }
}

/** Completes of one token go in a group that names it once: they are nearly all there is. Returns where the next begins. */
function pushGroup(
  args: (string | number)[],
  settlements: readonly Settlement[],
  from: number,
  end: number,
): number {
  const first = settlements[from];
  if (first?.kind !== "complete") return end;
  const { token } = first;
  const bare = first.result === undefined;
  const header = args.push(token, 0, bare ? 1 : 2);
  let at = from;
  for (; at < end; at += 1) {
    const one = settlements[at];
    if (one?.kind !== "complete" || one.token !== token || (one.result === undefined) !== bare) break;
    args.push(one.id);
    if (one.result !== undefined) args.push(one.result);
  }
  args[header - 2] = at - from;
  return at;
}

/** What a round came to. */
export interface RoundReply {
  /** Positions, from 1, of settles whose claim was lost. */
  readonly refused: ReadonlySet<number>;
  readonly nextDueMs: number | undefined;
  readonly grants: readonly Grant[];
}

/** Reads the reply of lua/cycle.lua. */
export function readRound(reply: Reply): RoundReply {
  const refused = readRefused(reply);
  const due = Number(reply[2]);
  const group = reply[3];
  const grants = Array.isArray(group) ? readGroup(group) : [];
  return { refused, nextDueMs: due < 0 ? undefined : due, grants };
}

/** Positions, from 1, of settles whose claim was lost, in the reply to either script. */
export function readRefused(reply: Reply): ReadonlySet<number> {
  const refused = reply[1];
  return Array.isArray(refused) && refused.length > 0 ? new Set(refused.map(Number)) : NONE;
}

const NONE: ReadonlySet<number> = new Set();

/** Parts of a group before its payloads; see lua/grants.lua. */
const GROUP_HEAD = 4;

/**
 * A group of lua/grants.lua. Only payloads come each by itself, as they may be anything: every part costs a buffer and a text.
 * Plain loops, as an idle worker runs this cold, with a task waiting for it.
 */
function readGroup(group: readonly unknown[]): Grant[] {
  const token = String(group[0]);
  const solo = group[1] === "solo";
  const ids = readList(group[2]);
  // Positions from 1, rising, each with the numbers that hold from there on.
  const changes = readList(group[3]);
  let change = 0;
  let numbers: Numbers | undefined;
  const grants: Grant[] = [];
  for (let position = 1; GROUP_HEAD + position <= group.length; position += 1) {
    if (numbers === undefined || changes[change] === position) {
      numbers = readNumbers(String(changes[change + 1]));
      change += 2;
    }
    const { attempt, maxRetries, crashes, timeoutMs, addedAt, trace } = numbers;
    grants.push({
      id: String(ids[position - 1]),
      token,
      payload: String(group[GROUP_HEAD + position - 1]),
      attempt,
      maxRetries,
      crashes,
      timeoutMs,
      addedAt,
      trace,
      solo,
    });
  }
  return grants;
}

function readList(json: unknown): readonly unknown[] {
  const list: unknown = JSON.parse(String(json));
  return Array.isArray(list) ? list : [];
}

type Numbers = Pick<Grant, "attempt" | "maxRetries" | "crashes" | "timeoutMs" | "addedAt" | "trace">;

/** What lua/grants.lua wrote. */
function readNumbers(text: string): Numbers {
  const [attempt, maxRetries, addedAt, crashes, timeoutMs, trace] = text.split(" ");
  return {
    attempt: Number(attempt),
    maxRetries: Number(maxRetries),
    crashes: Number(crashes ?? 0),
    timeoutMs: Number(timeoutMs ?? DEFAULT_TIMEOUT_MS),
    addedAt: Number(addedAt),
    trace: trace !== undefined && isTrace(trace) ? trace : undefined,
  };
}
