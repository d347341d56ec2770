import { describe, expect, it } from "vitest";
import { documentedKeys } from "./documented-keys.ts";

describe("the documented keys", () => {
  it("are those of the page, of queues, of all of them and of the registry, and no others", () => {
    const isDocumented = documentedKeys();
    for (const key of [
      "imgq:{q}:task:7",
      "imgq:{q}:pending:alone",
      "imgq:{queues}:names",
      "imgq:{registry}:commands:w",
    ]) {
      expect(isDocumented(key), key).toBe(true);
    }
    for (const key of [
      "imgq:{q}:ghost",
      "imgq:{q}:names",
      "imgq:{q}:state",
      "imgq:{q}:commands:w",
      "task:7",
    ]) {
      expect(isDocumented(key), key).toBe(false);
    }
  });
});
