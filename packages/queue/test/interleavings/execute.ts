import { ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { readRound, roundArguments, type Round, settleArguments } from "../../src/redis/round.ts";
import { scripts } from "../../src/redis/scripts.ts";
import { executeAt, type WireCall } from "./snapshots.ts";
import { type Call, leaseMs, type Step } from "./steps.ts";
import { type Held, type Ledger, replaceWorker, type World } from "./world.ts";

export const base = "imgq:{small}";
const startOfTime = 1_700_000_000_000;

/** The world after a step. Calls run on a real Redis, at the time of the world, whenever they were sent. */
export async function execute(redis: Redis, step: Step): Promise<World> {
  if ("to" in step) return { ...step.to, path: [...step.to.path, step.name] };
  const { from } = step;
  const { reply, after } = await executeAt(redis, from.redis, wireCall(step.execute, from.at));
  const world = { ...from, redis: after, path: [...from.path, step.name] };
  return step.execute.kind === "round" ? afterRound(world, step.execute.round, reply, step.delivered) : world;
}

export function wireCall(call: Call, at: number): WireCall {
  const clock = [startOfTime + at, ""];
  switch (call.kind) {
    case "round":
      // What goes aside is no round.
      if (call.round.sequence === 0) {
        return wire(scripts.settle.source, [...clock, ...settleArguments(call.round)]);
      }
      return wire(scripts.cycle.source, [...clock, ...roundArguments(call.round)]);
    case "beat":
      return wire(scripts.beat.source, [...clock, call.worker, leaseMs]);
    case "recover":
      return wire(scripts.recover.source, [...clock, 100, 1000, 86_400_000, 30_000, "0"]);
    default:
      return call satisfies never;
  }
}

export function addCall(ids: readonly string[]): WireCall {
  const tasks = ids.flatMap((id) => [id, "{}", ""]);
  return wire(scripts.add.source, [startOfTime, "", 3, 300_000, 3, ...tasks]);
}

function wire(source: string, args: readonly (string | number)[]): WireCall {
  return ["evalsha", shaOf(source), "1", base, ...args.map(String)];
}

/** The scripts the search runs, for Redis to know by their hash. */
export async function loadScripts(redis: Redis): Promise<void> {
  for (const { source } of [scripts.add, scripts.cycle, scripts.settle, scripts.beat, scripts.recover]) {
    await redis.script("LOAD", source);
  }
}

const shas = new Map<string, string>();

function shaOf(source: string): string {
  const known = shas.get(source) ?? createHash("sha1").update(source).digest("hex");
  shas.set(source, known);
  return known;
}

function afterRound(world: World, round: Round, reply: unknown, delivered: boolean): World {
  if (!Array.isArray(reply)) throw new Error("A round was answered with something else than a list.");
  const { refused, grants } = readRound(["ok", ...reply.slice(1)]);
  const given: Held[] = grants.map(({ id, token }) => ({ id, token }));
  const noted = { ...world, ledger: noteRound(world.ledger, round, refused, given) };
  const worker = world.workers.find(({ id }) => id === round.worker);
  if (!delivered || worker === undefined) return noted;
  const holds = [...worker.holds.filter((held) => !given.some(({ id }) => id === held.id)), ...given];
  const informed = { ...worker, waitingFor: undefined, arrived: round.sequence, holds };
  const network = noted.network.filter((message) => message.round !== round || message.underway > 0);
  return { ...replaceWorker(noted, informed), network };
}

function noteRound(
  ledger: Ledger,
  round: Round,
  refused: ReadonlySet<number>,
  given: readonly Held[],
): Ledger {
  const accepted = round.settlements.filter(
    (settlement, index) => settlement.kind === "complete" && !refused.has(index + 1),
  );
  for (const { id, token } of accepted) {
    const fresh = !(ledger.accepted[id] ?? []).includes(token);
    const highest = ledger.issued[id]?.at(-1);
    ok(
      !fresh || token === highest,
      `I3: ${id} was completed with token ${token}, though ${highest} was issued`,
    );
  }
  return {
    issued: given.reduce((notes, held) => note(notes, held), ledger.issued),
    accepted: accepted.reduce((notes, held) => note(notes, held), ledger.accepted),
  };
}

function note(notes: Ledger["issued"], { id, token }: Held): Ledger["issued"] {
  const before = notes[id] ?? [];
  return before.includes(token) ? notes : { ...notes, [id]: [...before, token] };
}
