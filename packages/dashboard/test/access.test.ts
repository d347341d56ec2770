import { request as httpRequest } from "node:http";
import { createDashboard } from "@imgq/dashboard";
import { describe, expect, it } from "vitest";
import { change, quietSystemForTests } from "./quiet-system.ts";

const system = quietSystemForTests();
const TOKEN = "an operator's long token";
const VIEW_TOKEN = "a viewer's long token";

describe("every answer", () => {
  it("forbids inline code, framing, sniffing and embedding by other sites", async () => {
    const url = await system.serve();
    for (const path of ["", "api/snapshot", "metrics", "nowhere", "api/tasks?state=x"]) {
      const { headers } = await fetch(url + path);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("unsafe");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });

  it("loads at most 120 KB at first, compressed, and nothing from elsewhere", async () => {
    const url = await system.serve();
    const html = await (await fetch(url)).text();
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = ""]) => path);
    expect(parts).toHaveLength(3);
    let bytes = Buffer.byteLength(html);
    for (const path of parts) {
      expect(path).toMatch(/^assets\/[\w.-]+$/);
      bytes += await rawSize(url + path);
    }
    expect(bytes).toBeLessThan(120_000);
    expect(bytes).toBeGreaterThan(10_000);
  });
});

/** Bytes on the wire; fetch would unpack them. */
function rawSize(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers: { "accept-encoding": "br" } }, (response) => {
      let bytes = 0;
      expect(response.headers["content-encoding"]).toBe("br");
      expect(response.headers["cache-control"]).toContain("immutable");
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on("end", () => resolve(bytes));
    })
      .on("error", reject)
      .end();
  });
}

describe("a change", () => {
  it("is made when the page itself asks for it", async () => {
    const url = await system.serve();
    expect((await change(url, { action: "queue.pause", queue: "images" })).status).toBe(200);
    expect((await system.queue.stats()).paused).toBe(true);
    await change(url, { action: "queue.resume", queue: "images" });
    expect((await system.queue.stats()).paused).toBe(false);
  });

  it.each([
    ["another site", { origin: "https://evil.example" }],
    ["another port of this machine", { origin: "http://127.0.0.1:1" }],
    ["a sandboxed frame", { origin: "null" }],
    ["a wrong proof", { "x-imgq-csrf": "guessed" }],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }],
  ])("is refused from %s", async (_, headers) => {
    const url = await system.serve();
    const response = await change(url, { action: "queue.pause", queue: "images" }, headers);
    expect([403, 415]).toContain(response.status);
    expect((await system.queue.stats()).paused).toBe(false);
  });

  it("is refused without an origin and without the browser's word for it", async () => {
    const url = await system.serve();
    const { csrf } = (await (await fetch(`${url}api/session`)).json()) as { csrf: string };
    const response = await fetch(`${url}api/actions`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-imgq-csrf": csrf },
      body: JSON.stringify({ action: "queue.pause", queue: "images" }),
    });
    expect(response.status).toBe(403);
  });

  it("is accepted where a proxy changes the address, on the browser's word", async () => {
    const url = await system.serve();
    const moved = { origin: "https://ops.example.org" };
    const asked = { action: "queue.pause", queue: "images" };
    expect((await change(url, asked, { ...moved, "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await change(url, asked, { ...moved, "sec-fetch-site": "same-site" })).status).toBe(403);
    expect((await change(url, asked, { ...moved, "sec-fetch-site": "same-origin" })).status).toBe(200);
  });

  it("is refused by GET, in any form", async () => {
    const url = await system.serve();
    expect((await fetch(`${url}api/actions?action=system.queue.pause&queue=images`)).status).toBe(404);
    expect((await fetch(`${url}api/actions`, { method: "DELETE" })).status).toBe(405);
  });

  it.each([
    [{ action: "queue.pause" }, 400],
    [{ action: "queue.drop", queue: "images" }, 400],
    [{ action: "queue.pause", queue: "other" }, 404],
    [{ action: "task.cancel", queue: "images", id: { $ne: 1 } }, 400],
    [{ action: "worker.stop", worker: "nobody" }, 404],
    [[], 400],
  ])("is answered in words when it is %j", async (action, status) => {
    const response = await change(await system.serve(), action);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: expect.any(String) });
  });

  it("may not be long", async () => {
    const response = await change(await system.serve(), {
      action: "queue.pause",
      queue: "x".repeat(100_000),
    });
    expect(response.status).toBe(413);
  });
});

describe("who may do what", () => {
  it("is an operator on loopback, and nobody from the network without a token", async () => {
    expect(await (await fetch(`${await system.serve()}api/session`)).json()).toMatchObject({
      role: "operator",
    });
    await expect(system.serve({ host: "0.0.0.0" })).rejects.toMatchObject({ code: "IMGQ_INVALID_OPTION" });
    await expect(system.serve({ host: "0.0.0.0", token: "short" })).rejects.toMatchObject({
      code: "IMGQ_INVALID_OPTION",
    });
  });

  it("is decided for a name of another site that was made to point here", async () => {
    const { hostname, port } = new URL(await system.serve());
    const status = await new Promise((resolve, reject) => {
      httpRequest(
        { hostname, port, path: "/api/snapshot", headers: { host: `evil.example:${port}` } },
        (response) => resolve(response.statusCode),
      )
        .on("error", reject)
        .end();
    });
    expect(status).toBe(421);
  });

  it("is nothing without a token, when there is one", async () => {
    const url = await system.serve({ token: TOKEN, viewToken: VIEW_TOKEN });
    for (const path of ["api/snapshot", "api/events", "api/tasks?state=dead", "metrics", "backlog"]) {
      expect((await fetch(url + path)).status).toBe(401);
    }
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(`${url}metrics`, { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
    expect(
      (await fetch(`${url}metrics`, { headers: { authorization: `Bearer ${VIEW_TOKEN}` } })).status,
    ).toBe(200);
    // A probe needs no secret and learns one word.
    expect(await (await fetch(`${url}health`)).text()).toBe("ok\n");
  });

  it("is looking with the viewer's token, steering with the operator's", async () => {
    const url = await system.serve({ token: TOKEN, viewToken: VIEW_TOKEN });
    const pause = { action: "queue.pause", queue: "images" };
    expect((await change(url, pause, { authorization: `Bearer ${VIEW_TOKEN}` })).status).toBe(403);
    expect((await change(url, pause, { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    await system.queue.resume();
  });

  it("is kept in a session after a login on the page, until it is forged", async () => {
    const url = await system.serve({ token: TOKEN });
    const login = (token: string, origin: string): Promise<Response> =>
      fetch(`${url}login`, {
        method: "POST",
        redirect: "manual",
        headers: { origin },
        body: new URLSearchParams({ token }),
      });
    const { origin } = new URL(url);
    expect((await login("wrong", origin)).status).toBe(403);
    expect((await login(TOKEN, "https://evil.example")).status).toBe(403);
    const cookie = (await login(TOKEN, origin)).headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    const value = cookie.split(";")[0] ?? "";
    expect((await fetch(`${url}api/session`, { headers: { cookie: value } })).status).toBe(200);
    expect(
      (await fetch(`${url}api/session`, { headers: { cookie: value.replace("operator", "viewer") } })).status,
    ).toBe(401);
    expect((await fetch(`${url}api/session`, { headers: { cookie: `${value}x` } })).status).toBe(401);
  });

  it("is looking only, by default, when it is mounted in a program", async () => {
    const dashboard = createDashboard({
      monitor: system.monitor,
      queues: [system.queue],
      basePath: "/ops/imgq",
    });
    const session = await dashboard.fetch(new Request("http://localhost/ops/imgq/api/session"));
    expect(await session.json()).toMatchObject({ role: "viewer" });
    // Frameworks differ in what they do to a slash at the end, so the page must work either way.
    for (const address of ["http://localhost/ops/imgq", "http://localhost/ops/imgq/"]) {
      const page = await dashboard.fetch(new Request(address));
      expect(page.headers.get("content-type")).toContain("text/html");
      const script = /<script[^>]* src="([^"]+)"/.exec(await page.text())?.[1] ?? "";
      expect(script).toMatch(/^\/ops\/imgq\/assets\//);
      expect((await dashboard.fetch(new Request(new URL(script, address)))).status).toBe(200);
    }
    await dashboard.close();
  });

  it("is what the program says, when it decides", async () => {
    const dashboard = createDashboard({
      monitor: system.monitor,
      queues: [system.queue],
      authorize: (request) => (request.headers.get("x-user") === "root" ? "operator" : undefined),
    });
    expect((await dashboard.fetch(new Request("http://localhost/api/session"))).status).toBe(401);
    const session = await dashboard.fetch(
      new Request("http://localhost/api/session", { headers: { "x-user": "root" } }),
    );
    expect(await session.json()).toMatchObject({ role: "operator" });
    await dashboard.close();
  });
});
