// Started by memory.ts: runs pictures through one pipeline and tells how large it is after each twentieth of them.
import { createPipeline } from "@imgq/pipeline";
import type { MemoryWork } from "./memory.ts";

const { folder, inputs, pictures, inFlight } = JSON.parse(process.argv[2] ?? "") as MemoryWork;
const pipeline = createPipeline({ inputRoot: folder, outputRoot: folder, threads: 1 });
const filters = pipeline.parse("grayscale | blur(2) | brightness(1.2) | edges");
for (let part = 0; part < 20; part++) {
  const tasks = Array.from({ length: pictures / 20 }, (_, index) => ({
    input: inputs[index % inputs.length] ?? "",
    output: `memory-out-${index % 8}.jpg`,
    filters,
  }));
  const report = await pipeline.batch(tasks, { concurrency: inFlight });
  if (report.failed > 0) throw new Error(`${report.failed} pictures failed.`);
  process.send?.(Math.round(process.memoryUsage.rss() / 2 ** 20));
}
process.disconnect();
