import { execFile } from "node:child_process";
import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A redis-server (or valkey-server) that can be started. */
export interface RedisBinary {
  readonly path: string;
  readonly origin: "path" | "cache";
  /** Variables it needs to find its libraries. */
  readonly env: Readonly<Record<string, string>>;
}

/** The Debian packages that hold the server and the libraries it needs beyond a minimal system. */
const debianPackages = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1"];

/**
 * Finds a server: redis-server or valkey-server on PATH, else one fetched earlier, else fetched now with apt into a
 * folder of the user's cache, without installing a service. Undefined when none can be had.
 */
export async function findRedisBinary(
  options: { readonly fetch?: boolean } = {},
): Promise<RedisBinary | undefined> {
  const onPath = (await findOnPath("redis-server")) ?? (await findOnPath("valkey-server"));
  if (onPath !== undefined) return { path: onPath, origin: "path", env: {} };
  const cached = await fromCache();
  if (cached !== undefined || options.fetch === false) return cached;
  try {
    await fetchWithApt();
  } catch {
    // No apt, no network, no room: the caller goes on without a server and says so.
    return undefined;
  }
  return fromCache();
}

function cacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(base, "imgq", "redis");
}

async function findOnPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const candidate = join(folder, name);
    if (folder !== "" && (await isExecutable(candidate))) return candidate;
  }
  return undefined;
}

async function fromCache(): Promise<RedisBinary | undefined> {
  const root = cacheFolder();
  const path = join(root, "usr", "bin", "redis-server");
  if (!(await isExecutable(path))) return undefined;
  const libraries = await libraryFolders(join(root, "usr", "lib"));
  return { path, origin: "cache", env: { LD_LIBRARY_PATH: libraries.join(delimiter) } };
}

/** Debian keeps libraries in usr/lib/<machine>-linux-gnu. */
async function libraryFolders(root: string): Promise<string[]> {
  const names = await readdir(root).catch(() => []);
  return names.filter((name) => name.includes("-linux-")).map((name) => join(root, name));
}

async function fetchWithApt(): Promise<void> {
  const target = cacheFolder();
  await mkdir(target, { recursive: true });
  // Unpacked beside its place and then renamed, so that two processes starting at once do not see half of it.
  const work = await mkdtemp(`${target}-`);
  try {
    await download(work).catch(async () => {
      await run("apt-get", ["update", "-qq"]);
      await download(work);
    });
    for (const name of await readdir(work)) {
      if (name.endsWith(".deb")) await run("dpkg", ["-x", join(work, name), work]);
    }
    await rm(target, { recursive: true, force: true });
    await rename(work, target);
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    if (!(await isExecutable(join(target, "usr", "bin", "redis-server")))) throw error;
  }
}

async function download(folder: string): Promise<void> {
  await run("apt-get", ["download", "-q", "-o", "APT::Sandbox::User=root", ...debianPackages], {
    cwd: folder,
  });
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
