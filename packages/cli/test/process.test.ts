import { spawn } from "node:child_process";
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { imgqBin, type RunResult, runImgq } from "./run-imgq.ts";

/** Of util-linux: runs a program in a pseudo-terminal and writes down what it draws. */
const recorder = "/usr/bin/script";
const images = fileURLToPath(new URL("../../../images/", import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "imgq-process-"));
  await mkdir(join(folder, "photos/sub"), { recursive: true });
  await copyFile(join(images, "rocket.jpg"), join(folder, "photos/rocket.jpg"));
  await copyFile(join(images, "chelsea.png"), join(folder, "photos/sub/chelsea.png"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function imgq(...args: string[]): Promise<RunResult> {
  return runImgq(args, { cwd: folder, env: { XDG_CACHE_HOME: join(folder, ".cache") } });
}

async function filesIn(name: string): Promise<string[]> {
  const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, name).length + 1))
    .sort();
}

describe("imgq process", { timeout: 90_000 }, () => {
  it("filters a tree of pictures into the same tree of another format", async () => {
    const { code, stdout, stderr } = await imgq(
      "process",
      "photos/**/*.{jpg,png}",
      "--filters",
      "grayscale | blur(2)",
      "--format",
      "webp",
    );
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^✓ 2 pictures in .* in out\n$/);
    expect(code).toBe(0);
    expect(await filesIn("out")).toEqual(["rocket.webp", "sub/chelsea.webp"]);
    const { format, width, height } = await sharp(join(folder, "out/sub/chelsea.webp")).metadata();
    expect({ format, width, height }).toEqual({ format: "webp", width: 451, height: 300 });
  });

  it("skips what an earlier run finished, until an input, the filters or --force say otherwise", async () => {
    const run = async (...more: string[]): Promise<unknown> => {
      const { stdout } = await imgq("process", "photos", "--format", "webp", "--json", "--filters", ...more);
      const { succeeded, skipped } = JSON.parse(stdout);
      return { succeeded, skipped };
    };
    expect(await run("grayscale")).toEqual({ succeeded: 2, skipped: 0 });
    expect(await run("grayscale")).toEqual({ succeeded: 0, skipped: 2 });
    await rm(join(folder, "out/rocket.webp"));
    expect(await run("grayscale")).toEqual({ succeeded: 1, skipped: 1 });
    const later = new Date(Date.now() + 5000);
    await utimes(join(folder, "photos/rocket.jpg"), later, later);
    expect(await run("grayscale")).toEqual({ succeeded: 1, skipped: 1 });
    await utimes(join(folder, "photos/rocket.jpg"), new Date(0), new Date(0));
    expect(await run("blur(2)")).toEqual({ succeeded: 2, skipped: 0 });
    expect(await run("blur(2)")).toEqual({ succeeded: 0, skipped: 2 });
    expect(await run("blur(2)", "--force")).toEqual({ succeeded: 2, skipped: 0 });
  });

  it("goes on with the others when one fails, groups the causes, and ends with 1", async () => {
    await writeFile(join(folder, "photos/a.png"), "no picture");
    await writeFile(join(folder, "photos/b.png"), "no picture either");
    const args = ["process", "photos", "missing.jpg", "--filters", "grayscale"];
    const text = await imgq(...args);
    expect(text.code).toBe(1);
    expect(text.stdout).toContain("✓ 2 pictures");
    expect(text.stdout).toMatch(
      /✗ 2 pictures failed: .*IMGQ_INVALID_IMAGE\n {4}photos\/a\.png\n {4}photos\/b\.png/,
    );
    expect(text.stdout).toMatch(/✗ 1 picture failed: there is no such file.*\n {4}missing\.jpg/);
    const json = await imgq(...args, "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      succeeded: 0,
      failed: 3,
      skipped: 2,
      failures: [
        { input: "missing.jpg", error: { code: "IMGQ_INPUT_MISSING" } },
        { input: "photos/a.png", error: { code: "IMGQ_INVALID_IMAGE" } },
        { input: "photos/b.png", error: { code: "IMGQ_INVALID_IMAGE" } },
      ],
    });
  });

  it("shows what it would do without doing it", async () => {
    const { code, stdout } = await imgq("process", "photos", "--filters", "blur(2)", "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("1. blur(sigma=2)");
    expect(stdout).toContain("photos/rocket.jpg → out/rocket.jpg");
    expect(await readdir(folder)).not.toContain("out");
    const json = await imgq("process", "photos", "--filters", "blur(2)", "--dry-run", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      steps: [{ filter: "blur", params: { sigma: 2 } }],
      skipped: 0,
    });
  });

  it("takes filters from a module of the person's own", async () => {
    const filters = new URL("../../filters/dist/index.js", import.meta.url).href;
    await writeFile(
      join(folder, "mine.mjs"),
      `import { definePixelFilter, parameters } from ${JSON.stringify(filters)};
       export default definePixelFilter({ name: "red", description: "All red.", params: parameters({}),
         apply: (image) => { for (let i = 0; i < image.data.length; i += image.channels) { image.data[i] = 255; image.data[i + 1] = image.data[i + 2] = 0; } return image; } });`,
    );
    const { code, stderr } = await imgq(
      "process",
      "photos/rocket.jpg",
      "--load",
      "./mine.mjs",
      "--filters",
      "red",
      "--format",
      "png",
    );
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const { data } = await sharp(join(folder, "out/rocket.png")).raw().toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)]).toEqual([255, 0, 0]);
  });

  it("understands paths in steps as relative to where it is called", async () => {
    const { code, stderr } = await imgq(
      "process",
      "photos/rocket.jpg",
      "--filters",
      "mask(photos/sub/chelsea.png)",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("follows a link that the person names, and leaves out its own output folder", async () => {
    await symlink(join(images, "coffee.png"), join(folder, "photos/link.png")).catch(() => {});
    await symlink(join(images, "retina.jpg"), join(folder, "photos/retina.jpg"));
    await mkdir(join(folder, "out"));
    await copyFile(join(images, "rocket.jpg"), join(folder, "out/old.jpg"));
    const { stdout } = await imgq("process", ".", "--filters", "grayscale", "--dry-run", "--json");
    const inputs = JSON.parse(stdout).tasks.map((task: { input: string }) => task.input);
    expect(inputs).toContain("photos/retina.jpg");
    expect(inputs).not.toContain("out/old.jpg");
    expect((await imgq("process", "photos/retina.jpg", "--filters", "grayscale")).code).toBe(0);
  });

  it.each([
    [["process"], "Missing required argument"],
    [["process", "*.gif"], 'No picture matches "*.gif"'],
    [["process", "photos", "--filters", "blurr(2)"], 'there is no filter "blurr". Did you mean blur?'],
    [["process", "photos", "--filters", "blur(-1)"], "blur: sigma"],
    [["process", "photos", "--format", "bmp"], "--format takes jpeg, png"],
    [["process", "photos", "--quality", "101"], "--quality takes a whole number from 1 to 100"],
    [["process", "photos", "--out", "photos"], "would replace an input"],
    [["process", "photos", "--load", "./none.mjs"], 'There is no file "./none.mjs"'],
  ])("refuses %j with exit code 2 and the remedy", async (args, message) => {
    const { code, stderr } = await imgq(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(2);
  });

  it("leaves only whole pictures when it is interrupted, says so, and is resumed by repeating it", async () => {
    for (let index = 0; index < 40; index += 1) {
      await copyFile(join(images, "hubble_deep_field.jpg"), join(folder, `photos/${index}.jpg`));
    }
    const args = [imgqBin, "process", "photos", "--filters", "grayscale | blur(2)", "--format", "webp"];
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, XDG_CACHE_HOME: join(folder, ".cache") },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const said = readAll(child.stderr);
    await untilFilesIn("out", 3);
    child.kill("SIGINT");
    const code = await new Promise((resolve) => child.once("exit", resolve));
    expect(code).toBe(1);
    expect(await said).toContain("Repeat the command to go on");
    const made = await filesIn("out");
    expect(made.length).toBeLessThan(42);
    for (const name of made) await sharp(join(folder, "out", name)).stats();

    const again = await imgq(
      "process",
      "photos",
      "--filters",
      "grayscale | blur(2)",
      "--format",
      "webp",
      "--json",
    );
    const { succeeded, skipped } = JSON.parse(again.stdout);
    expect(skipped).toBe(made.length);
    expect(succeeded + skipped).toBe(42);
  });

  it("draws a bar with rate and time left on a terminal", async (context) => {
    if ((await stat(recorder).catch(() => undefined)) === undefined) {
      if (process.env.CI === "true") throw new Error("The command script is needed to drive a terminal.");
      console.warn("Skipped: the command script is not installed, so there is no terminal to draw on.");
      return context.skip();
    }
    const record = join(folder, "terminal.txt");
    for (const name of ["a", "b", "c"])
      await copyFile(join(images, "retina.jpg"), join(folder, `photos/${name}.jpg`));
    const line = `${process.execPath} ${imgqBin} process photos --filters 'blur(8)' --format avif --concurrency 1`;
    const child = spawn(recorder, ["-qec", `stty cols 100; ${line}`, record], {
      cwd: folder,
      env: { ...process.env, TERM: "xterm-256color", XDG_CACHE_HOME: join(folder, ".cache") },
      stdio: "ignore",
    });
    await new Promise((resolve) => child.once("exit", resolve));
    const drawn = await readFile(record, "utf8");
    expect(drawn).toContain("0 of 5 pictures");
    expect(drawn).toMatch(/█+.*[1-4] of 5 pictures · [\d.]+\/\w+ · [\d.]+ s left/);
    expect(drawn).toContain("✓");
  });
});

async function untilFilesIn(name: string, count: number): Promise<void> {
  for (;;) {
    const made = await filesIn(name).catch(() => []);
    if (made.filter((file) => !file.endsWith("-tmp")).length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}
