import { expect, test } from "vitest";
import { checkTaskId } from "./identifiers.ts";
import { randomTaskId } from "./task-id.ts";

test("no two ids are equal, and each is one a caller could have chosen", () => {
  const ids = Array.from({ length: 10_000 }, () => randomTaskId());
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(checkTaskId(id)).toMatch(/^[0-9a-hjkmnp-tv-z]{20}$/);
});

test("each character of the alphabet comes about as often, at every place", () => {
  const tasks = 32_000;
  const counts = new Map<string, number>();
  for (let made = 0; made < tasks; made += 1) {
    const id = randomTaskId();
    for (let place = 0; place < id.length; place += 1) {
      const key = `${place}${id.charAt(place)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  expect(counts.size).toBe(20 * 32);
  // A thousand each, 31 of standard deviation: seven of them do not happen by chance.
  for (const count of counts.values()) expect(Math.abs(count - tasks / 32)).toBeLessThan(7 * 31);
});
