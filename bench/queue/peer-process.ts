// The process of one peer: it does what the bench tells it over IPC, and nothing else runs in it.
import { addConcurrently, addInBulk, addSequentially } from "./measures/add.ts";
import { drain, fill } from "./measures/drain.ts";
import { imageCost } from "./measures/images.ts";
import { startLatency } from "./measures/latency.ts";
import type { PeerQueue } from "./peer.ts";
import { peerNamed } from "./peers/index.ts";
import { type FromPeer, type Order, parseToPeer } from "./protocol.ts";

const progressIntervalMs = 20;
const peer = peerNamed(process.argv[2] ?? "");
let stopping = new AbortController();

process.on("message", (message) => {
  const received = parseToPeer(message);
  if ("stop" in received) stopping.abort();
  else void execute(received.order).then(send);
});
// The bench has ended, one way or another.
process.on("disconnect", () => process.exit(0));

function send(reply: FromPeer): void {
  process.send?.(reply);
}

async function execute(order: Order): Promise<FromPeer> {
  try {
    stopping = new AbortController();
    const queue = await peer.open(order.target);
    const reply = await measure(queue, order);
    await queue.close();
    return reply;
  } catch (error) {
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

async function measure(queue: PeerQueue, order: Order): Promise<FromPeer> {
  switch (order.do) {
    case "add-sequentially":
      return { value: await addSequentially(queue, order.tasks) };
    case "add-concurrently":
      return { value: await addConcurrently(queue, order.tasks, order.inFlight) };
    case "add-in-bulk":
      return { value: await addInBulk(queue, order.tasks, order.bulk) };
    case "fill":
      await fill(queue, order.tasks);
      return { done: true };
    case "latency":
      return { value: await startLatency(queue, order.tasks) };
    case "images":
      return { images: await imageCost(queue, order.tasks) };
    case "drain": {
      const onProgress = (settled: number): void => send({ settled });
      const tasks = order.tasks ?? Number.POSITIVE_INFINITY;
      const progress = order.tasks === undefined ? { onProgress, intervalMs: progressIntervalMs } : undefined;
      return { part: await drain(queue, tasks, order.concurrency, stopping.signal, progress) };
    }
  }
}
