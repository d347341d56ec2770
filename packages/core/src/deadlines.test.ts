import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Deadlines } from "./deadlines.ts";

/** A deadline in `ms`, which notes its name when it passes. */
function deadline(name: string, ms: number, passed: string[]) {
  return { at: performance.now() + ms, place: -1, onPassed: () => void passed.push(name) };
}

describe("deadlines", () => {
  it("pass in their order, whatever the order in which they were added, and never early", async () => {
    const deadlines = new Deadlines();
    const late: number[] = [];
    const passed: string[] = [];
    for (const ms of [60, 20, 90, 40]) {
      const at = performance.now() + ms;
      const onPassed = (): void => {
        passed.push(String(ms));
        late.push(performance.now() - at);
      };
      deadlines.add({ at, place: -1, onPassed });
    }
    await expect.poll(() => passed).toEqual(["20", "40", "60", "90"]);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  });

  it("do not pass once they are removed", async () => {
    const deadlines = new Deadlines();
    const passed: string[] = [];
    const removed = deadline("removed", 10, passed);
    deadlines.add(removed);
    deadlines.add(deadline("kept", 30, passed));
    deadlines.delete(removed);
    await expect.poll(() => passed).toEqual(["kept"]);
  });

  it("may be added and removed by one that passes", async () => {
    const deadlines = new Deadlines();
    const passed: string[] = [];
    const removed = deadline("removed", 20, passed);
    deadlines.add({
      at: performance.now() + 10,
      place: -1,
      onPassed() {
        passed.push("first");
        deadlines.delete(removed);
        deadlines.add(deadline("added", 1, passed));
      },
    });
    deadlines.add(removed);
    deadlines.add(deadline("last", 60, passed));
    await expect.poll(() => passed).toEqual(["first", "added", "last"]);
  });

  it("keep the process alive while there are any, and only then", async () => {
    const deadlines = new Deadlines();
    const timers = (): number => process.getActiveResourcesInfo().filter((one) => one === "Timeout").length;
    const before = timers();
    const one = deadline("one", 1000, []);
    deadlines.add(one);
    expect(timers()).toBe(before + 1);
    deadlines.delete(one);
    expect(timers()).toBe(before);
    deadlines.add(one);
    expect(timers()).toBe(before + 1);
    deadlines.delete(one);
    await pause(1);
  });
});
