import type { Task, TaskState } from "@imgq/queue";
import { describe, expect, it } from "vitest";
import { checkHistory, type Expectations, type FinalState, type Verdict } from "./check-history.ts";
import type { Happening, HistoryEvent } from "./history-event.ts";

/** Gives each happening the next second, in process 1 unless it says otherwise. */
function history(
  ...happenings: readonly (Happening & { readonly at?: number; readonly pid?: number })[]
): HistoryEvent[] {
  return happenings.map((happening, index) => ({ at: index * 1000, pid: 1, ...happening }));
}

const add = (id: string): Happening[] => [
  { kind: "add", phase: "invoked", id },
  { kind: "add", phase: "acknowledged", id },
];
const run = (phase: "started" | "returned" | "threw", token: string, attempt = 1): Happening => ({
  kind: "run",
  phase,
  id: "a",
  attempt,
  worker: `worker-of-${token}`,
  token,
});
const settle = (
  how: "complete" | "fail" | "release",
  token: string,
  reply = "ok",
  attempt = 1,
): Happening => ({
  kind: "settle",
  how,
  reply,
  id: "a",
  attempt,
  worker: `worker-of-${token}`,
  token,
});

function task(id: string, state: TaskState): Task {
  return {
    id,
    queue: "q",
    state,
    payload: {},
    priority: "normal",
    attempt: 1,
    maxRetries: 3,
    crashes: 0,
    timeoutMs: 1000,
    addedAt: 0,
    attempts: [],
    ...(state === "dead" ? { deadReason: "exhausted" as const } : {}),
  };
}

function final(...tasks: readonly Task[]): FinalState {
  const count = (state: TaskState): number => tasks.filter((one) => one.state === state).length;
  return {
    tasks: new Map(tasks.map((one) => [one.id, one])),
    keys: ["imgq:{q}:task:a"],
    counts: {
      scheduled: count("scheduled"),
      pending: count("pending"),
      processing: count("processing"),
      completed: count("completed"),
      dead: count("dead"),
      cancelled: count("cancelled"),
    },
  };
}

const broken = (verdict: Verdict): string[] => verdict.violations.map(({ invariant }) => invariant);
const judge = (events: HistoryEvent[], end: FinalState, expectations?: Expectations): string[] =>
  broken(checkHistory(events, end, expectations));

const clean = history(...add("a"), run("started", "1"), run("returned", "1"), settle("complete", "1"));

describe("the checker", () => {
  it("finds alerts that ring in vain, more than once, or for ever (I11)", () => {
    const ring = (phase: "fired" | "cleared", rule = "all-workers-dead"): Happening => ({
      kind: "alert",
      phase,
      rule,
      subject: "chaos",
    });
    const judged = (...alerts: Happening[]): string[] =>
      broken(checkHistory(history(...alerts), final(), { alerts: ["all-workers-dead"] }));
    expect(judged(ring("fired"), ring("cleared"))).toEqual([]);
    expect(judged()).toEqual(["I11"]);
    expect(judged(ring("fired"))).toEqual(["I11"]);
    expect(judged(ring("fired"), ring("cleared"), ring("fired"), ring("cleared"))).toEqual(["I11"]);
    expect(judged(ring("fired"), ring("cleared"), ring("fired", "redis-down"))).toEqual(["I11"]);
  });

  it("finds nothing wrong with a task that was added, run and completed once", () => {
    const verdict = checkHistory(clean, final(task("a", "completed")));
    expect(verdict.violations).toEqual([]);
    expect(verdict).toMatchObject({ attempts: 1, acknowledged: 1, executions: 1, lost: [], duplicated: [] });
  });

  it("calls an acknowledged task that is gone, or still waiting, lost", () => {
    expect(judge(clean, final())).toEqual(["I1"]);
    expect(judge(clean, final(task("a", "pending")))).toEqual(["I1", "I1"]);
    expect(judge(clean, final(), { lossAllowed: true })).toEqual([]);
  });

  it("calls a task that nobody added unexpected, and one whose add failed but was stored recovered", () => {
    const events = history(
      { kind: "add", phase: "invoked", id: "a" },
      { kind: "add", phase: "failed", id: "a", error: "IMGQ_REDIS_TIMEOUT" },
    );
    const verdict = checkHistory(events, final(task("a", "completed"), task("ghost", "completed")));
    expect(verdict.recovered).toEqual(["a"]);
    expect(verdict.unexpected).toEqual(["ghost"]);
    expect(broken(verdict)).toEqual(["I1"]);
  });

  it("does not accept two results of one task, nor one by a token that was replaced", () => {
    const events = history(
      ...add("a"),
      { kind: "fault", phase: "began", name: "freeze-worker" },
      run("started", "1"),
      { kind: "fault", phase: "ended", name: "freeze-worker" },
      run("started", "2"),
      settle("complete", "2"),
      settle("complete", "1"),
    );
    expect(judge(events, final(task("a", "completed")))).toEqual(["I2", "I3"]);
    const refused = events.with(-1, { at: 9000, pid: 1, ...settle("complete", "1", "lease-lost") });
    const verdict = checkHistory(refused, final(task("a", "completed")));
    expect(broken(verdict)).toEqual([]);
    expect(verdict.refused).toBe(1);
  });

  it("wants exactly the expected dead", () => {
    const dead = final(task("a", "dead"));
    expect(judge(clean, dead)).toEqual(["I5"]);
    expect(judge(clean, dead, { dead: new Map([["a", "exhausted"]]) })).toEqual([]);
    expect(judge(clean, dead, { dead: new Map([["a", "crash-loop"]]) })).toEqual(["I5"]);
    expect(judge(clean, final(task("a", "completed")), { dead: new Map([["a", "exhausted"]]) })).toEqual([
      "I5",
    ]);
  });

  it("wants no undocumented keys", () => {
    expect(judge(clean, final(task("a", "completed")), { keyAllowed: () => false })).toEqual(["I6"]);
  });

  it("measures from a kill to the next start elsewhere, and holds it to the bound", () => {
    const killedAfter = (ms: number): HistoryEvent[] =>
      history(
        ...add("a"),
        run("started", "1"),
        { kind: "fault", phase: "began", name: "kill-worker", target: 1 },
        { ...run("started", "2"), pid: 2, at: 3000 + ms },
        { ...settle("complete", "2"), pid: 2, at: 20_000 },
      );
    const end = final(task("a", "completed"));
    expect(checkHistory(killedAfter(2000), end).recoveries).toEqual([{ id: "a", worker: 1, afterMs: 2000 }]);
    expect(judge(killedAfter(2000), end, { recoveryWithinMs: 5000 })).toEqual([]);
    expect(judge(killedAfter(6000), end, { recoveryWithinMs: 5000 })).toEqual(["I7"]);
  });

  it("wants every execution explained", () => {
    const twice = history(...add("a"), run("started", "1"), run("started", "2"), settle("complete", "2"));
    expect(judge(twice, final(task("a", "completed")))).toEqual(["I8"]);
    expect(judge(twice, final(task("a", "completed")), { extraExecutions: 1 })).toEqual([]);
  });

  it("wants the backoff between a failure and the retry", () => {
    const retried = history(
      ...add("a"),
      run("started", "1"),
      run("threw", "1"),
      settle("fail", "1"),
      run("started", "2", 2),
      settle("complete", "2", "ok", 2),
    );
    const within = (minimumMs: number, maximumMs: number): string[] =>
      judge(retried, final(task("a", "completed")), { retryGap: () => ({ minimumMs, maximumMs }) });
    expect(within(1500, 2500)).toEqual([]);
    expect(within(3000, 4000)).toEqual(["I9"]);
    expect(within(0, 100)).toEqual(["I9"]);
  });

  it("wants a released task to run again as the same attempt", () => {
    const again = (attempt: number): HistoryEvent[] =>
      history(...add("a"), run("started", "1"), settle("release", "1"), run("started", "2", attempt));
    const expectations = { extraExecutions: 1 };
    expect(judge(again(1), final(task("a", "completed")), expectations)).toEqual([]);
    expect(judge(again(2), final(task("a", "completed")), expectations)).toEqual(["I10"]);
  });

  it("wants every promise settled, except those of killed processes", () => {
    const unanswered: Happening = { kind: "add", phase: "invoked", id: "a" };
    const end = final(task("a", "completed"));
    expect(judge(history(unanswered), end)).toEqual(["I12"]);
    expect(
      judge(history(unanswered, { kind: "exit", target: 1, code: null, signal: "SIGKILL" }), end),
    ).toEqual([]);
    expect(judge(history(...clean, { kind: "unhandled", error: "boom" }), end)).toEqual(["I12"]);
  });
});
