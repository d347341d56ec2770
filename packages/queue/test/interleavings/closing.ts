import { deepStrictEqual, ok } from "node:assert/strict";
import { execute } from "./execute.ts";
import type { Redis } from "ioredis";
import { checkWorld } from "./invariants.ts";
import { leaseMs, type Step, stepsFrom } from "./steps.ts";
import type { World } from "./world.ts";

/** A worker that nothing happens to. */
const rescuer = "rescuer";
const noTrouble = {
  resends: 0,
  giveUps: 0,
  lapses: 0,
  recoveries: 0,
  beats: 0,
  failures: 0,
  releases: 0,
  asides: 0,
};

/** I1: all workers die here; another one recovers and runs what is left. Every task must end completed, once. */
export async function checkRescue(redis: Redis, start: World, tasks: readonly string[]): Promise<void> {
  let world = await beat(redis, { ...start, at: start.at + leaseMs + 1, network: [], workers: [] });
  world = await beat(redis, { ...world, at: world.at + leaseMs - 1 });
  world = await executeCall(redis, { ...world, at: world.at + 2 }, "recovers", { kind: "recover" });
  const idle = { id: rescuer, sequence: 0, arrived: 0, waitingFor: undefined, holds: [], unsettled: [] };
  world = { ...world, workers: [idle], budget: { ...noTrouble, rounds: 100 } };
  for (let round = 0; round < 4 * tasks.length + 4; round += 1) world = await oneRound(redis, world);
  checkWorld(world);
  for (const id of tasks) {
    const accepted = world.ledger.accepted[id] ?? [];
    deepStrictEqual(
      accepted.length,
      1,
      `${id} must be completed in the end; path:\n  ${world.path.join("\n  ")}`,
    );
  }
}

/** Settles one task if it has one, and claims one; the reply arrives. */
async function oneRound(redis: Redis, world: World): Promise<World> {
  const begin = stepsFrom(world).find((step) => step.name.endsWith("claim 1"));
  ok(begin !== undefined, "the rescuer can always begin a round");
  const begun = await execute(redis, begin);
  const arrival = stepsFrom(begun).find((step) => step.name.endsWith("arrives"));
  ok(arrival !== undefined, "its round arrives");
  return execute(redis, arrival);
}

function beat(redis: Redis, world: World): Promise<World> {
  return executeCall(redis, world, "beats", { kind: "beat", worker: rescuer });
}

function executeCall(
  redis: Redis,
  from: World,
  what: string,
  call: Extract<Step, { execute: unknown }>["execute"],
): Promise<World> {
  return execute(redis, { name: `${rescuer} ${what}`, from, execute: call, delivered: false });
}
