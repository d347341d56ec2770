import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Logger, silentLogger } from "@imgq/core";
import type { Health, HealthCheck } from "./health-check.ts";

export interface HealthServerOptions {
  readonly check: HealthCheck;
  /** What `/metrics` answers, in Prometheus' text format. @default none: 404 */
  readonly metrics?: () => Promise<string>;
  /** @default 0: a free one */
  readonly port?: number;
  /** The answers tell of the inside; show them to others only on purpose. @default "127.0.0.1" */
  readonly host?: string;
  readonly log?: Logger;
}

export interface HealthServer {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Answers probes: `/livez` and `/readyz` with 200 or 503 and `{"ok", "reason"}`, `/metrics` with what the program gives.
 * Rejects when it cannot listen.
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { port = 0, host = "127.0.0.1", log = silentLogger } = options;
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      log.warn("A probe could not be answered", { path: request.url, error });
      if (!response.headersSent) respond(response, 500, { ok: false, reason: "internal error" });
    });
  });
  await listen(server, port, host);
  return { url: urlOf(server), close: () => close(server) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { check, metrics }: HealthServerOptions,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return respond(response, 405, { ok: false, reason: "only GET" });
  }
  const path = request.url?.split("?")[0];
  if (path === "/livez") return probe(response, check.live());
  if (path === "/readyz") return probe(response, check.ready());
  if (path === "/metrics" && metrics !== undefined) {
    const text = await metrics();
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(text);
    return;
  }
  respond(response, 404, { ok: false, reason: "there are /livez, /readyz and /metrics" });
}

function probe(response: ServerResponse, health: Health): void {
  respond(response, health.ok ? 200 : 503, health);
}

function respond(response: ServerResponse, status: number, health: Health): void {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
    .end(`${JSON.stringify(health)}\n`);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
}

function urlOf(server: Server): string {
  const address = server.address();
  if (typeof address !== "object" || address === null) return "";
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Probes keep their connections open.
    server.closeAllConnections();
  });
}
