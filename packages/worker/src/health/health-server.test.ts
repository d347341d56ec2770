import { afterEach, describe, expect, it } from "vitest";
import type { Health } from "./health-check.ts";
import { type HealthServer, type HealthServerOptions, startHealthServer } from "./health-server.ts";

const servers: HealthServer[] = [];

async function start(options: Partial<HealthServerOptions> = {}): Promise<string> {
  const well = (): Health => ({ ok: true, reason: "well" });
  const server = await startHealthServer({ check: { live: well, ready: well }, ...options });
  servers.push(server);
  return server.url;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe("the health server", () => {
  it("listens on loopback unless told otherwise", async () => {
    expect(await start()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("answers 200 for what is well and 503 with the reason for what is not", async () => {
    const url = await start({
      check: {
        live: () => ({ ok: true, reason: "well" }),
        ready: () => ({ ok: false, reason: "Redis takes no beats" }),
      },
    });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz?verbose`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ ok: false, reason: "Redis takes no beats" });
  });

  it("serves the metrics it is given, says 404 without, and 500 without a detail when they fail", async () => {
    const given = await start({ metrics: async () => "imgq_up 1\n" });
    expect(await (await fetch(`${given}/metrics`)).text()).toBe("imgq_up 1\n");
    expect((await fetch(`${await start()}/metrics`)).status).toBe(404);
    const failing = await start({ metrics: () => Promise.reject(new Error("redis://user:secret@host")) });
    const failed = await fetch(`${failing}/metrics`);
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toContain("secret");
  });

  it("takes no other method and knows no other path", async () => {
    const url = await start();
    expect((await fetch(`${url}/livez`, { method: "POST" })).status).toBe(405);
    expect((await fetch(`${url}/`)).status).toBe(404);
  });

  it("says so when its port is taken", async () => {
    const port = Number(new URL(await start()).port);
    await expect(start({ port })).rejects.toThrow(/EADDRINUSE/);
  });
});
