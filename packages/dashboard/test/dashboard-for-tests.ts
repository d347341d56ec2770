import { createAlerts, createMonitor } from "@imgq/monitor";
import { type DashboardServer, serveDashboard, type ServeOptions } from "@imgq/dashboard";
import { type LiveSystem, type LiveSystemOptions, startLiveSystem } from "./live-system.ts";

export interface TestDashboard {
  readonly url: string;
  readonly system: LiveSystem;
  stop(): Promise<void>;
}

/** A dashboard over a live system on a real Redis. */
export async function startDashboard(
  redis: string,
  options: Partial<ServeOptions> & LiveSystemOptions = {},
): Promise<TestDashboard> {
  const { hostile, traffic, ...serve } = options;
  const system = await startLiveSystem(redis, {
    ...(hostile === undefined ? {} : { hostile }),
    ...(traffic === undefined ? {} : { traffic }),
  });
  const { queues, registry } = system;
  const monitor = createMonitor({ queues, registry });
  const alerts = createAlerts({
    monitor,
    notify: [{ name: "nobody", notify: async () => {} }],
    intervalMs: 500,
  });
  await alerts.start();
  const server: DashboardServer = await serveDashboard({
    monitor,
    queues,
    registry,
    alerts,
    port: 0,
    ...serve,
  });
  return {
    url: server.url,
    system,
    async stop() {
      await server.close();
      await alerts.stop();
      await system.stop();
      await monitor.close();
    },
  };
}
