import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDashboard, type DashboardServer, serveDashboard, type ServeOptions } from "@imgq/dashboard";
import { createMonitor, type Monitor } from "@imgq/monitor";
import { createQueue, type Queue } from "@imgq/queue";
import { createRegistry, type Registry } from "@imgq/registry";
import { eventually, redisForTests } from "@imgq/testing";
import sharp from "sharp";
import { sharpThumbnail } from "./sharp-thumbnail.ts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

const redis = redisForTests();
const TOKEN = "an operator's long token";
const VIEW_TOKEN = "a viewer's long token";

let queue: Queue;
let registry: Registry;
let monitor: Monitor;
const servers: DashboardServer[] = [];

beforeAll(() => {
  queue = createQueue({ name: "images", redis: redis.url });
  registry = createRegistry({ redis: redis.url });
  monitor = createMonitor({ queues: [queue], registry });
});
beforeEach(async () => {
  await queue.clear();
  await registry.clear();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(async () => {
  await Promise.all([monitor.close(), registry.close(), queue.close()]);
});

async function serve(options: Partial<ServeOptions> = {}): Promise<string> {
  const server = await serveDashboard({ monitor, queues: [queue], registry, port: 0, ...options });
  servers.push(server);
  return server.url;
}

/** What the page does: asks for its proof, then changes something with it. */
async function change(url: string, action: object, headers: Record<string, string> = {}): Promise<Response> {
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

async function deadTask(payload: unknown = {}, message = "broken"): Promise<string> {
  const id = await queue.add(payload);
  const [claim] = await queue.claim({ worker: "w" });
  if (claim === undefined) throw new Error("Nothing to claim.");
  await queue.fail(claim, new Error(message), { deadReason: "unrecoverable" });
  return id;
}

describe("every answer", () => {
  it("forbids inline code, framing, sniffing and embedding by other sites", async () => {
    const url = await serve();
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
    const url = await serve();
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
    const url = await serve();
    expect((await change(url, { action: "queue.pause", queue: "images" })).status).toBe(200);
    expect((await queue.stats()).paused).toBe(true);
    await change(url, { action: "queue.resume", queue: "images" });
    expect((await queue.stats()).paused).toBe(false);
  });

  it.each([
    ["another site", { origin: "https://evil.example" }],
    ["another port of this machine", { origin: "http://127.0.0.1:1" }],
    ["a sandboxed frame", { origin: "null" }],
    ["a wrong proof", { "x-imgq-csrf": "guessed" }],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }],
  ])("is refused from %s", async (_, headers) => {
    const url = await serve();
    const response = await change(url, { action: "queue.pause", queue: "images" }, headers);
    expect([403, 415]).toContain(response.status);
    expect((await queue.stats()).paused).toBe(false);
  });

  it("is refused without an origin and without the browser's word for it", async () => {
    const url = await serve();
    const { csrf } = (await (await fetch(`${url}api/session`)).json()) as { csrf: string };
    const response = await fetch(`${url}api/actions`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-imgq-csrf": csrf },
      body: JSON.stringify({ action: "queue.pause", queue: "images" }),
    });
    expect(response.status).toBe(403);
  });

  it("is refused by GET, in any form", async () => {
    const url = await serve();
    expect((await fetch(`${url}api/actions?action=queue.pause&queue=images`)).status).toBe(404);
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
    const response = await change(await serve(), action);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: expect.any(String) });
  });

  it("may not be long", async () => {
    const response = await change(await serve(), { action: "queue.pause", queue: "x".repeat(100_000) });
    expect(response.status).toBe(413);
  });
});

describe("dead letters", () => {
  it("are grouped by cause, and all of one cause are redriven or purged", async () => {
    const url = await serve();
    for (const number of [1, 2, 3])
      await deadTask({}, `Cannot read "photos/p${number}.png" at byte ${number * 100}`);
    const other = await deadTask({}, "The disk is full");
    const read = async (): Promise<
      { queue: string; total: number; groups: { key: string; count: number; message: string }[] }[]
    > => (await (await fetch(`${url}api/dead`)).json()) as never;
    const [letters] = await read();
    const { groups, total } = letters ?? { groups: [], total: 0 };
    expect(total).toBe(4);
    expect(groups.map((group) => group.count)).toEqual([3, 1]);
    const [reading, full] = groups;
    await change(url, { action: "dead.redrive", queue: "images", group: reading?.key });
    expect(await queue.counts()).toMatchObject({ dead: 1, pending: 3 });
    expect(
      await (await change(url, { action: "dead.purge", queue: "images", group: full?.key })).json(),
    ).toEqual({ message: "1 task is removed." });
    expect(await queue.get(other)).toBeUndefined();
    expect(await queue.counts()).toMatchObject({ dead: 0, pending: 3 });
  });
});

describe("tasks", () => {
  it("are listed by pages and found by id, without payloads in the list", async () => {
    const url = await serve();
    const ids = await queue.addMany(
      Array.from({ length: 5 }, (_, index) => ({ payload: { secret: index } })),
    );
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const query = new URLSearchParams({
        queue: "images",
        state: "pending",
        limit: "2",
        ...(after === undefined ? {} : { after }),
      });
      const page = (await (await fetch(`${url}api/tasks?${query.toString()}`)).json()) as {
        items: { id: string }[];
        next?: string;
      };
      expect(JSON.stringify(page)).not.toContain("secret");
      seen.push(...page.items.map((task) => task.id));
      after = page.next;
    } while (after !== undefined);
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(await (await fetch(`${url}api/search?id=${ids[2]}`)).json()).toMatchObject([
      { id: ids[2], queue: "images", state: "pending" },
    ]);
    expect(await (await fetch(`${url}api/search?id=${encodeURIComponent("no such/id ")}`)).json()).toEqual(
      [],
    );
    expect((await fetch(`${url}api/tasks/images/none`)).status).toBe(404);
    expect((await fetch(`${url}api/tasks/images/%E0%A4%A`)).status).toBe(400);
  });
});

describe("pictures", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "imgq-pictures-"));
    await mkdir(join(folder, "in"));
    await mkdir(join(folder, "out"));
    const picture = sharp({ create: { width: 200, height: 100, channels: 3, background: "#0f6e84" } });
    await picture
      .clone()
      .png()
      .toFile(join(folder, "in", "a.png"));
    await picture
      .clone()
      .jpeg()
      .toFile(join(folder, "out", "a.jpg"));
    await picture.clone().png().toFile(join(folder, "secret.png"));
    await symlink(join(folder, "secret.png"), join(folder, "in", "link.png"));
    await writeFile(join(folder, "in", "no-picture.png"), "<script>alert(1)</script>");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const servePictures = (): Promise<string> =>
    serve({ thumbnail: sharpThumbnail, roots: { input: join(folder, "in"), output: join(folder, "out") } });

  it("are shown small, made anew, with the sizes of the originals", async () => {
    const url = await servePictures();
    const id = await queue.add({ input: "a.png", output: "a.jpg", filters: [] });
    expect(await (await fetch(`${url}api/pictures/images/${id}`)).json()).toMatchObject([
      { key: "input", path: "a.png", width: 200, height: 100 },
      { key: "output", path: "a.jpg", width: 200, height: 100 },
    ]);
    const response = await fetch(`${url}api/pictures/images/${id}/input`);
    expect(response.headers.get("content-type")).toBe("image/webp");
    expect(await sharp(Buffer.from(await response.arrayBuffer())).metadata()).toMatchObject({
      width: 320,
      height: 160,
    });
  });

  it.each(["../secret.png", "link.png", "no-picture.png", "/etc/passwd", ".", "a.png\0.jpg", "missing.png"])(
    "are not shown for %j",
    async (input) => {
      const url = await servePictures();
      const id = await queue.add({ input, output: "../in/a.png", filters: [] });
      expect(await (await fetch(`${url}api/pictures/images/${id}`)).json()).toEqual([]);
      expect((await fetch(`${url}api/pictures/images/${id}/input`)).status).toBe(404);
      expect((await fetch(`${url}api/pictures/images/${id}/output`)).status).toBe(404);
    },
  );

  it.each([null, 7, "text", [], { input: { toString: "x" }, variants: "many" }])(
    "do not mind a payload like %j",
    async (payload) => {
      const url = await servePictures();
      const id = await queue.add(payload);
      expect(await (await fetch(`${url}api/pictures/images/${id}`)).json()).toEqual([]);
    },
  );
});

describe("who may do what", () => {
  it("is an operator on loopback, and nobody from the network without a token", async () => {
    expect(await (await fetch(`${await serve()}api/session`)).json()).toMatchObject({ role: "operator" });
    await expect(serve({ host: "0.0.0.0" })).rejects.toMatchObject({ code: "IMGQ_INVALID_OPTION" });
    await expect(serve({ host: "0.0.0.0", token: "short" })).rejects.toMatchObject({
      code: "IMGQ_INVALID_OPTION",
    });
  });

  it("is decided for a name of another site that was made to point here", async () => {
    const { hostname, port } = new URL(await serve());
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
    const url = await serve({ token: TOKEN, viewToken: VIEW_TOKEN });
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
    const url = await serve({ token: TOKEN, viewToken: VIEW_TOKEN });
    const pause = { action: "queue.pause", queue: "images" };
    expect((await change(url, pause, { authorization: `Bearer ${VIEW_TOKEN}` })).status).toBe(403);
    expect((await change(url, pause, { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    await queue.resume();
  });

  it("is kept in a session after a login on the page, until it is forged", async () => {
    const url = await serve({ token: TOKEN });
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
    const dashboard = createDashboard({ monitor, queues: [queue], basePath: "/ops/imgq" });
    const session = await dashboard.fetch(new Request("http://localhost/ops/imgq/api/session"));
    expect(await session.json()).toMatchObject({ role: "viewer" });
    const redirect = await dashboard.fetch(new Request("http://localhost/ops/imgq"));
    expect(redirect.headers.get("location")).toBe("/ops/imgq/");
    const page = await dashboard.fetch(new Request("http://localhost/ops/imgq/"));
    expect(page.headers.get("content-type")).toContain("text/html");
    await dashboard.close();
  });

  it("is what the program says, when it decides", async () => {
    const dashboard = createDashboard({
      monitor,
      queues: [queue],
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

describe("live events", () => {
  it("are one snapshot a second, shared by all who listen, and end with the listener", async () => {
    let snapshots = 0;
    const counted: Monitor = {
      snapshot: () => {
        snapshots += 1;
        return monitor.snapshot();
      },
      prometheus: () => monitor.prometheus(),
      backlog: () => monitor.backlog(),
      close: () => monitor.close(),
    };
    const url = await serve({ monitor: counted });
    const abort = new AbortController();
    const readers = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const response = await fetch(`${url}api/events`, { signal: abort.signal });
        expect(response.headers.get("content-type")).toContain("text/event-stream");
        return response.body?.pipeThrough(new TextDecoderStream()).getReader();
      }),
    );
    const startedAt = performance.now();
    snapshots = 0;
    const texts = await Promise.all(
      readers.map(async (reader) => {
        let text = "";
        while ((text.match(/^event: live$/gm) ?? []).length < 3) text += (await reader?.read())?.value ?? "";
        return text;
      }),
    );
    const seconds = (performance.now() - startedAt) / 1000;
    expect(snapshots).toBeLessThanOrEqual(seconds + 4);
    const [, message = ""] = /^data: (.*)$/m.exec(texts[0] ?? "") ?? [];
    expect(JSON.parse(message)).toMatchObject({ first: true, snapshot: { queues: [{ name: "images" }] } });
    abort.abort();
    await Promise.allSettled(readers.map(async (reader) => reader?.read()));
    await eventually("the feed slows down when nobody listens", async () => {
      snapshots = 0;
      await new Promise((resolve) => setTimeout(resolve, 2500));
      return snapshots <= 1;
    });
  });
});

describe("numbers for machines", () => {
  it("are Prometheus' text and the backlog", async () => {
    const url = await serve();
    await queue.addMany([{ payload: 1 }, { payload: 2 }]);
    const metrics = await fetch(`${url}metrics`);
    expect(metrics.headers.get("content-type")).toContain("version=0.0.4");
    expect(await metrics.text()).toContain('imgq_tasks{queue="images",state="pending"} 2');
    expect(await (await fetch(`${url}backlog`)).json()).toMatchObject({
      fresh: true,
      backlog: 2,
      perSlot: 2,
      queues: { images: { pending: 2, processing: 0, etaSeconds: null } },
    });
  });
});
