// Started by batch-process.ts: runs pictures through one pipeline and tells after each part of them what that took.
import { readFileSync } from "node:fs";
import { createPipeline } from "@imgq/pipeline";
import type { BatchOrder, PartCost } from "./batch-process.ts";

const { folder, inputs, pictures, parts, inFlight } = JSON.parse(process.argv[2] ?? "") as BatchOrder;
const pipeline = createPipeline({ inputRoot: folder, outputRoot: folder, threads: 1 });
const filters = pipeline.parse("grayscale | blur(2) | brightness(1.2) | edges");
for (let part = 0; part < parts; part++) {
  const tasks = Array.from({ length: pictures / parts }, (_, index) => ({
    input: inputs[index % inputs.length] ?? "",
    output: `batch-out-${index % 8}.jpg`,
    filters,
  }));
  const before = process.cpuUsage();
  const report = await pipeline.batch(tasks, { concurrency: inFlight });
  const { user, system } = process.cpuUsage(before);
  if (report.failed > 0) throw new Error(`${report.failed} pictures failed.`);
  const cost: PartCost = {
    cpuMs: (user + system) / 1000 / tasks.length,
    residentMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
    peakMiB: Math.round(peakKiB() / 2 ** 10),
  };
  process.send?.(cost);
}
process.disconnect();

/** A process' own peak. What `resourceUsage` tells begins, on Linux, with that of the process it was forked from. */
function peakKiB(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
}
