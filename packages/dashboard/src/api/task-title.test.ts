import { describe, expect, it } from "vitest";
import { titleOf } from "./task-title.ts";

describe("the title of a task", () => {
  it("is the way from one picture to another, or the one when both have the same name", () => {
    expect(titleOf({ input: "a.jpg", output: "b.webp", filters: [] })).toBe("a.jpg → b.webp");
    expect(titleOf({ input: "a.jpg", output: "a.jpg" })).toBe("a.jpg");
    expect(titleOf({ input: "a.jpg" })).toBe("a.jpg");
  });

  it("is bounded, and none for any other payload", () => {
    expect(titleOf({ input: "x".repeat(5000) })).toHaveLength(200);
    for (const other of [undefined, null, 1, "a.jpg", [], {}, { input: 1 }, { input: "" }, { secret: "s" }]) {
      expect(titleOf(other)).toBeUndefined();
    }
  });
});
