import { hash, randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fsync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  write,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { show } from "@imgq/core";
import { UnsafePathError } from "./errors.ts";
import { isInside } from "./input-file.ts";

/**
 * The absolute path of an output inside `root`, its folder made. Done before any work, so that a task that cannot be
 * stored fails at once. @throws {UnsafePathError}
 */
export function prepareOutput(root: string, path: string): string {
  if (path.includes("\0")) throw new UnsafePathError(show(path), "holds a zero byte. Correct the path.");
  const target = resolve(root, path);
  if (!isInside(root, target) || target === root) throw outside(path, root);
  try {
    const folder = makeFolder(root, dirname(target), path);
    if (lstatSync(target, { throwIfNoEntry: false })?.isDirectory() === true) {
      throw new UnsafePathError(path, "a folder of that name exists. Choose another name.");
    }
    return join(folder, basename(target));
  } catch (error) {
    throw outputError(path, error);
  }
}

/** Makes a folder inside `root`; its real path. */
function makeFolder(root: string, folder: string, path: string): string {
  const existing = realFolder(folder);
  if (existing !== undefined) {
    if (!isInside(realpathSync.native(root), existing)) throw outside(path, root);
    return existing;
  }
  mkdirSync(root, { recursive: true });
  const realRoot = realpathSync.native(root);
  // The nearest folder that exists decides: making folders below a link that leads out would already be a write outside.
  if (!isInside(realRoot, nearestRealFolder(folder))) throw outside(path, root);
  mkdirSync(folder, { recursive: true });
  const made = realpathSync.native(folder);
  if (!isInside(realRoot, made)) throw outside(path, root);
  return made;
}

function nearestRealFolder(folder: string): string {
  const real = realFolder(folder);
  if (real !== undefined) return real;
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    throw new UnsafePathError(folder, "a link that leads nowhere. Remove it.");
  }
  return nearestRealFolder(dirname(folder));
}

function realFolder(folder: string): string | undefined {
  try {
    return realpathSync.native(folder);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

const writeToFile = promisify(write);
const syncFile = promisify(fsync);

/**
 * Puts a file in place whole: whoever reads `target` sees the old file or the new one, never a part, also after a crash.
 * A link at `target` is replaced, not followed. Nothing is left behind on failure or abort.
 */
export async function writeOutput(target: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  const folder = dirname(target);
  const { path: temporary, file, stale } = openTemporary(folder, basename(target));
  try {
    try {
      for (let written = 0; written < bytes.length; ) {
        signal?.throwIfAborted();
        written += (await writeToFile(file, bytes, written, bytes.length - written, written)).bytesWritten;
      }
      await syncFile(file);
    } finally {
      closeSync(file);
    }
    signal?.throwIfAborted();
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  // A living writer that loses its file here fails at its rename: a whole newer file is in place already.
  if (stale !== undefined) rmSync(stale, { force: true });
  await syncFolder(folder);
}

const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * The first choice of name is the same for every writer of `name`, so that what a killed writer left is found and removed
 * by the next one; when it is taken, by the dead or the living, another is used.
 */
function openTemporary(folder: string, name: string): { path: string; file: number; stale?: string } {
  // Hashed, so that it is never longer than a file name may be.
  const hidden = join(folder, `.${hash("sha256", name).slice(0, 20)}`);
  const firstChoice = `${hidden}.imgq-tmp`;
  try {
    return { path: firstChoice, file: openSync(firstChoice, flags, 0o666) };
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
  const path = `${hidden}.${randomUUID()}.imgq-tmp`;
  return { path, file: openSync(path, flags, 0o666), stale: firstChoice };
}

async function syncFolder(folder: string): Promise<void> {
  // Some file systems cannot sync a folder; the rename is atomic all the same.
  let handle: number;
  try {
    handle = openSync(folder, constants.O_RDONLY);
  } catch {
    return;
  }
  await syncFile(handle).catch(() => {});
  closeSync(handle);
}

function outside(path: string, root: string): UnsafePathError {
  return new UnsafePathError(
    path,
    `leads out of ${root}. Choose a path below it, or set outputRoot to another folder.`,
  );
}

function outputError(path: string, error: unknown): unknown {
  if (hasCode(error, "EEXIST", "ENOTDIR")) {
    return new UnsafePathError(path, "a part of its folder's path is a file.");
  }
  if (hasCode(error, "ENAMETOOLONG", "ELOOP")) {
    return new UnsafePathError(path, "not a path that the file system can hold. Shorten it.");
  }
  return error;
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.some((code) => code === error.code);
}
