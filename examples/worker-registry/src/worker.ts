import { hostname } from "node:os";
import { createRegistry } from "@imgq/registry";

// A worker as the registry sees it: it registers, then beats until somebody ends it.
const [id = "worker", redis = "redis://localhost:6379"] = process.argv.slice(2);

const registry = createRegistry({ redis });
await registry.register(id, {
  hostname: hostname(),
  pid: process.pid,
  startedAt: Date.now(),
  queues: ["images"],
  concurrency: 2,
  versions: { node: process.versions.node },
});
process.send?.("registered");

const timer = setInterval(() => void registry.heartbeat(id), 250);

process.once("SIGTERM", () => {
  clearInterval(timer);
  void registry.unregister(id, "stopped by its parent").then(() => registry.close());
  process.disconnect?.();
});
