import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { createPipeline } from "../src/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const images = resolve(import.meta.dirname, "../../../images");

async function setUp() {
  const folder = await temporaryFolder();
  const [inputRoot, outputRoot] = [join(folder, "in"), join(folder, "out")];
  await mkdir(inputRoot);
  await writeFile(join(folder, "secret.png"), await readFile(join(images, "chelsea.png")));
  await writeFile(join(inputRoot, "cat.png"), await readFile(join(images, "chelsea.png")));
  const pipeline = createPipeline({ inputRoot, outputRoot });
  const run = (input: string, output = "out.png") => pipeline.run({ input, output, filters: [] });
  return { folder, inputRoot, outputRoot, run };
}

it.each(["../secret.png", "/etc/passwd", "a/../../secret.png", "cat.png\0.jpg"])(
  "refuses the input %j",
  async (input) => {
    const { run, outputRoot } = await setUp();
    await expect(run(input)).rejects.toMatchObject({ code: "IMGQ_UNSAFE_PATH", permanent: true });
    expect(await readdir(outputRoot)).toEqual([]);
  },
);

it("refuses a link that leads out of inputRoot and follows one that does not", async () => {
  const { run, inputRoot } = await setUp();
  await symlink("../secret.png", join(inputRoot, "out.png"));
  await symlink("cat.png", join(inputRoot, "same.png"));
  await expect(run("out.png")).rejects.toMatchObject({ code: "IMGQ_UNSAFE_PATH" });
  await expect(run("same.png")).resolves.toMatchObject({ width: 451 });
});

it("refuses FIFOs, devices and folders at once", async () => {
  const { run, inputRoot } = await setUp();
  execFileSync("/usr/bin/mkfifo", [join(inputRoot, "fifo.png")]);
  await symlink("/dev/zero", join(inputRoot, "zero.png"));
  await mkdir(join(inputRoot, "folder.png"));
  for (const input of ["fifo.png", "zero.png", "folder.png"]) {
    await expect(run(input)).rejects.toMatchObject({ code: "IMGQ_UNSAFE_PATH" });
  }
  const everything = createPipeline({ inputRoot: "/", outputRoot: join(inputRoot, "out") });
  await expect(everything.run({ input: "/dev/zero", output: "zero.png", filters: [] })).rejects.toMatchObject(
    {
      code: "IMGQ_UNSAFE_PATH",
    },
  );
});

it("says when an input is missing, empty, too large or unreadable", async () => {
  const { run, inputRoot } = await setUp();
  await writeFile(join(inputRoot, "empty.png"), "");
  await writeFile(join(inputRoot, "large.png"), Buffer.alloc(25_000_001));
  await expect(run("missing.png")).rejects.toMatchObject({ code: "IMGQ_INPUT_MISSING", permanent: true });
  await expect(run("empty.png")).rejects.toMatchObject({ code: "IMGQ_INVALID_IMAGE" });
  await expect(run("large.png")).rejects.toMatchObject({ code: "IMGQ_INVALID_IMAGE" });
  // Root reads everything.
  if (process.getuid?.() !== 0) {
    await chmod(join(inputRoot, "cat.png"), 0);
    await expect(run("cat.png")).rejects.toMatchObject({ code: "IMGQ_INPUT_UNREADABLE" });
  }
});

it.each(["../out.png", "/tmp/imgq-outside.png", ".", "cat.png/below.png\0"])(
  "refuses the output %j",
  async (output) => {
    const { run } = await setUp();
    await expect(run("cat.png", output)).rejects.toMatchObject({
      code: expect.stringMatching(/UNSAFE_PATH|INVALID_TASK/),
    });
  },
);

it("refuses to write through a linked folder, a folder's name, or below a file", async () => {
  const { run, outputRoot, folder } = await setUp();
  await mkdir(outputRoot);
  await mkdir(join(folder, "elsewhere"));
  await symlink("../elsewhere", join(outputRoot, "linked"));
  await symlink("../nowhere", join(outputRoot, "dangling"));
  await mkdir(join(outputRoot, "taken.png"));
  await writeFile(join(outputRoot, "file"), "");
  for (const output of ["linked/a.png", "linked/new/a.png", "dangling/a.png", "taken.png", "file/a.png"]) {
    await expect(run("cat.png", output)).rejects.toMatchObject({ code: "IMGQ_UNSAFE_PATH" });
  }
  expect(await readdir(join(folder, "elsewhere"))).toEqual([]);
});

it("refuses names that no file system holds, before any work", async () => {
  const { run, outputRoot } = await setUp();
  const long = `${"x".repeat(300)}.png`;
  await expect(run("cat.png", long)).rejects.toMatchObject({ code: "IMGQ_UNSAFE_PATH", permanent: true });
  await expect(run(long)).rejects.toMatchObject({ code: "IMGQ_UNSAFE_PATH", permanent: true });
  await expect(run("cat.png", `${"y".repeat(250)}.png`)).resolves.toMatchObject({ width: 451 });
  expect(await readdir(outputRoot)).toHaveLength(1);
});

it("replaces a link at the output instead of following it", async () => {
  const { run, outputRoot, folder } = await setUp();
  await mkdir(outputRoot);
  await writeFile(join(folder, "precious"), "precious");
  await symlink("../precious", join(outputRoot, "out.png"));
  await run("cat.png");
  expect(await readFile(join(folder, "precious"), "utf8")).toBe("precious");
  expect((await readFile(join(outputRoot, "out.png"))).subarray(1, 4).toString()).toBe("PNG");
});

it("removes what a killed writer of the same output left", async () => {
  const { run, outputRoot } = await setUp();
  await run("cat.png");
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256").update("out.png").digest("hex").slice(0, 20);
  await writeFile(join(outputRoot, `.${hash}.imgq-tmp`), "half a pict");
  await run("cat.png");
  expect(await readdir(outputRoot)).toEqual(["out.png"]);
});
