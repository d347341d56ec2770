import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createDashboard, type Dashboard, nodeListener } from "@imgq/dashboard";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import { change, quietSystemForTests } from "./quiet-system.ts";

const system = quietSystemForTests();
const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function listen(
  listener: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<string> {
  const server = createServer((request, response) => void listener(request, response));
  ends.push(() => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port.");
  return `http://127.0.0.1:${address.port}/imgq`;
}

// Each as docs/monitoring.md says, and in the ways people do it.
const frameworks: Record<string, (dashboard: Dashboard) => Promise<string>> = {
  Hono: (dashboard) => listen(getRequestListener(new Hono().mount("/imgq", dashboard.fetch).fetch)),
  Express: (dashboard) => listen(express().use("/imgq", nodeListener(dashboard))),
  "Express after its body parsers": (dashboard) =>
    listen(express().use(express.json(), express.urlencoded()).use("/imgq", nodeListener(dashboard))),
  Fastify: async (dashboard) => {
    const app = fastify();
    const answer = nodeListener(dashboard);
    await app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
      for (const path of ["/imgq", "/imgq/*"]) {
        scope.all(path, (request, reply) => {
          reply.hijack();
          answer(request.raw, reply.raw);
        });
      }
    });
    ends.push(() => (app.server.closeAllConnections(), app.close()));
    return `${await app.listen({ port: 0, host: "127.0.0.1" })}/imgq`;
  },
  // Its router takes Request and Response, and redirects away from a slash at the end.
  "a router like that of Next": (dashboard) =>
    listen(
      getRequestListener((request) =>
        new URL(request.url).pathname === "/imgq/"
          ? new Response(null, { status: 308, headers: { location: "/imgq" } })
          : dashboard.fetch(request),
      ),
    ),
};

describe.each(Object.entries(frameworks))("mounted in %s", (_, mount) => {
  it("serves the page, the live stream and changes", async () => {
    const dashboard = createDashboard({
      monitor: system.monitor,
      queues: [system.queue],
      basePath: "/imgq",
      authorize: () => "operator",
    });
    ends.push(() => dashboard.close());
    const address = await mount(dashboard);
    for (const page of [address, `${address}/`]) {
      const response = await fetch(page);
      const script = /<script[^>]* src="([^"]+)"/.exec(await response.text())?.[1] ?? "";
      expect((await fetch(new URL(script, response.url))).headers.get("content-type")).toContain(
        "javascript",
      );
    }
    const stopListening = new AbortController();
    const events = await fetch(`${address}/api/events`, { signal: stopListening.signal });
    const first = await events.body?.getReader().read();
    expect(Buffer.from(first?.value ?? []).toString()).toContain("retry");
    stopListening.abort();
    expect((await change(`${address}/`, { action: "queue.pause", queue: "images" })).status).toBe(200);
    expect((await system.queue.stats()).paused).toBe(true);
  });
});

it("takes a login that Express has parsed, and says so when nothing of a body is left", async () => {
  const dashboard = createDashboard({
    monitor: system.monitor,
    queues: [system.queue],
    basePath: "/imgq",
    token: "0123456789abcdef",
  });
  const answer = nodeListener(dashboard);
  const login = async (url: string): Promise<Response> =>
    fetch(`${url}/login`, {
      method: "POST",
      body: new URLSearchParams({ token: "0123456789abcdef" }),
      headers: { origin: new URL(url).origin },
      redirect: "manual",
    });
  const parsed = await login(await listen(express().use(express.urlencoded()).use("/imgq", answer)));
  expect(parsed.headers.get("location")).toBe("/imgq");
  expect(parsed.headers.get("set-cookie")).toContain("imgq_session=");
  const drained = await login(
    await listen((request, response) => request.resume().on("end", () => answer(request, response))),
  );
  expect(drained.status).toBe(500);
  expect(await drained.json()).toMatchObject({ error: expect.stringContaining("was read before") });
});
