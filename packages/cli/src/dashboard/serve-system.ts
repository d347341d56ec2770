import { type DashboardServer, serveDashboard } from "@imgq/dashboard";
import { type Alerts, findingsOf, type Monitor } from "@imgq/monitor";
import type { Queue } from "@imgq/queue";
import type { Registry } from "@imgq/registry";
import { imageFindings } from "../doctor/image-findings.ts";
import { machineFindings } from "../doctor/machine-findings.ts";
import { createThumbnailMaker } from "./thumbnail.ts";

export interface ServeSystemOptions {
  readonly monitor: Monitor;
  readonly queues: readonly Queue[];
  readonly registry: Registry;
  readonly alerts?: Alerts | undefined;
  /** Folders of the pictures; without them the dashboard shows none. */
  readonly roots?: { readonly input: string; readonly output: string } | undefined;
  /** Undefined: the dashboard's own port, or a free one when that is taken. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly token?: string | undefined;
  readonly viewToken?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** Serves the dashboard of a system, with pictures and this machine's doctor. */
export async function serveSystem(options: ServeSystemOptions): Promise<DashboardServer> {
  const { monitor, queues, registry, alerts, roots, port, host, token, viewToken, readOnly, env } = options;
  const serve = (on: number | undefined): Promise<DashboardServer> =>
    serveDashboard({
      monitor,
      queues,
      registry,
      ...(alerts === undefined ? {} : { alerts }),
      ...(roots === undefined ? {} : { roots, thumbnail: createThumbnailMaker() }),
      ...(on === undefined ? {} : { port: on }),
      ...(host === undefined ? {} : { host }),
      ...(token === undefined ? {} : { token }),
      ...(viewToken === undefined ? {} : { viewToken }),
      ...(readOnly === true ? { role: "viewer" } : {}),
      doctor: async () => [
        ...findingsOf(await monitor.snapshot()),
        ...machineFindings(env),
        ...(await imageFindings()),
      ],
    });
  try {
    return await serve(port);
  } catch (error) {
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (!taken || port !== undefined) throw error;
    return serve(0);
  }
}
