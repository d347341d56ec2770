import type { Settlement } from "../../src/broker.ts";
import type { Round } from "../../src/redis/round.ts";
import type { Snapshot } from "./snapshots.ts";

export interface Held {
  readonly id: string;
  readonly token: string;
}

/** A worker as its rounds show it: one under way at most, numbered, with what it settles and how much it wants. */
export interface WorkerState {
  readonly id: string;
  readonly sequence: number;
  readonly arrived: number;
  /** Number of the round whose reply it waits for. */
  readonly waitingFor: number | undefined;
  readonly holds: readonly Held[];
  /** Settles of a round that was given up; they go into the next one again. */
  readonly unsettled: readonly Settlement[];
}

/** Copies of one round on their way to Redis. One may arrive long after its sender has stopped waiting. */
export interface Message {
  readonly round: Round;
  readonly underway: number;
  readonly sent: number;
}

/** What Redis has answered, whether or not the answer arrived. */
export interface Ledger {
  /** Tokens by task, in the order in which they were issued. */
  readonly issued: Readonly<Record<string, readonly string[]>>;
  /** Tokens whose `complete` was answered "ok", by task. */
  readonly accepted: Readonly<Record<string, readonly string[]>>;
}

/** How much of each trouble may still come. */
export interface Budget {
  /** Rounds a worker begins. */
  readonly rounds: number;
  readonly resends: number;
  readonly giveUps: number;
  readonly lapses: number;
  readonly recoveries: number;
  readonly beats: number;
  readonly failures: number;
  readonly releases: number;
  /** Completes sent beside the rounds, as a busy worker does. */
  readonly asides: number;
}

export interface World {
  /** Milliseconds since the start. */
  readonly at: number;
  readonly redis: Snapshot;
  readonly workers: readonly WorkerState[];
  readonly network: readonly Message[];
  readonly ledger: Ledger;
  readonly budget: Budget;
  /** What happened, for the report of a violation. */
  readonly path: readonly string[];
}

export function startOfWorld(workers: readonly string[], budget: Budget, redis: Snapshot): World {
  return {
    at: 0,
    redis,
    workers: workers.map((id) => ({
      id,
      sequence: 0,
      arrived: 0,
      waitingFor: undefined,
      holds: [],
      unsettled: [],
    })),
    network: [],
    ledger: { issued: {}, accepted: {} },
    budget,
    path: [],
  };
}

/** Equal for worlds from which the same can happen. */
export function identityOf({ at, redis, workers, network, ledger, budget }: World): string {
  return JSON.stringify([at, redis.text, workers, network, ledger, budget]);
}

export function replaceWorker(world: World, changed: WorkerState): World {
  return {
    ...world,
    workers: world.workers.map((worker) => (worker.id === changed.id ? changed : worker)),
  };
}

/** Replaces a message, or drops it when nothing of it is under way and nobody waits for it. */
export function replaceMessage(world: World, changed: Message): World {
  const awaited = world.workers.some(
    (worker) => worker.id === changed.round.worker && worker.waitingFor === changed.round.sequence,
  );
  const network = world.network.flatMap((message) =>
    message.round !== changed.round ? [message] : changed.underway > 0 || awaited ? [changed] : [],
  );
  return { ...world, network };
}
