import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { resolve, sep } from "node:path";
import sharp from "sharp";

/** Bytes of a file that tell its size: the header, and metadata before it. */
const headerBytes = 256 * 1024;
/** Pictures that are in memory at a time while one is worked on: what is read, and what is made of it. */
const copies = 2;

/**
 * Makes what estimates the bytes a task will need from the header of its picture: width × height × channels, twice. 0 for
 * what cannot be read; the pipeline says why when it is the task's turn.
 */
export function createWeigh(inputRoot: string): (task: { readonly input: string }) => Promise<number> {
  return async ({ input }) => {
    try {
      const [root, path] = await Promise.all([realpath(inputRoot), realpath(resolve(inputRoot, input))]);
      if (!path.startsWith(root + sep)) return 0;
      const { width, height, channels } = await sharp(await readStart(path)).metadata();
      return width * height * channels * copies;
    } catch {
      return 0;
    }
  };
}

async function readStart(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    // Opened without waiting, and read only when it is a file: a pipe may never give anything.
    if (!(await file.stat()).isFile()) return Buffer.alloc(0);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
