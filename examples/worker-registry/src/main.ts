import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { startRedisServer } from "@imgq/cli/local-redis";
import { createRegistry, type WorkerRecord } from "@imgq/registry";

// Three worker processes register and beat. One is killed, found dead, and cleaned up.
const own = process.env.REDIS_URL === undefined ? await startRedisServer() : undefined;
const redis = process.env.REDIS_URL ?? own?.url ?? "";
const registry = createRegistry({ redis, heartbeatTimeoutMs: 1500 });
await registry.clear();

console.log("1. Three workers register.");
const workers = new Map<string, ChildProcess>();
for (const id of ["worker-1", "worker-2", "worker-3"]) workers.set(id, await startWorker(id));
show(await registry.list());

console.log("\n2. worker-2 is killed with SIGKILL: it can tell nobody.");
workers.get("worker-2")?.kill("SIGKILL");
show(await registry.list());

console.log("\n3. After the heartbeat timeout it is known to be dead.");
while ((await registry.dead()).length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
show(await registry.list());
console.log(`   active: ${names(await registry.active())} · dead: ${names(await registry.dead())}`);

console.log("\n4. Cleaning up removes the dead one.");
console.log(`   removed: ${names(await registry.cleanup())}`);
show(await registry.list());

console.log("\n5. The others stop as they should: they unregister.");
for (const worker of [workers.get("worker-1"), workers.get("worker-3")]) {
  worker?.kill("SIGTERM");
  if (worker !== undefined && worker.exitCode === null) await once(worker, "exit");
}
console.log(
  `   active: ${names(await registry.active()) || "none"} · dead: ${names(await registry.dead()) || "none"}`,
);

await registry.clear();
await registry.close();
await own?.stop();

async function startWorker(id: string): Promise<ChildProcess> {
  const child = fork(new URL("./worker.ts", import.meta.url), [id, redis]);
  await once(child, "message");
  return child;
}

function show(records: readonly WorkerRecord[]): void {
  for (const worker of records.toSorted((a, b) => a.id.localeCompare(b.id))) {
    const { id, metadata, alive, timeSinceHeartbeatMs } = worker;
    const facts = [
      `pid ${metadata.pid}`,
      `queues ${metadata.queues.join(",")}`,
      `last beat ${timeSinceHeartbeatMs} ms ago`,
    ];
    console.log(`   ${id}  ${alive ? "alive" : "dead "}  ${facts.join(" · ")}`);
  }
}

function names(records: readonly WorkerRecord[]): string {
  return records
    .map((worker) => worker.id)
    .toSorted()
    .join(", ");
}
