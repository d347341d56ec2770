import { describe, expect, it } from "vitest";
import { type Bounded, Deadlines } from "./deadlines.ts";

/** Things that go on for `ms` milliseconds each, by name, and the names of those whose time was up. */
function bound(spans: Readonly<Record<string, number>>) {
  const goingOn = new Map<string, Bounded>();
  const timedOut: string[] = [];
  const deadlines = new Deadlines(() => [...goingOn.values()]);
  const begin = (name: string, ms: number): void => {
    const deadline = performance.now() + ms;
    const timeOut = (): void => {
      expect(performance.now()).toBeGreaterThanOrEqual(deadline);
      goingOn.delete(name);
      timedOut.push(name);
    };
    goingOn.set(name, { deadline, timeOut });
    deadlines.expect(deadline);
  };
  for (const [name, ms] of Object.entries(spans)) begin(name, ms);
  return { goingOn, timedOut, begin };
}

describe("deadlines", () => {
  it("pass one after the other, whatever the order in which they were told, and never early", async () => {
    const { timedOut } = bound({ c: 500, a: 50, d: 800, b: 200 });
    await expect.poll(() => timedOut, { timeout: 5000 }).toEqual(["a", "b", "c", "d"]);
  });

  it("say nothing to what has ended", async () => {
    const { goingOn, timedOut } = bound({ ended: 10, other: 50 });
    goingOn.delete("ended");
    await expect.poll(() => timedOut).toEqual(["other"]);
  });

  it("may be told when another passes", async () => {
    const { timedOut, begin } = bound({ first: 10 });
    await expect.poll(() => timedOut).toEqual(["first"]);
    begin("second", 10);
    await expect.poll(() => timedOut).toEqual(["first", "second"]);
  });

  it("may be further away than a timer can wait", async () => {
    const { timedOut } = bound({ far: 2 ** 40, near: 20 });
    await expect.poll(() => timedOut).toEqual(["near"]);
  });
});
