import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Absent, Contestant } from "../contestant.ts";

const script = fileURLToPath(new URL("python_peer.py", import.meta.url));

const forms = {
  OpenCV:
    "In a Python process that is up already; Sobel as |gx| + |gy|, which is less work than the magnitude.",
  Pillow:
    "In a Python process that is up already; Sobel as |gx| + |gy|, which is less work than the magnitude.",
} as const;

/** OpenCV or Pillow, where the Python of `IMGQ_BENCH_PYTHON`, else `python3`, has it. */
export async function pythonPeer(name: keyof typeof forms, threads: number): Promise<Contestant | Absent> {
  const python = process.env.IMGQ_BENCH_PYTHON ?? "python3";
  const child = spawn(python, [script, name.toLowerCase(), String(threads)], {
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
    form: forms[name],
    takes: () => true,
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
