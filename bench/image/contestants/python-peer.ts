import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Absent, Contestant } from "../contestant.ts";
import type { Work } from "../works.ts";

const script = fileURLToPath(new URL("python_peer.py", import.meta.url));

type Library = "OpenCV" | "Pillow";

/**
 * `same-steps`: what imgq does, step by step. `short-cuts`: what comes near for less work, where there is something: the luma
 * that a jpeg holds, decoded without its colours, in place of the grey of its pixels, and |gx| + |gy| in place of the magnitude.
 */
type Way = "same-steps" | "short-cuts";

const greyWorks: ReadonlySet<Work> = new Set(["grayscale", "edges", "four"]);

const forms: Readonly<Record<Library, Readonly<Record<Way, string>>>> = {
  OpenCV: {
    "same-steps":
      "In a Python process that is up already, memory for Sobel kept from picture to picture. Decodes to colour, then `cvtColor`, as imgq's `grayscale` makes grey of pixels; Sobel as the true magnitude, as imgq's.",
    "short-cuts":
      "`IMREAD_GRAYSCALE`, which decodes the jpeg's luma and skips its colours, and Sobel as |gx| + |gy|: less work than imgq does, which has no such way to decode.",
  },
  Pillow: {
    "same-steps":
      'In a Python process that is up already. Decodes to colour, then `convert("L")`. Sobel as |gx| + |gy|, which is lighter than the magnitude that imgq computes; Pillow has no operation for that.',
    "short-cuts": '`draft("L")`, which decodes the jpeg\'s luma and skips its colours; Sobel as |gx| + |gy|.',
  },
};

/** OpenCV or Pillow, where the Python of `IMGQ_BENCH_PYTHON`, else `python3`, has it. */
export async function pythonPeer(library: Library, way: Way, threads: number): Promise<Contestant | Absent> {
  const name = way === "same-steps" ? library : `${library}, short cuts`;
  const python = process.env.IMGQ_BENCH_PYTHON ?? "python3";
  const child = spawn(python, [script, library.toLowerCase(), way, String(threads)], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = once(child, "exit").then(
    () => undefined,
    () => undefined,
  );
  const answer = async (): Promise<Record<string, unknown> | undefined> => {
    const line = await lines.next();
    return line.done === true ? undefined : (JSON.parse(line.value) as Record<string, unknown>);
  };
  const hello = await answer();
  if (hello === undefined) {
    return { name, reason: `${python} cannot import it (python3-opencv, python3-pil, or pip)` };
  }
  return {
    name,
    version: String(hello.version),
    form: forms[library][way],
    takes: (work) => way === "same-steps" || greyWorks.has(work),
    async run(work, input, output) {
      child.stdin.write(`${JSON.stringify({ work, input, output })}\n`);
      const { ms } = (await answer()) ?? {};
      if (typeof ms !== "number") throw new Error(`${name} ended in the middle of ${work}.`);
      return ms;
    },
    async close() {
      child.stdin.end();
      await gone;
    },
  };
}
