import { execFile } from "node:child_process";
import { constants, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const source = fileURLToPath(new URL("./fake-clock.c", import.meta.url));

/** A wall clock for one process, which a test can set while the process runs. Its monotonic clock stays true. */
export interface FakeClock {
  /** Give these to the process when it is started. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds ahead of (or, negative, behind) the true time from now on. */
  set(offsetMs: number): Promise<void>;
  remove(): Promise<void>;
}

/** Makes a clock that runs true at first. Undefined where it cannot be had: it needs Linux and a C compiler. */
export async function createFakeClock(): Promise<FakeClock | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "imgq-clock-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const library = join(folder, "fake-clock.so");
  try {
    await run("cc", ["-shared", "-fPIC", "-O2", "-o", library, source]);
  } catch {
    await remove();
    return undefined;
  }
  const file = join(folder, "offset");
  const set = async (offsetMs: number): Promise<void> => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(offsetMs) * 1_000_000n);
    // Written in place, not replaced: the processes have it mapped.
    const handle = await open(file, constants.O_RDWR | constants.O_CREAT);
    await handle.write(bytes, 0, 8, 0);
    await handle.close();
  };
  await set(0);
  return { env: { LD_PRELOAD: library, IMGQ_CLOCK_FILE: file }, set, remove };
}
