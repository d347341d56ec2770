import { ImgqError } from "@imgq/core";
import { describe, expect, it } from "vitest";
import { classify, type Ending } from "./classify.ts";
import { LeaseLostError, TaskCancelledError, TaskTimeoutError, WorkerStoppingError } from "./errors.ts";

const finished: Ending<string> = { kind: "resolved", result: "done" };
const failed: Ending<string> = { kind: "rejected", error: new Error("boom") };
const ignored: Ending<string> = { kind: "ignored" };

class PermanentError extends ImgqError {
  readonly permanent = true;
  constructor() {
    super("IMGQ_INVALID_IMAGE", "not a picture");
  }
}

describe("classifying an execution", () => {
  it("completes what finished, even when the worker stops or the task was cancelled meanwhile", () => {
    expect(classify(finished, undefined)).toEqual({ kind: "completed", result: "done" });
    expect(classify(finished, new WorkerStoppingError("t")).kind).toBe("completed");
    expect(classify(finished, new TaskCancelledError("t")).kind).toBe("completed");
  });

  it("discards whatever happened once the lease is lost", () => {
    for (const ending of [finished, failed, ignored]) {
      expect(classify(ending, new LeaseLostError("t"))).toEqual({ kind: "lost" });
    }
  });

  it("calls out of time what ended after its timeout, also with a result", () => {
    for (const ending of [finished, failed, ignored]) {
      expect(classify(ending, new TaskTimeoutError("t", 10)).kind).toBe("timeout");
    }
  });

  it("gives back what did not finish before the worker stops, whatever it threw", () => {
    expect(classify(failed, new WorkerStoppingError("t"))).toEqual({ kind: "released" });
    expect(classify(ignored, new WorkerStoppingError("t"))).toEqual({ kind: "released" });
  });

  it("cancels what ended because it was cancelled", () => {
    expect(classify(failed, new TaskCancelledError("t")).kind).toBe("cancelled");
    expect(classify(ignored, new TaskCancelledError("t")).kind).toBe("cancelled");
  });

  it("retries an ordinary error, and anything else that is thrown", () => {
    expect(classify(failed, undefined)).toEqual({ kind: "failed", error: failed.error });
    expect(classify({ kind: "rejected", error: undefined }, undefined)).toEqual({
      kind: "failed",
      error: undefined,
    });
    expect(classify({ kind: "rejected", error: "text" }, undefined).kind).toBe("failed");
  });

  it("sends permanent errors to the dead letters with their reason", () => {
    const reasonOf = (error: unknown): unknown =>
      Reflect.get(classify({ kind: "rejected", error }, undefined), "deadReason");
    expect(reasonOf(new PermanentError())).toBe("invalid-input");
    expect(reasonOf(new ImgqError("IMGQ_UNRECOVERABLE", "no"))).toBe("unrecoverable");
    expect(reasonOf({ deadReason: "invalid-input" })).toBe("invalid-input");
    expect(reasonOf({ deadReason: "because" })).toBeUndefined();
    expect(reasonOf({ permanent: "yes" })).toBeUndefined();
  });

  it("gives back for later what asks for it, with a sane delay", () => {
    const later = (delayMs: unknown): unknown =>
      classify({ kind: "rejected", error: { code: "IMGQ_RETRY_LATER", delayMs } }, undefined);
    expect(later(1500)).toEqual({ kind: "later", delayMs: 1500 });
    expect(later(0.2)).toEqual({ kind: "later", delayMs: 1 });
    expect(later(-5)).toEqual({ kind: "later", delayMs: 0 });
    expect(later("soon")).toEqual({ kind: "later", delayMs: 0 });
  });
});
