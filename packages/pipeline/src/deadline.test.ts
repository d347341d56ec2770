import { getEventListeners, once } from "node:events";
import { expect, it } from "vitest";
import { startDeadline } from "./deadline.ts";

it("aborts when the time is up", async () => {
  const deadline = startDeadline(5, undefined);
  // The deadline's own timer does not keep the process alive.
  const alive = setTimeout(() => {}, 10_000);
  await once(deadline.signal, "abort");
  clearTimeout(alive);
  expect(deadline.passed).toBe(true);
});

it("aborts for the outer signal's reason, before and after it starts", () => {
  const outer = new AbortController();
  const running = startDeadline(60_000, outer.signal);
  outer.abort("enough");
  const late = startDeadline(60_000, outer.signal);
  for (const deadline of [running, late]) {
    expect(deadline.signal.reason).toBe("enough");
    expect(deadline.passed).toBe(false);
    deadline.clear();
  }
});

it("leaves nothing behind once cleared", () => {
  const outer = new AbortController();
  startDeadline(60_000, outer.signal).clear();
  expect(getEventListeners(outer.signal, "abort")).toHaveLength(0);
  outer.abort();
});
