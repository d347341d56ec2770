import { closeSync, constants, fstatSync, openSync, read, readlinkSync, realpathSync } from "node:fs";
import { resolve, sep } from "node:path";
import { promisify } from "node:util";
import { show } from "@imgq/core";
import { InputError, InvalidImageError, UnsafePathError } from "./errors.ts";

// Looking files up is synchronous on purpose: it takes microseconds, while a turn in the thread pool waits behind the
// pictures that are being worked on there. Reading and writing take that turn.

/**
 * Reads a whole file that lies inside `root`, links resolved. Never waits on a FIFO or device and never reads more than
 * `maxBytes`.
 *
 * @throws {UnsafePathError} outside of the root, or not a regular file
 * @throws {InputError} missing or unreadable
 * @throws {InvalidImageError} empty or too large
 */
export async function readInput(root: string, path: string, maxBytes: number): Promise<Buffer> {
  const { file, realRoot } = openInput(root, path);
  try {
    const reading = readBounded(file, path, maxBytes);
    // Looked at while the system reads, as it takes nearly as long.
    if (liesOutside(realRoot, file)) {
      await reading.catch(() => {});
      throw outside(path, root);
    }
    return await reading;
  } finally {
    closeSync(file);
  }
}

function openInput(root: string, path: string): { readonly file: number; readonly realRoot: string } {
  if (path.includes("\0")) throw new UnsafePathError(show(path), "holds a zero byte. Correct the path.");
  const target = resolve(root, path);
  // Before anything is looked at, so that nothing outside of the root can be probed for.
  if (!isInside(root, target)) throw outside(path, root);
  try {
    const realRoot = realpathSync.native(root);
    const real = realpathSync.native(target);
    if (!isInside(realRoot, real)) throw outside(path, root);
    // O_NONBLOCK: opening a FIFO returns at once. O_NOFOLLOW: a link put there since it was resolved is refused.
    const file = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      if (!fstatSync(file).isFile()) throw notRegular(path);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    return { file, realRoot };
  } catch (error) {
    throw inputError(path, error);
  }
}

/** A folder on the way may have become a link between resolving and opening; where Linux tells what was opened, look. */
function liesOutside(realRoot: string, file: number): boolean {
  if (process.platform !== "linux") return false;
  try {
    return !isInside(realRoot, readlinkSync(`/proc/self/fd/${file}`));
  } catch {
    return false;
  }
}

const readFromFile = promisify(read);

async function readBounded(file: number, path: string, maxBytes: number): Promise<Buffer> {
  const { size } = fstatSync(file);
  if (size > maxBytes) {
    const limit = `more than limits.maxBytes (${maxBytes})`;
    throw new InvalidImageError(
      path,
      "too-many-bytes",
      `${size} bytes, ${limit}. Raise it, or shrink the file.`,
    );
  }
  // One byte more than it says: a file that grows, or lies about its size as those of /proc do, is noticed.
  const buffer = Buffer.allocUnsafeSlow(size + 1);
  let length = 0;
  while (length < buffer.length) {
    const wanted = buffer.length - length;
    const { bytesRead } = await readFromFile(file, buffer, length, wanted, length);
    length += bytesRead;
    // Of a regular file less is read than asked for at its end only.
    if (bytesRead < wanted) break;
  }
  if (length === 0) throw new InvalidImageError(path, "empty", "the file is empty.");
  if (length > size) {
    throw new InvalidImageError(
      path,
      "changed",
      "the file grew while it was read. Write it elsewhere, then move it.",
    );
  }
  return buffer.subarray(0, length);
}

function outside(path: string, root: string): UnsafePathError {
  return new UnsafePathError(
    path,
    `leads out of ${root}. Move the file there, or set inputRoot to a folder that holds it.`,
  );
}

function notRegular(path: string): UnsafePathError {
  return new UnsafePathError(path, "not a regular file. Give the path of a picture.");
}

function inputError(path: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return new InputError("IMGQ_INPUT_MISSING", path, "there is no such file. Correct the path.", error);
    case "EACCES":
    case "EPERM":
      return new InputError(
        "IMGQ_INPUT_UNREADABLE",
        path,
        "may not be read. Give this user read permission.",
        error,
      );
    case "ELOOP":
      return new UnsafePathError(path, "a link that does not end, or that changed while it was opened.");
    case "ENAMETOOLONG":
      return new UnsafePathError(path, "the path is longer than the file system allows.");
    case "ENXIO":
      return notRegular(path);
    default:
      // Ours already, or a failing disk or too many open files, where trying again may help.
      return error;
  }
}

/** Whether an absolute, normalised `path` is `root` or lies below it. */
export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}
