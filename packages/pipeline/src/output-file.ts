import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { show } from "@imgq/core";
import { UnsafePathError } from "./errors.ts";
import { isInside } from "./input-file.ts";

/**
 * The absolute path of an output inside `root`, its folder made. Done before any work, so that a task that cannot be
 * stored fails at once. @throws {UnsafePathError}
 */
export async function prepareOutput(root: string, path: string): Promise<string> {
  if (path.includes("\0")) throw new UnsafePathError(show(path), "holds a zero byte. Correct the path.");
  const target = resolve(root, path);
  if (!isInside(root, target) || target === root) throw outside(path, root);
  await mkdir(root, { recursive: true });
  const realRoot = await realpath(root);
  // The nearest folder that exists decides: making folders below a link that leads out would already be a write outside.
  if (!isInside(realRoot, await nearestRealFolder(dirname(target)))) throw outside(path, root);
  try {
    await mkdir(dirname(target), { recursive: true });
  } catch (error) {
    if (hasCode(error, "EEXIST", "ENOTDIR"))
      throw new UnsafePathError(path, "a part of its folder's path is a file.");
    throw error;
  }
  const folder = await realpath(dirname(target));
  if (!isInside(realRoot, folder)) throw outside(path, root);
  const existing = await lstat(target).catch(() => undefined);
  if (existing?.isDirectory() === true)
    throw new UnsafePathError(path, "a folder of that name exists. Choose another name.");
  return join(folder, basename(target));
}

/**
 * Puts a file in place whole: whoever reads `target` sees the old file or the new one, never a part, also after a crash.
 * A link at `target` is replaced, not followed. Nothing is left behind on failure or abort.
 */
export async function writeOutput(target: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  const folder = dirname(target);
  const { path: temporary, file } = await openTemporary(folder, basename(target));
  try {
    try {
      await file.writeFile(bytes, signal === undefined ? {} : { signal });
      await file.sync();
    } finally {
      await file.close();
    }
    signal?.throwIfAborted();
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await removeStale(folder, basename(target), temporary);
  await syncFolder(folder);
}

/**
 * The first choice of name is the same for every writer of `name`, so that what a killed writer left is found and removed
 * by the next one; when it is taken, by the dead or the living, another is used.
 */
async function openTemporary(folder: string, name: string): Promise<{ path: string; file: FileHandle }> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const firstChoice = join(folder, temporaryName(name));
  try {
    return { path: firstChoice, file: await open(firstChoice, flags, 0o666) };
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
  const path = join(folder, temporaryName(name, randomUUID()));
  return { path, file: await open(path, flags, 0o666) };
}

/** A living writer that loses its file here fails at its rename: a whole newer file is in place already. */
async function removeStale(folder: string, name: string, own: string): Promise<void> {
  const firstChoice = join(folder, temporaryName(name));
  if (firstChoice !== own) await rm(firstChoice, { force: true });
}

function temporaryName(name: string, unique = ""): string {
  // Hashed, so that it is never longer than a file name may be.
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 20);
  return `.${hash}${unique === "" ? "" : `.${unique}`}.imgq-tmp`;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  // Some file systems cannot sync a folder; the rename is atomic all the same.
  await handle?.sync().catch(() => {});
  await handle?.close();
}

async function nearestRealFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    const parent = dirname(folder);
    if (!hasCode(error, "ENOENT", "ENOTDIR") || parent === folder) throw error;
    const isDanglingLink = (await lstat(folder).catch(() => undefined))?.isSymbolicLink() === true;
    if (isDanglingLink) throw new UnsafePathError(folder, "a link that leads nowhere. Remove it.");
    return nearestRealFolder(parent);
  }
}

function outside(path: string, root: string): UnsafePathError {
  return new UnsafePathError(
    path,
    `leads out of ${root}. Choose a path below it, or set outputRoot to another folder.`,
  );
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.some((code) => code === error.code);
}
