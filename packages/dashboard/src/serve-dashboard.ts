import { createServer, type Server } from "node:http";
import { InvalidOptionError } from "@imgq/core";
import { createDashboard } from "./dashboard.ts";
import { json } from "./http/respond.ts";
import { nodeListener } from "./node-listener.ts";
import type { DashboardOptions } from "./options.ts";

export interface ServeOptions extends DashboardOptions {
  /** 0: a free one. @default 4747 */
  readonly port?: number;
  /** Anything but loopback needs a token or `authorize`. @default "127.0.0.1" */
  readonly host?: string;
}

export interface DashboardServer {
  /** Where a browser finds it. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves a dashboard on a server of its own. On loopback without tokens whoever uses this machine may steer; another
 * address is refused without authentication. Rejects when the port is taken.
 */
export async function serveDashboard(options: ServeOptions): Promise<DashboardServer> {
  const { port = 4747, host = "127.0.0.1" } = options;
  const loopback = isLoopback(host);
  const guarded =
    options.token !== undefined || options.viewToken !== undefined || options.authorize !== undefined;
  if (!loopback && !guarded) {
    throw new InvalidOptionError(
      "host",
      "be a loopback address without a token",
      host,
      "Pass a token, or leave host out.",
    );
  }
  const dashboard = createDashboard({ ...options, role: options.role ?? (loopback ? "operator" : "viewer") });
  const fetch = (request: Request): Promise<Response> =>
    !guarded && !isLoopback(new URL(request.url).hostname)
      ? Promise.resolve(misdirected())
      : dashboard.fetch(request);
  const server = createServer(nodeListener({ fetch }));
  await listen(server, port, host);
  const address = server.address();
  const actual = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${actual}/${options.basePath?.slice(1).concat("/") ?? ""}`,
    port: actual,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await dashboard.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A name of another site that was made to point here: its scripts would pass for ours. */
function misdirected(): Response {
  return json({ error: "This dashboard is served to localhost only." }, { status: 421 });
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
