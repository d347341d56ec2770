import { realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";

const MAX_BYTES = 100 * 2 ** 20;

export interface ConfinedFile {
  readonly path: string;
  readonly bytes: number;
  readonly changedAtMs: number;
}

/** The regular file that `path` means below `root`; undefined when it leads outside, by `..` or by a link, or is no file. */
export async function confinedFile(root: string, path: string): Promise<ConfinedFile | undefined> {
  if (path.includes("\0")) return undefined;
  try {
    const realRoot = await realpath(root);
    const real = await realpath(resolve(realRoot, path));
    const inside = relative(realRoot, real);
    if (inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside))
      return undefined;
    const { size, mtimeMs, ...file } = await stat(real).then((each) => ({
      size: each.size,
      mtimeMs: each.mtimeMs,
      regular: each.isFile(),
    }));
    return file.regular && size <= MAX_BYTES ? { path: real, bytes: size, changedAtMs: mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}
