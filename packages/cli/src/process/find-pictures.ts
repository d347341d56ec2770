import { realpath, stat } from "node:fs/promises";
import { extname, resolve, sep } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { UsageError } from "../errors.ts";

/** What counts as a picture when a folder is named. */
const pictureExtensions = ["jpg", "jpeg", "png", "webp", "gif", "tif", "tiff", "avif", "heic", "heif"];

/** A file that was found, absolute. */
export interface FoundPicture {
  readonly path: string;
  /** The same with every link followed. */
  readonly source: string;
}

/**
 * The files that names, folders and glob patterns stand for: sorted, each once. A name that does not exist is kept, so that
 * it fails by itself and not with all the others; a pattern that matches no picture is a {@link UsageError}. What lies in
 * `outputFolder` was made by us, and is found only by a pattern that begins there.
 */
export async function findPictures(
  patterns: readonly string[],
  outputFolder: string,
): Promise<FoundPicture[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    for (const path of await expand(pattern, resolve(outputFolder))) found.add(path);
  }
  // The person chose these files, also where they are links that lead elsewhere.
  return Promise.all(
    [...found].sort().map(async (path) => ({ path, source: await realpath(path).catch(() => path) })),
  );
}

async function expand(pattern: string, outputFolder: string): Promise<string[]> {
  const stats = await stat(pattern).catch(() => undefined);
  const isFolder = stats?.isDirectory() === true;
  // A file whose name looks like a pattern, such as photo[1].jpg, is meant as it is.
  if (!isFolder && (stats !== undefined || !isDynamicPattern(pattern))) return [resolve(pattern)];

  const start = resolve(isFolder ? pattern : staticPart(pattern));
  const paths = isFolder
    ? await glob(`**/*.{${pictureExtensions.join(",")}}`, {
        cwd: start,
        absolute: true,
        caseSensitiveMatch: false,
      })
    : await glob(pattern, { absolute: true, expandDirectories: false });
  const found = paths
    .map((path) => resolve(path))
    .filter((path) => isFolder || namesExtension(pattern) || isPicture(path))
    .filter((path) => isInside(start, outputFolder) || !isInside(path, outputFolder));
  if (found.length > 0) return found;
  throw new UsageError(
    isFolder
      ? `The folder "${pattern}" holds no pictures (${pictureExtensions.join(", ")}).`
      : `No picture matches "${pattern}". Check the pattern and the folder you are in.`,
  );
}

/** A pattern such as `photos/*` means the pictures among what it matches; `photos/*.dat` means what it says. */
function namesExtension(pattern: string): boolean {
  return (pattern.split("/").at(-1) ?? "").includes(".");
}

function isPicture(path: string): boolean {
  return pictureExtensions.includes(extname(path).slice(1).toLowerCase());
}

/** The folders of a pattern before its first wildcard. */
function staticPart(pattern: string): string {
  const parts = pattern.split("/");
  const first = parts.findIndex((part) => isDynamicPattern(part));
  return parts.slice(0, first).join("/") || (pattern.startsWith("/") ? "/" : ".");
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}
