import { constants } from "node:fs";
import { type FileHandle, open, readlink, realpath } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { show } from "@imgq/core";
import { InputError, InvalidImageError, UnsafePathError } from "./errors.ts";

/**
 * Reads a whole file that lies inside `root`, links resolved. Never waits on a FIFO or device and never reads more than
 * `maxBytes`.
 *
 * @throws {UnsafePathError} outside of the root, or not a regular file
 * @throws {InputError} missing or unreadable
 * @throws {InvalidImageError} empty or too large
 */
export async function readInput(root: string, path: string, maxBytes: number): Promise<Buffer> {
  const real = await resolveInput(root, path);
  let file: FileHandle;
  try {
    // O_NONBLOCK: opening a FIFO returns at once. O_NOFOLLOW: a link put there since it was resolved is refused.
    file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    throw inputError(path, error);
  }
  try {
    const status = await file.stat();
    if (!status.isFile()) throw new UnsafePathError(path, "not a regular file. Give the path of a picture.");
    await refuseMovedFile(root, path, file);
    return await readBounded(file, path, maxBytes);
  } finally {
    await file.close();
  }
}

async function resolveInput(root: string, path: string): Promise<string> {
  if (path.includes("\0")) throw new UnsafePathError(show(path), "holds a zero byte. Correct the path.");
  const target = resolve(root, path);
  // Before anything is looked at, so that nothing outside of the root can be probed for.
  if (!isInside(root, target)) throw outside(path, root);
  try {
    const [realRoot, real] = await Promise.all([realpath(root), realpath(target)]);
    if (!isInside(realRoot, real)) throw outside(path, root);
    return real;
  } catch (error) {
    if (error instanceof UnsafePathError) throw error;
    throw inputError(path, error);
  }
}

/** A folder on the way may have become a link between resolving and opening; where Linux tells what was opened, look. */
async function refuseMovedFile(root: string, path: string, file: FileHandle): Promise<void> {
  if (process.platform !== "linux") return;
  const opened = await readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined);
  if (opened !== undefined && !isInside(await realpath(root), opened)) throw outside(path, root);
}

async function readBounded(file: FileHandle, path: string, maxBytes: number): Promise<Buffer> {
  const { size } = await file.stat();
  if (size > maxBytes) throw tooLarge(path, size, maxBytes);
  // One byte more than it says: a file that grows, or lies about its size as those of /proc do, is noticed.
  const buffer = Buffer.allocUnsafe(Math.min(Math.max(size, 4096), maxBytes) + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  if (length === 0) throw new InvalidImageError(path, "the file is empty.");
  if (length > size)
    throw new InvalidImageError(path, "the file grew while it was read. Write it elsewhere, then move it.");
  return buffer.subarray(0, length);
}

function tooLarge(path: string, size: number, maxBytes: number): InvalidImageError {
  return new InvalidImageError(
    path,
    `${size} bytes, more than limits.maxBytes (${maxBytes}). Raise it, or shrink the file.`,
  );
}

function outside(path: string, root: string): UnsafePathError {
  return new UnsafePathError(
    path,
    `leads out of ${root}. Move the file there, or set inputRoot to a folder that holds it.`,
  );
}

function inputError(path: string, error: unknown): Error {
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
      return new UnsafePathError(path, "not a regular file. Give the path of a picture.");
    default:
      // A failing disk or too many open files: trying again may help.
      return error instanceof Error ? error : new Error(String(error));
  }
}

/** Whether an absolute, normalised `path` is `root` or lies below it. */
export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}
