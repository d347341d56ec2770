import { deepStrictEqual, ok } from "node:assert/strict";
import type { AddOptions, Claim, Queue, Task } from "../../src/index.ts";
import { type Command, taskIds } from "./command.ts";
import { type ModelTask, QueueModel, toldForMs } from "./queue-model.ts";

/** Small limits, so that sixty commands reach them. */
export const modelOptions = {
  maxCrashes: 1,
  retention: { maxCount: 3, maxAgeMs: 60_000 },
  backoff: (retry: number): number => (retry - 1) * 1500,
} as const;

/** One claim as each broker gave it; the tokens differ, everything else must not. */
interface ModelClaim {
  readonly number: number;
  readonly id: string;
  readonly byBroker: readonly Claim[];
}

/** Runs commands against all brokers and the model at once, and fails at the first difference. */
export class ModelRun {
  readonly model: QueueModel = new QueueModel(modelOptions);
  readonly #queues: readonly Queue[];
  readonly #claims: ModelClaim[] = [];
  /** Highest token that each broker has issued, by task. */
  readonly #highest: Map<string, bigint>[];
  /**
   * Ids of tasks that were cancelled or purged while they waited. Redis leaves such an id in its line until its turn, so a
   * task that is added under it anew, once all else is forgotten, is claimed earlier there than in memory: none is added.
   */
  readonly #leftInLine = new Set<string>();
  now = 1_700_000_000_000;

  constructor(makeQueues: (now: () => number) => readonly Queue[]) {
    this.#queues = makeQueues(() => this.now);
    this.#highest = this.#queues.map(() => new Map());
  }

  async run(command: Exclude<Command, { do: "scriptFlush" | "replay" }>): Promise<void> {
    // Every command has a time of its own: what happens in one millisecond has no order to agree on.
    this.now += 1;
    const { model, now } = this;
    switch (command.do) {
      case "add":
      case "addMany": {
        const all = command.do === "add" ? [command] : command.tasks;
        const tasks = all.filter(({ id }) => model.tasks.has(id) || !this.#leftInLine.has(id));
        if (tasks.length === 0) return;
        const expected = tasks.map((task) => model.add(task, task.delayMs, now));
        const asked = tasks.map(newTask);
        const replies = await this.#all((queue) => queue.addMany(asked));
        return this.#expect(replies, expected);
      }
      case "claim": {
        const { worker, limit, ahead, leaseMs } = command;
        const rule = model.claimable(worker, { limit, ahead, leaseMs, now });
        const granted = await this.#all((queue) => queue.claim({ worker, limit, ahead, leaseMs }));
        return this.#granted(granted, worker, rule);
      }
      case "completeAndClaim": {
        const { worker } = command;
        const claim = this.#claim(command.claimIndex);
        if (claim === undefined) return;
        const expected = this.#complete(claim);
        const rule = model.claimable(worker, { limit: 1, ahead: 0, leaseMs: 4000, now });
        const replies = await this.#all((queue, broker) =>
          Promise.all([
            queue.complete(tokenOf(claim, broker), { by: claim.number }),
            queue.claim({ worker, leaseMs: 4000 }),
          ]),
        );
        this.#expect(
          replies.map(([settled]) => settled),
          expected,
        );
        return this.#granted(
          replies.map(([, granted]) => granted),
          worker,
          rule,
        );
      }
      case "complete": {
        const claim = this.#claim(command.claimIndex);
        if (claim === undefined) return;
        const expected = this.#complete(claim);
        const replies = await this.#all((queue, broker) =>
          queue.complete(tokenOf(claim, broker), { by: claim.number }),
        );
        return this.#expect(replies, expected);
      }
      case "fail": {
        const claim = this.#claim(command.claimIndex);
        if (claim === undefined) return;
        const { outcome, deadReason } = command;
        const verdict = model.settle(claim.id, claim.number, "fail");
        if (verdict === "apply") model.fail(this.#task(claim.id), outcome, deadReason, now);
        model.promote(now);
        const options = { outcome, ...(deadReason === undefined ? {} : { deadReason }) };
        const replies = await this.#all((queue, broker) =>
          queue.fail(tokenOf(claim, broker), new Error(`of ${claim.number}`), options),
        );
        return this.#expect(replies, settleReply(verdict));
      }
      case "release": {
        const claim = this.#claim(command.claimIndex);
        if (claim === undefined) return;
        const { delayMs } = command;
        const verdict = model.settle(claim.id, claim.number, "release");
        if (verdict === "apply") model.release(this.#task(claim.id), delayMs, now);
        model.promote(now);
        const replies = await this.#all((queue, broker) =>
          queue.release(tokenOf(claim, broker), { delayMs }),
        );
        return this.#expect(replies, settleReply(verdict));
      }
      case "progress": {
        const claim = this.#claim(command.claimIndex);
        if (claim === undefined) return;
        const holds = model.tasks.get(claim.id)?.holder === claim.number;
        const fraction = command.percent / 100;
        const replies = await this.#all((queue, broker) =>
          queue.progress(tokenOf(claim, broker), { fraction }),
        );
        return this.#expect(replies, holds ? "ok" : "lease-lost");
      }
      case "beat": {
        const { worker, leaseMs } = command;
        model.beat(worker, leaseMs, now);
        const replies = await this.#all((queue) => queue.beat({ worker, leaseMs }));
        const asked = model
          .heldBy(worker)
          .filter((task) => now - (task.cancelRequestedAt ?? Number.NEGATIVE_INFINITY) < toldForMs);
        for (const [broker, reply] of replies.entries()) {
          const told = this.#numbersOf(reply.cancelled, broker);
          for (const task of asked)
            ok(told.includes(task.holder ?? 0), `${task.id} must be told as cancelled`);
          for (const number of this.#numbersOf(reply.lost, broker)) {
            const claim = this.#claims.find((one) => one.number === number);
            ok(claim !== undefined && model.tasks.get(claim.id)?.holder !== number, "told as lost, but held");
          }
        }
        const told = replies.map((reply, broker) => ({
          lost: this.#numbersOf(reply.lost, broker),
          cancelled: this.#numbersOf(reply.cancelled, broker),
        }));
        return this.#expect(told, told[0]);
      }
      case "workerLost": {
        const expected = model.workerLost(command.worker, now);
        return this.#expect(await this.#all((queue) => queue.workerLost(command.worker, "killed")), expected);
      }
      case "workerLeft":
        model.workerLeft(command.worker);
        await this.#all((queue) => queue.workerLeft(command.worker));
        return;
      case "recover": {
        const { lost, timedOut, promoted } = model.recover(now);
        const replies = await this.#all((queue) => queue.recover());
        this.#expect(replies, replies[0]);
        return this.#expect(
          replies.map((reply) => ({ lost: reply.lost, timedOut: reply.timedOut, promoted: reply.promoted })),
          { lost, timedOut, promoted },
        );
      }
      case "advance":
        this.now += command.ms;
        return;
      case "cancel": {
        this.#noteLeftInLine(model.inState("pending").filter(({ id }) => id === command.id));
        const expected = model.cancel(command.id, now);
        return this.#expect(await this.#all((queue) => queue.cancel(command.id)), expected);
      }
      case "redrive":
        return this.#redrive(command);
      case "purge": {
        const { state, olderThanMs } = command;
        if (state === "pending") this.#noteLeftInLine(model.inState("pending"));
        const expected = model.purge(state, olderThanMs, now);
        return this.#expect(await this.#all((queue) => queue.purge(state, { olderThanMs })), expected);
      }
      case "pause":
      case "resume":
        model.paused = command.do === "pause";
        await this.#all((queue) => queue[command.do]());
        return;
      default:
        return unknownCommand(command);
    }
  }

  /** Every task, count and total is the same in all brokers, and what the model says. */
  async compare(): Promise<void> {
    for (const id of taskIds) {
      const found = await this.#all((queue) => queue.get(id));
      for (const task of found)
        deepStrictEqual(withoutStack(task), withoutStack(found[0]), `task ${id} differs`);
      this.#compareTask(id, found[0]);
    }
    const counts = await this.#all((queue) => queue.counts());
    for (const one of counts) {
      deepStrictEqual(one, counts[0]);
      for (const [state, count] of Object.entries(one)) {
        const inState = [...this.model.tasks.values()].filter((task) => task.state === state).length;
        deepStrictEqual(count, inState, `${state} counted`);
      }
    }
  }

  async clear(): Promise<void> {
    await this.#all((queue) => queue.clear());
  }

  async close(): Promise<void> {
    await this.#all((queue) => queue.close());
  }

  async #redrive(command: Extract<Command, { do: "redrive" }>): Promise<void> {
    const { which, ratePerSecond } = command;
    const options = ratePerSecond === undefined ? {} : { ratePerSecond };
    const dead = this.model.ended("dead");
    const chosen =
      which === "all"
        ? dead.map((task) => task.id)
        : Array.isArray(which)
          ? [...new Set(which)]
          : dead.filter((task) => task.deadReason === which.reason).map((task) => task.id);
    // A rate spreads what is asked for, whether or not it turns out to be dead.
    const moved = chosen.filter((id, index) =>
      this.model.redrive(id, ratePerSecond === undefined ? 0 : (index * 1000) / ratePerSecond, this.now),
    );
    this.#expect(await this.#all((queue) => queue.redrive(which, options)), moved.length);
  }

  #granted(
    byBroker: readonly (readonly Claim[])[],
    worker: string,
    rule: ReturnType<QueueModel["claimable"]>,
  ): void {
    const [first = []] = byBroker;
    for (const claims of byBroker) deepStrictEqual(claims.map(withoutToken), first.map(withoutToken));
    ok(
      first.length >= rule.least && first.length <= rule.most,
      `${first.length} tasks claimed; ${rule.least} to ${rule.most} were claimable`,
    );
    for (const [index, claim] of first.entries()) {
      const task = this.#task(claim.id);
      deepStrictEqual(task.state, "pending", `${claim.id} was claimed`);
      deepStrictEqual(claim.solo, rule.solo, `${claim.id} solo`);
      deepStrictEqual(task.crashes > 0, rule.solo, `${claim.id} must ${rule.solo ? "" : "not "}run alone`);
      const number = this.model.claimed(task, worker, claim.solo, this.now);
      deepStrictEqual(claim.attempt, task.attempt, `attempt of ${claim.id}`);
      const same = byBroker.map((claims) => claims[index]).filter((one) => one !== undefined);
      for (const [broker, one] of same.entries()) this.#noteToken(broker, one);
      this.#claims.push({ number, id: claim.id, byBroker: same });
    }
  }

  #noteLeftInLine(tasks: readonly ModelTask[]): void {
    for (const { id } of tasks) this.#leftInLine.add(id);
  }

  /** I3: a task's tokens only grow. */
  #noteToken(broker: number, claim: Claim): void {
    const highest = this.#highest[broker];
    const token = BigInt(claim.token);
    const before = highest?.get(claim.id) ?? -1n;
    ok(token > before, `token ${token} of ${claim.id} does not exceed ${before}`);
    highest?.set(claim.id, token);
  }

  #complete(claim: ModelClaim): "ok" | "lease-lost" {
    const verdict = this.model.settle(claim.id, claim.number, "complete");
    if (verdict === "apply") this.model.complete(this.#task(claim.id), { by: claim.number }, this.now);
    this.model.promote(this.now);
    return settleReply(verdict);
  }

  #compareTask(id: string, found: Task | undefined): void {
    const task = this.model.tasks.get(id);
    const expected = task && {
      state: task.state,
      priority: task.priority,
      attempt: task.attempt,
      crashes: task.crashes,
      maxRetries: task.maxRetries,
      deadReason: task.deadReason,
      // I2: the one accepted result stays.
      result: task.result,
      addedAt: task.addedAt,
      finishedAt: task.finishedAt,
      dueAt: task.state === "scheduled" ? task.dueAt : undefined,
    };
    const seen = found && {
      state: found.state,
      priority: found.priority,
      attempt: found.attempt,
      crashes: found.crashes,
      maxRetries: found.maxRetries,
      deadReason: found.deadReason,
      result: found.result,
      addedAt: found.addedAt,
      finishedAt: found.finishedAt,
      dueAt: found.dueAt,
    };
    deepStrictEqual(seen, expected, `task ${id} is not as the rules say`);
  }

  #all<T>(call: (queue: Queue, broker: number) => Promise<T>): Promise<T[]> {
    return Promise.all(this.#queues.map((queue, broker) => call(queue, broker)));
  }

  #expect<T>(replies: readonly T[], expected: T | undefined): void {
    for (const [broker, reply] of replies.entries()) {
      deepStrictEqual(reply, expected, `reply of the ${this.#queues[broker]?.backend} broker`);
    }
  }

  #claim(index: number): ModelClaim | undefined {
    return this.#claims.at(-1 - index);
  }

  #task(id: string): NonNullable<ReturnType<QueueModel["tasks"]["get"]>> {
    const task = this.model.tasks.get(id);
    ok(task !== undefined, `the rules know no task ${id}`);
    return task;
  }

  /** Tokens as numbers of claims, so that brokers can be compared; sorted. */
  #numbersOf(
    references: readonly { readonly id: string; readonly token: string }[],
    broker: number,
  ): number[] {
    return references
      .map(({ id, token }) => {
        const claim = this.#claims.find((one) => one.id === id && one.byBroker[broker]?.token === token);
        ok(claim !== undefined, `told about a claim of ${id} that was never given`);
        return claim.number;
      })
      .sort((a, b) => a - b);
  }
}

function tokenOf(claim: ModelClaim, broker: number): Claim {
  const own = claim.byBroker[broker];
  if (own === undefined) throw new Error(`Broker ${broker} did not give claim ${claim.number}.`);
  return own;
}

function settleReply(verdict: ReturnType<QueueModel["settle"]>): "ok" | "lease-lost" {
  return verdict === "refuse" ? "lease-lost" : "ok";
}

function newTask(add: Extract<Command, { do: "add" }>): { payload: unknown } & AddOptions {
  const { id, delayMs, priority, maxRetries, timeoutMs, dedupe } = add;
  const options = { id, delayMs, priority, maxRetries, timeoutMs };
  return { payload: { of: id }, ...options, ...(dedupe === undefined ? {} : { dedupe }) };
}

function withoutToken(claim: Claim): Claim {
  return { ...claim, token: "" };
}

/** Stacks name the place in the test, which is the same for all brokers but not of interest. */
function withoutStack(task: Task | undefined): unknown {
  return JSON.parse(
    JSON.stringify(task ?? null, (key, value: unknown) => (key === "stack" ? undefined : value)),
  );
}

function unknownCommand(command: never): never {
  throw new Error(`Unknown command ${JSON.stringify(command)}.`);
}
