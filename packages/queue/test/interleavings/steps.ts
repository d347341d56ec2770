import type { Settlement } from "../../src/broker.ts";
import type { Round } from "../../src/redis/round.ts";
import { type Message, replaceMessage, replaceWorker, type WorkerState, type World } from "./world.ts";

export const leaseMs = 4000;
const lapseMs = leaseMs + 1;

export type Call =
  | { readonly kind: "round"; readonly round: Round }
  | { readonly kind: "beat"; readonly worker: string }
  | { readonly kind: "recover" };

/** One thing that can happen next: to the surroundings of Redis alone, or a call that Redis executes. */
export type Step =
  | { readonly name: string; readonly to: World }
  | {
      readonly name: string;
      readonly from: World;
      readonly execute: Call;
      /** The reply reaches the worker that waits for it; otherwise it is lost, or nobody waits for it. */
      readonly delivered: boolean;
    };

/** Everything that can happen next in this world. */
export function stepsFrom(world: World): Step[] {
  return [
    ...world.workers.flatMap((worker) => stepsOfWorker(world, worker)),
    ...world.network.flatMap((message) => arrivals(world, message)),
    ...stepsOfSurroundings(world),
  ];
}

function stepsOfWorker(world: World, worker: WorkerState): Step[] {
  return [...roundsOf(world, worker), ...asidesOf(world, worker)];
}

function roundsOf(world: World, worker: WorkerState): Step[] {
  const waiting = world.network.find(
    ({ round }) => round.worker === worker.id && round.sequence === worker.waitingFor,
  );
  if (waiting !== undefined) return [...resends(world, waiting), ...givesUp(world, worker, waiting)];
  if (worker.sequence >= world.budget.rounds) return [];
  if (worker.unsettled.length > 0) return [begin(world, worker, [], 1)];
  const [first, second] = worker.holds;
  if (first === undefined) return [begin(world, worker, [], 1), begin(world, worker, [], 2)];
  const complete = { kind: "complete", ...first, worker: worker.id, result: first.token } as const;
  const steps = [begin(world, worker, [complete], 0), begin(world, worker, [complete], 1)];
  if (second !== undefined) {
    steps.push(begin(world, worker, [complete, { ...complete, ...second, result: second.token }], 0));
  }
  const { budget } = world;
  if (budget.failures > 0) {
    const fail = {
      kind: "fail",
      ...first,
      worker: worker.id,
      outcome: "failed",
      error: "{}",
      deadReason: undefined,
      delayMs: 0,
    } as const;
    steps.push(begin({ ...world, budget: { ...budget, failures: budget.failures - 1 } }, worker, [fail], 1));
  }
  if (budget.releases > 0) {
    const release = { kind: "release", ...first, worker: worker.id, delayMs: 0 } as const;
    steps.push(
      begin({ ...world, budget: { ...budget, releases: budget.releases - 1 } }, worker, [release], 1),
    );
  }
  return steps;
}

/** Completes of a busy worker need no turn: they go out at once, beside the round under way, and perhaps twice. */
function asidesOf(world: World, worker: WorkerState): Step[] {
  const [held, ...holds] = worker.holds;
  const { budget } = world;
  if (held === undefined || budget.asides === 0) return [];
  const settlements = [{ kind: "complete", ...held, worker: worker.id, result: held.token } as const];
  const round: Round = { ...emptyRound(worker), sequence: 0, arrived: 0, settlements };
  const aside = (copies: number, resends: number): Step => ({
    name: `${worker.id} sends complete ${held.id} aside${copies === 1 ? "" : ", twice"}`,
    to: {
      ...replaceWorker(world, { ...worker, holds }),
      budget: { ...budget, asides: budget.asides - 1, resends },
      network: [...world.network, { round, underway: copies, sent: copies }],
    },
  });
  return [aside(1, budget.resends), ...(budget.resends > 0 ? [aside(2, budget.resends - 1)] : [])];
}

function emptyRound(worker: WorkerState): Round {
  return {
    worker: worker.id,
    session: `session-of-${worker.id}`,
    sequence: worker.sequence,
    arrived: worker.arrived,
    ahead: 0,
    limit: 0,
    callers: 0,
    leaseMs,
    waitMs: 0,
    wasIdle: false,
    maxCount: 1000,
    settlements: [],
  };
}

function begin(world: World, worker: WorkerState, settlements: readonly Settlement[], limit: number): Step {
  const sequence = worker.sequence + 1;
  // A round tells its completes first.
  const all = [...worker.unsettled, ...settlements].sort(
    (a, b) => Number(b.kind === "complete") - Number(a.kind === "complete"),
  );
  const settled = new Set(all.map((settlement) => settlement.token + settlement.id));
  const round = {
    ...emptyRound(worker),
    sequence,
    limit,
    callers: limit === 0 ? 0 : 1,
    settlements: all,
  };
  const holds = worker.holds.filter(({ token, id }) => !settled.has(token + id));
  const sender = { ...worker, sequence, waitingFor: sequence, holds, unsettled: [] };
  const what = all.map((one) => `${one.kind} ${one.id}`).join(", ");
  return {
    name: `${worker.id} begins round ${sequence}: ${what === "" ? "" : `${what}, `}claim ${limit}`,
    to: {
      ...replaceWorker(world, sender),
      network: [...world.network, { round, underway: 1, sent: 1 }],
    },
  };
}

/** The reply stays away, so the client sends the call again, whether or not the first one has arrived. */
function resends(world: World, message: Message): Step[] {
  if (message.sent > 1 || world.budget.resends === 0) return [];
  const again = { ...message, underway: message.underway + 1, sent: message.sent + 1 };
  const spent = { ...world, budget: { ...world.budget, resends: world.budget.resends - 1 } };
  return [{ name: `again: ${nameOf(message)}`, to: replaceMessage(spent, again) }];
}

/** Its deadline has passed: the worker goes on without the reply, and a copy may still be under way. */
function givesUp(world: World, worker: WorkerState, message: Message): Step[] {
  if (world.budget.giveUps === 0) return [];
  const spent = { ...world, budget: { ...world.budget, giveUps: world.budget.giveUps - 1 } };
  const sender = { ...worker, waitingFor: undefined, unsettled: message.round.settlements };
  return [
    {
      name: `${worker.id} gives up ${nameOf(message)}`,
      to: replaceMessage(replaceWorker(spent, sender), message),
    },
  ];
}

function arrivals(world: World, message: Message): Step[] {
  if (message.underway === 0) return [];
  const from = replaceMessage(world, { ...message, underway: message.underway - 1 });
  const awaited = world.workers.some(
    ({ id, waitingFor }) => id === message.round.worker && waitingFor === message.round.sequence,
  );
  const arrive = (delivered: boolean, how: string): Step => ({
    name: `${nameOf(message)} arrives${how}`,
    from,
    execute: { kind: "round", round: message.round },
    delivered,
  });
  if (!awaited) return [arrive(false, " late")];
  // A reply can only be lost where something follows: another copy, a resend, or the sender's giving up.
  const { resends: again, giveUps } = world.budget;
  const follows = message.underway > 1 || giveUps > 0 || (message.sent === 1 && again > 0);
  return [arrive(true, ""), ...(follows ? [arrive(false, ", its reply is lost")] : [])];
}

function stepsOfSurroundings(world: World): Step[] {
  const { budget } = world;
  const steps: Step[] = [];
  if (budget.lapses > 0) {
    const spent = { ...budget, lapses: budget.lapses - 1 };
    steps.push({ name: "more than a lease passes", to: { ...world, at: world.at + lapseMs, budget: spent } });
  }
  if (budget.recoveries > 0) {
    const from = { ...world, budget: { ...budget, recoveries: budget.recoveries - 1 } };
    steps.push({ name: "somebody recovers", from, execute: { kind: "recover" }, delivered: false });
  }
  if (budget.beats > 0) {
    const from = { ...world, budget: { ...budget, beats: budget.beats - 1 } };
    for (const { id } of world.workers) {
      steps.push({ name: `${id} beats`, from, execute: { kind: "beat", worker: id }, delivered: false });
    }
  }
  return steps;
}

function nameOf({ round }: Message): string {
  return `round ${round.sequence} of ${round.worker}`;
}
