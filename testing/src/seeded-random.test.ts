import { describe, expect, it } from "vitest";
import { seededRandom } from "./seeded-random.ts";

const draw = (seed: number, label?: string): number[] => {
  const random = label === undefined ? seededRandom(seed) : seededRandom(seed).fork(label);
  return Array.from({ length: 5 }, () => random.integer(0, 1000));
};

describe("a seeded random", () => {
  it("repeats itself for the same seed and differs for another", () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("forks into streams that depend on the label and the seed, not on what was drawn before", () => {
    const random = seededRandom(7);
    random.next();
    const forked = random.fork("nemesis");
    expect(Array.from({ length: 5 }, () => forked.integer(0, 1000))).toEqual(draw(7, "nemesis"));
    expect(draw(7, "nemesis")).not.toEqual(draw(7, "proxy"));
    expect(draw(7, "nemesis")).not.toEqual(draw(8, "nemesis"));
  });

  it("draws whole numbers over the whole range and keeps all items when shuffling", () => {
    const random = seededRandom(1);
    const drawn = new Set(Array.from({ length: 200 }, () => random.integer(3, 6)));
    expect(drawn).toEqual(new Set([3, 4, 5, 6]));
    expect(new Set(random.shuffle([1, 2, 3, 4]))).toEqual(new Set([1, 2, 3, 4]));
  });
});
