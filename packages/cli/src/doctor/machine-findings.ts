import { availableParallelism, totalmem } from "node:os";
import { formatBytes } from "../terminal/format.ts";
import type { Finding } from "@imgq/monitor";
import { ok, problem, warning } from "./finding.ts";

/** What this machine and this Node.js tell: version, cores and memory, allocator, thread pool. */
export function machineFindings(env: NodeJS.ProcessEnv): Finding[] {
  return [node(process.versions.node), cores(), allocator(env), threadPool(env)];
}

function node(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 20 || (major === 20 && minor >= 19)
    ? ok("node", `Node.js ${version}`)
    : problem("node", `Node.js ${version} is too old`, "Install Node.js 20.19 or newer.");
}

function cores(): Finding {
  // Inside a container the limit of the control group counts, not the memory of the machine.
  const limit = process.constrainedMemory();
  const memory = limit > 0 && limit < totalmem() ? limit : totalmem();
  const count = availableParallelism();
  const summary = `${count} ${count === 1 ? "core" : "cores"}, ${formatBytes(memory)} of memory`;
  return memory < 512e6
    ? warning(
        "machine",
        summary,
        "Give it 512 MB or more: one 50-megapixel picture takes 150 MB while it is worked on.",
      )
    : ok("machine", summary);
}

function allocator(env: NodeJS.ProcessEnv): Finding {
  if (/jemalloc|tcmalloc|mimalloc/.test(env.LD_PRELOAD ?? ""))
    return ok("allocator", `${env.LD_PRELOAD} by LD_PRELOAD`);
  const glibc = glibcVersion();
  if (glibc === undefined) return ok("allocator", "not glibc: nothing to set");
  const arenas = env.MALLOC_ARENA_MAX;
  if (arenas === undefined) {
    return ok(
      "allocator",
      `glibc ${glibc}; imgq worker and process start with MALLOC_ARENA_MAX=2, your own programs need it set`,
    );
  }
  return Number(arenas) > 4
    ? warning(
        "allocator",
        `glibc ${glibc} with MALLOC_ARENA_MAX=${arenas}`,
        "Set it to 2: more arenas keep more memory and are slower.",
      )
    : ok("allocator", `glibc ${glibc} with MALLOC_ARENA_MAX=${arenas}`);
}

function threadPool(env: NodeJS.ProcessEnv): Finding {
  const size = env.UV_THREADPOOL_SIZE;
  if (size === undefined) {
    return ok(
      "thread-pool",
      "UV_THREADPOOL_SIZE is not set: imgq worker and process set it to slots + 4, your own programs have 4",
    );
  }
  const wanted = availableParallelism() + 1 + 4;
  return Number(size) >= wanted
    ? ok("thread-pool", `UV_THREADPOOL_SIZE=${size}`)
    : warning(
        "thread-pool",
        `UV_THREADPOOL_SIZE=${size} is shared by pictures, files and DNS`,
        `Set it to slots + 4 (here ${wanted}), or leave it out: a reconnect to Redis may wait behind slow pictures.`,
      );
}

/** Undefined where the C library is another one (Alpine, macOS, Windows). */
function glibcVersion(): string | undefined {
  const report: unknown = process.report?.getReport();
  if (!(report instanceof Object && "header" in report && report.header instanceof Object)) return undefined;
  return "glibcVersionRuntime" in report.header ? String(report.header.glibcVersionRuntime) : undefined;
}
