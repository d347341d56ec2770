import { randomBytes } from "node:crypto";
import { SECOND } from "@imgq/core";
import type { ClaimRequest, Grant, Settlement } from "../broker.ts";
import type { ResolvedQueueOptions } from "../options.ts";
import type { SettleReply } from "../queue.ts";
import { readRefused, readRound, roundArguments, settleArguments } from "./round.ts";
import type { ScriptRunner } from "./script-runner.ts";
import { scripts } from "./scripts.ts";
import { WakeListener } from "./wake-listener.ts";

/** Keeps a round to a few milliseconds of Redis' time. */
const MAX_SETTLES = 500;
/** From so many settles on, they go in a call of their own: Redis works on them while the tasks it has just granted begin here. */
const SETTLES_APART = 16;
const MAX_TAKEN = 1000;
/** Longest sleep of an idle worker: what a lost wake-up can cost. */
const MAX_BLOCK_MS: number = 5 * SECOND;

interface PendingSettle {
  readonly settlement: Settlement;
  readonly resolve: (reply: SettleReply) => void;
  readonly reject: (error: unknown) => void;
}

interface WaitingClaim {
  readonly request: ClaimRequest;
  /** When it stops waiting, by the monotonic clock. */
  readonly until: number;
  /** What it has been given. */
  readonly share: Grant[];
  readonly finish: (grants: Grant[]) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * All that one worker says to the queue, in rounds: what it settled and what it wants next go in one script call, and while
 * that is under way the next round gathers. One round at a time, numbered, so that Redis can tell a round that was sent
 * again from a new one and a reply that was lost from one that arrived.
 */
export class WorkerLane {
  readonly #worker: string;
  readonly #runner: ScriptRunner;
  readonly #options: ResolvedQueueOptions;
  readonly #listener: WakeListener;
  readonly #session = randomBytes(6).toString("hex");
  #settles: PendingSettle[] = [];
  /** When the oldest of them was called for, by the monotonic clock. */
  #settlesSince = 0;
  #claims: WaitingClaim[] = [];
  #sequence = 0;
  #arrived = 0;
  #flushing = false;
  /** Whether settles are under way in a call of their own. */
  #settling = false;
  #due = false;
  /** Whether Redis may have this worker among the idle ones. */
  #idle = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(worker: string, runner: ScriptRunner, options: ResolvedQueueOptions) {
    this.#worker = worker;
    this.#runner = runner;
    this.#options = options;
    this.#listener = new WakeListener(runner, worker, options.log);
  }

  settle(settlement: Settlement): Promise<SettleReply> {
    return new Promise((resolve, reject) => {
      if (this.#settles.length === 0) this.#settlesSince = performance.now();
      this.#settles.push({ settlement, resolve, reject });
      if (this.#settles.length === SETTLES_APART) process.nextTick(() => this.#settleApart());
      this.#flushSoon();
    });
  }

  claim(request: ClaimRequest): Promise<Grant[]> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => this.#flushSoon();
      const ended = (): void => request.signal?.removeEventListener("abort", onAbort);
      request.signal?.addEventListener("abort", onAbort, { once: true });
      this.#claims.push({
        request,
        until: performance.now() + request.waitMs,
        share: [],
        finish: (grants) => {
          ended();
          resolve(grants);
        },
        fail: (error) => {
          ended();
          reject(error);
        },
      });
      this.#flushSoon();
    });
  }

  reconnect(reason: string): void {
    this.#listener.reconnect(reason);
  }

  /** Rejects what is under way, through the closed connection. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#listener.close();
    // Claims that sleep have no call under way that would end them.
    if (this.#claims.length > 0) this.#flushSoon();
  }

  /** After all promise callbacks of this turn, so that what they settle and claim goes in the same round. */
  #flushSoon(): void {
    if (this.#due) return;
    this.#due = true;
    if (!this.#flushing) process.nextTick(() => void this.#flush());
  }

  async #flush(): Promise<void> {
    this.#due = false;
    // They may have gone in a call of their own meanwhile.
    if (this.#claims.length === 0 && this.#settles.length === 0) return;
    this.#flushing = true;
    clearTimeout(this.#timer);
    const claims = this.#claims;
    this.#claims = [];
    const apart = claims.length > 0 && this.#settles.length >= SETTLES_APART;
    const round = this.#round(apart ? [] : this.#takeSettles(), claims);
    if (apart) this.#settleApart();
    else if (this.#settles.length > 0) this.#due = true;
    await round;
    this.#flushing = false;
    if (this.#due) process.nextTick(() => void this.#flush());
  }

  /**
   * Settles are known by their tokens, so this needs no number and no turn beside the rounds. But one at a time: what Redis
   * reads together it answers together, and a second of these would keep back the claim before it.
   */
  #settleApart(): void {
    if (this.#settling || this.#settles.length < SETTLES_APART) return;
    this.#settling = true;
    void this.#sendApart(this.#takeSettles());
  }

  async #sendApart(settles: readonly PendingSettle[]): Promise<void> {
    try {
      const args = settleArguments({
        worker: this.#worker,
        maxCount: this.#options.retention.maxCount,
        settlements: settles.map((settle) => settle.settlement),
      });
      answer(settles, readRefused(await this.#runner.run(scripts.settle, args, this.#deadlineMs(settles))));
    } catch (error) {
      for (const settle of settles) settle.reject(error);
    }
    this.#settling = false;
    this.#settleApart();
    // What was settled may be what a waiting claim waits for: another attempt, or a task that must run alone.
    if (this.#settles.length > 0 || (this.#claims.length > 0 && !this.#flushing)) this.#flushSoon();
  }

  #takeSettles(): readonly PendingSettle[] {
    return completesFirst(this.#settles.splice(0, MAX_SETTLES));
  }

  async #round(settles: readonly PendingSettle[], claims: readonly WaitingClaim[]): Promise<void> {
    const now = performance.now();
    const open = claims.filter((claim) => claim.request.signal?.aborted !== true);
    const patient = open.filter((claim) => claim.until > now);
    const waitMs = Math.min(MAX_BLOCK_MS, Math.max(0, ...patient.map((claim) => claim.until - now)));
    this.#sequence += 1;
    if (patient.length > 0) this.#idle = true;
    try {
      const args = roundArguments({
        worker: this.#worker,
        session: this.#session,
        sequence: this.#sequence,
        arrived: this.#arrived,
        limit: Math.min(
          MAX_TAKEN,
          open.reduce((sum, claim) => sum + claim.request.limit, 0),
        ),
        ahead: Math.min(
          MAX_TAKEN,
          open.reduce((sum, claim) => sum + claim.request.ahead, 0),
        ),
        callers: open.length,
        leaseMs: claims[0]?.request.leaseMs ?? this.#options.leaseMs,
        waitMs: Math.ceil(waitMs),
        wasIdle: this.#idle,
        maxCount: this.#options.retention.maxCount,
        settlements: settles.map((settle) => settle.settlement),
      });
      const reply = await this.#runner.run(scripts.cycle, args, this.#deadlineMs(settles));
      this.#arrived = this.#sequence;
      if (patient.length === 0) this.#idle = false;
      const outcome = readRound(reply);
      answer(settles, outcome.refused);
      this.#hand(outcome.grants, claims, open);
      this.#rest(outcome.nextDueMs);
    } catch (error) {
      for (const settle of settles) settle.reject(error);
      for (const claim of claims) claim.fail(error);
    }
  }

  /** Gives each caller one task before any gets a second, then as many as it asked for; who got none goes on waiting. */
  #hand(grants: readonly Grant[], claims: readonly WaitingClaim[], open: readonly WaitingClaim[]): void {
    let next = 0;
    for (const { share } of open) {
      const grant = grants[next];
      if (grant === undefined) break;
      next += 1;
      share.push(grant);
    }
    for (const { share, request } of open) {
      const more = grants.slice(next, next + request.limit + request.ahead - share.length);
      next += more.length;
      share.push(...more);
    }
    const now = performance.now();
    for (const claim of claims) {
      const { share, until, request } = claim;
      if (share.length > 0 || until <= now || request.signal?.aborted === true) claim.finish(share);
      else this.#claims.push(claim);
    }
    // Granted in a round whose reply was lost, to callers that have given up since.
    for (const grant of grants.slice(next)) this.#giveBack(grant);
  }

  #giveBack(grant: Grant): void {
    const { id, token } = grant;
    this.settle({ kind: "release", id, token, worker: this.#worker, delayMs: 0 }).catch((error: unknown) =>
      this.#options.log.warn("Task could not be given back", { taskId: id, error }),
    );
  }

  /** Sleeps until woken, until the next task is due, or until a caller has waited long enough. */
  #rest(nextDueMs: number | undefined): void {
    if (this.#claims.length === 0 || this.#due) return;
    const now = performance.now();
    const leftMs = Math.min(...this.#claims.map((claim) => claim.until - now));
    const sleepMs = Math.min(MAX_BLOCK_MS, leftMs, nextDueMs ?? MAX_BLOCK_MS);
    this.#timer = setTimeout(() => this.#flushSoon(), Math.max(1, sleepMs));
    this.#listener.listen(MAX_BLOCK_MS, () => this.#flushSoon());
  }

  /** What is left of the time its oldest settle may take: one that gathered during a slow round does not wait twice. */
  #deadlineMs(settles: readonly PendingSettle[]): number {
    const { deadlineMs } = this.#options;
    if (settles.length === 0) return deadlineMs;
    return Math.max(deadlineMs / 2, deadlineMs - (performance.now() - this.#settlesSince));
  }
}

function answer(settles: readonly PendingSettle[], refused: ReadonlySet<number>): void {
  let position = 0;
  for (const settle of settles) {
    position += 1;
    settle.resolve(refused.has(position) ? "lease-lost" : "ok");
  }
}

function completesFirst(settles: readonly PendingSettle[]): readonly PendingSettle[] {
  const isComplete = (settle: PendingSettle): boolean => settle.settlement.kind === "complete";
  if (settles.every(isComplete)) return settles;
  return [...settles.filter(isComplete), ...settles.filter((settle) => !isComplete(settle))];
}
