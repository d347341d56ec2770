import { deepStrictEqual, ok } from "node:assert/strict";
import { checkKeys } from "../model/redis-invariants.ts";
import { base } from "./execute.ts";
import type { World } from "./world.ts";

/** What no order of events may break. */
export function checkWorld(world: World): void {
  for (const [id, tokens] of Object.entries(world.ledger.accepted)) {
    ok(tokens.length <= 1, `I2: two results of ${id} were accepted, with tokens ${tokens.join(" and ")}`);
  }
  for (const [id, tokens] of Object.entries(world.ledger.issued)) {
    const rising = tokens.every((token, index) => index === 0 || Number(token) > Number(tokens[index - 1]));
    ok(rising, `I3: the tokens of ${id} do not rise: ${tokens.join(", ")}`);
  }
  for (const [id, [token]] of Object.entries(world.ledger.accepted)) {
    const task = world.redis.dump.get(`${base}:task:${id}`)?.fields;
    deepStrictEqual(
      { state: task?.state, result: task?.result },
      { state: "completed", result: token },
      `I1: ${id} was accepted with ${token}`,
    );
  }
  checkKeys(world.redis.dump, `${base}:`);
}
