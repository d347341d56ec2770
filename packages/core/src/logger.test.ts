import { describe, expect, it } from "vitest";
import { summarizeError } from "./errors.ts";
import { createLogger } from "./logger.ts";

describe("a log line", () => {
  it("tells people the sentence of an error, and programs what they test", () => {
    const error = new TypeError("the file is empty");
    const line = (format: "json" | "pretty", value: unknown): string => {
      let written = "";
      createLogger({ format, write: (text) => (written = text) }).warn("Task failed", {
        attempt: 2,
        error: value,
      });
      return written;
    };
    for (const value of [error, summarizeError(error)]) {
      expect(line("pretty", value)).toMatch(
        /^[\d:.]{12} warn {2}Task failed attempt=2 error="the file is empty"$/,
      );
      expect(JSON.parse(line("json", value))).toMatchObject({
        level: "warn",
        message: "Task failed",
        attempt: 2,
        error: { name: "TypeError", message: "the file is empty" },
      });
    }
  });
});
