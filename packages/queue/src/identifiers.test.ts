import { describe, expect, it } from "vitest";
import { createQueue } from "./index.ts";

describe("the name of a queue", () => {
  it.each(["registry", "alerts", "queues"])("is not %s, under which imgq keeps other things", (name) => {
    expect(() => createQueue({ name })).toThrow(
      `name must be none of registry, alerts, queues, which imgq keeps for itself; got ${JSON.stringify(name)}. Example: "${name}-tasks".`,
    );
  });

  it.each(["", "a b", "{x}", "a:b", "x".repeat(65), "é"])("is not %j, which would split a key", (name) => {
    expect(() => createQueue({ name })).toThrow("name must be 1 to 64 of");
  });

  it.each(["images", "images.thumbnails", "a-b_c", "registry-tasks"])("may be %s", async (name) => {
    await createQueue({ name }).close();
  });
});
