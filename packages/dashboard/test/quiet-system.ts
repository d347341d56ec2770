import { type DashboardServer, serveDashboard, type ServeOptions } from "@imgq/dashboard";
import { createMonitor, type Monitor } from "@imgq/monitor";
import { createQueue, type Queue } from "@imgq/queue";
import { createRegistry, type Registry } from "@imgq/registry";
import { redisForTests } from "@imgq/testing";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";

export interface QuietSystem {
  readonly queue: Queue;
  readonly monitor: Monitor;
  /** Serves a dashboard until the end of the test and returns its address. */
  serve(options?: Partial<ServeOptions>): Promise<string>;
}

/** A queue, a registry and a monitor on a Redis of this file, empty before each test, with nothing going on. Read it inside tests only. */
export function quietSystemForTests(): QuietSystem {
  const redis = redisForTests();
  const servers: DashboardServer[] = [];
  let parts: { queue: Queue; registry: Registry; monitor: Monitor } | undefined;
  const started = (): NonNullable<typeof parts> => {
    if (parts === undefined) throw new Error("The system runs only inside tests.");
    return parts;
  };
  beforeAll(() => {
    const queue = createQueue({ name: "images", redis: redis.url });
    const registry = createRegistry({ redis: redis.url });
    parts = { queue, registry, monitor: createMonitor({ queues: [queue], registry }) };
  });
  beforeEach(async () => {
    await started().queue.clear();
    await started().registry.clear();
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  afterAll(async () => {
    const { queue, registry, monitor } = started();
    await Promise.all([monitor.close(), registry.close(), queue.close()]);
  });
  return {
    get queue() {
      return started().queue;
    },
    get monitor() {
      return started().monitor;
    },
    async serve(options = {}) {
      const { queue, registry, monitor } = started();
      const server = await serveDashboard({ monitor, queues: [queue], registry, port: 0, ...options });
      servers.push(server);
      return server.url;
    },
  };
}

/** What the page does: asks for its proof, then changes something with it. */
export async function change(
  url: string,
  action: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  const session = await fetch(`${url}api/session`, { headers });
  const { csrf } = (await session.json()) as { csrf: string };
  return fetch(`${url}api/actions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: new URL(url).origin,
      "x-imgq-csrf": csrf,
      ...headers,
    },
    body: JSON.stringify(action),
  });
}
