import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWeigh } from "./weigh-picture.ts";

const images = fileURLToPath(new URL("../../../../images", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imgq-weigh-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the weight of a task", () => {
  it("is what its picture takes in memory, told by the header", async () => {
    const weigh = createWeigh(images);
    expect(await weigh({ input: "rocket.jpg" })).toBe(640 * 427 * 3 * 2);
    expect(await weigh({ input: "chelsea.png" })).toBe(451 * 300 * 3 * 2);
  });

  it("is nothing for what is no picture, lies elsewhere, or never ends", async () => {
    await writeFile(join(folder, "text.png"), "no picture");
    await symlink(join(images, "rocket.jpg"), join(folder, "link.jpg"));
    await promisify(execFile)("mkfifo", [join(folder, "pipe.jpg")]);
    const weigh = createWeigh(folder);
    for (const input of ["text.png", "link.jpg", "missing.jpg", "../x", "pipe.jpg"])
      expect(await weigh({ input })).toBe(0);
  });
});
