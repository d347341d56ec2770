import { describe, expect, it } from "vitest";
import { RetryLaterError, UnrecoverableError } from "./errors.ts";
import { classifyFailure } from "./failure.ts";
import { boundOf, bucketOf, histogramOf, percentilesOf } from "./histogram.ts";
import { afterBeat, mayCountOut, noBeats } from "./outage.ts";
import { decodeJson, dedupeKeyOf } from "./payload.ts";
import { nextPriority, type Passes } from "./priority-rounds.ts";
import { verdictOfFailure, verdictOfLoss } from "./verdict.ts";

describe("what an error means", () => {
  it("is told by its shape, so that another copy of the class will do", () => {
    expect(classifyFailure(new Error("x"))).toMatchObject({ kind: "retry", outcome: "failed" });
    expect(classifyFailure(new UnrecoverableError("x"))).toMatchObject({
      kind: "dead",
      reason: "unrecoverable",
    });
    expect(classifyFailure({ code: "IMGQ_INVALID_IMAGE" })).toMatchObject({
      kind: "dead",
      reason: "invalid-input",
    });
    expect(classifyFailure({ deadReason: "crash-loop" })).toMatchObject({
      kind: "dead",
      reason: "crash-loop",
    });
    expect(classifyFailure({ deadReason: "boredom" })).toMatchObject({ kind: "retry" });
    expect(classifyFailure(new RetryLaterError({ delayMs: 5 }))).toEqual({ kind: "later", delayMs: 5 });
    expect(classifyFailure({ code: "IMGQ_RETRY_LATER", delayMs: "soon" })).toEqual({
      kind: "later",
      delayMs: 0,
    });
  });

  it("is overruled by what the worker says", () => {
    const said = classifyFailure(new RetryLaterError({ delayMs: 5 }), { deadReason: "cancelled" });
    expect(said).toMatchObject({ kind: "dead", reason: "cancelled" });
    expect(classifyFailure(undefined, { outcome: "timeout" })).toMatchObject({
      kind: "retry",
      outcome: "timeout",
    });
  });
});

describe("a verdict", () => {
  const task = { attempt: 1, crashes: 0, maxRetries: 1, cancelRequested: false };

  it("gives as many retries as allowed, crashes aside", () => {
    expect(verdictOfFailure(task, "failed", undefined)).toEqual({ to: "again" });
    expect(verdictOfFailure({ ...task, attempt: 2 }, "failed", undefined)).toEqual({
      to: "dead",
      reason: "exhausted",
    });
    expect(verdictOfFailure({ ...task, attempt: 2 }, "timeout", undefined)).toEqual({
      to: "dead",
      reason: "timeout",
    });
    expect(verdictOfFailure({ ...task, attempt: 2, crashes: 1 }, "failed", undefined)).toEqual({
      to: "again",
    });
  });

  it("lets a cancellation win", () => {
    const cancelled = { ...task, cancelRequested: true };
    expect(verdictOfFailure(cancelled, "failed", "unrecoverable")).toEqual({ to: "cancelled" });
    expect(verdictOfLoss({ ...cancelled, crashes: 9 }, 2)).toEqual({ to: "cancelled" });
  });

  it("ends a crash loop beyond its limit", () => {
    expect(verdictOfLoss({ ...task, crashes: 2 }, 2)).toEqual({ to: "again" });
    expect(verdictOfLoss({ ...task, crashes: 3 }, 2)).toEqual({ to: "dead", reason: "crash-loop" });
  });
});

describe("turns of priorities", () => {
  it("starve nobody while every line is full", () => {
    const passes: Passes = { high: 0, normal: 0, low: 0 };
    const turns = Array.from({ length: 1000 }, () => nextPriority(() => true, passes));
    const share = (priority: string): number => turns.filter((turn) => turn === priority).length;
    expect(share("low")).toBeGreaterThan(20);
    expect(share("normal")).toBeGreaterThan(share("low"));
    expect(share("high")).toBeGreaterThan(800);
    expect(turns.slice(0, 8).every((turn) => turn === "high")).toBe(true);
    expect(nextPriority(() => false, passes)).toBeUndefined();
  });
});

describe("an outage", () => {
  it("is a silence of all beats longer than a lease, and ends one lease after the first", () => {
    expect(mayCountOut(noBeats, 1e12)).toBe(true);
    let beats = afterBeat(noBeats, 1000, 100);
    expect(mayCountOut(beats, 1100)).toBe(true);
    expect(mayCountOut(beats, 1101)).toBe(false);
    beats = afterBeat(beats, 5000, 100);
    beats = afterBeat(beats, 5060, 100);
    expect(mayCountOut(beats, 5099)).toBe(false);
    expect(mayCountOut(beats, 5100)).toBe(true);
  });
});

describe("histograms", () => {
  it("put a duration in a bucket at most a fifth wider than it", () => {
    for (let ms = 1; ms < 10_000_000; ms = Math.ceil(ms * 1.01)) {
      const bound = boundOf(bucketOf(ms));
      expect(bound).toBeGreaterThanOrEqual(ms * 0.9999);
      expect(bound / ms).toBeLessThanOrEqual(1.19);
    }
    expect(bucketOf(0)).toBe(0);
    expect(bucketOf(-5)).toBe(0);
    expect(bucketOf(1e30)).toBe(120);
  });

  it("give percentiles, and none without a sample", () => {
    const buckets = new Map([
      [bucketOf(10), 98],
      [bucketOf(1000), 2],
    ]);
    expect(percentilesOf(buckets).p50).toBeLessThan(12);
    expect(percentilesOf(buckets).p99).toBeGreaterThan(999);
    expect(percentilesOf(new Map())).toEqual({});
  });

  it("count every sample once in round bounds", () => {
    const { counts, boundsMs } = histogramOf(
      new Map([
        [0, 1],
        [bucketOf(70), 2],
        [120, 3],
      ]),
      99,
    );
    expect(counts).toHaveLength(boundsMs.length + 1);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
    expect(counts.at(-1)).toBe(3);
    expect(counts[boundsMs.indexOf(100)]).toBe(2);
  });
});

describe("payloads", () => {
  it("lose keys that reach a prototype, however they are spelled", () => {
    expect(decodeJson('{"__proto__":1,"a":[{"__proto__":2,"b":3}]}')).toEqual({ a: [{ b: 3 }] });
    expect(decodeJson(String.raw`{"\u005f_proto_\u005f":{"x":1},"é":"\u00e9"}`)).toEqual({ é: "é" });
    expect(() => decodeJson("{")).toThrow(SyntaxError);
  });

  it("have one dedupe key whatever the order of their properties", () => {
    expect(dedupeKeyOf('{"a":1,"b":[{"c":2,"d":3}]}')).toBe(dedupeKeyOf('{"b":[{"d":3,"c":2}],"a":1}'));
    expect(dedupeKeyOf('{"a":[1,2]}')).not.toBe(dedupeKeyOf('{"a":[2,1]}'));
    expect(dedupeKeyOf('{"a":{}}')).not.toBe(dedupeKeyOf('{"a":[]}'));
  });
});
