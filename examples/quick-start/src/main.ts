import { blur, edges, grayscale } from "@imgq/filters";
import { createPipeline, type ImageResult, type ImageTask } from "@imgq/pipeline";
import { createQueue } from "@imgq/queue";
import { createWorker } from "@imgq/worker";

const pipeline = createPipeline({ inputRoot: "images", outputRoot: "output" });
const queue = createQueue<ImageTask, ImageResult>({ name: "images", redis: process.env.REDIS_URL });
const worker = createWorker({ queue, handler: pipeline.run });
await worker.start();

const filters = [grayscale(), blur({ sigma: 2 }), edges()];
const id = await queue.add({ input: "rocket.jpg", output: "rocket-edges.png", filters });
const { state, result } = await queue.wait(id, { timeoutMs: 30_000 });
console.log(`${state}: ${result?.width}×${result?.height} ${result?.format} in ${result?.passes} passes`);
console.log(await worker.stop());
await queue.close();
