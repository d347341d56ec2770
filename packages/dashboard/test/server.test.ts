import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Monitor } from "@imgq/monitor";
import { eventually } from "@imgq/testing";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { change, quietSystemForTests } from "./quiet-system.ts";
import { sharpThumbnail } from "./sharp-thumbnail.ts";

const system = quietSystemForTests();

async function deadTask(payload: unknown = {}, message = "broken"): Promise<string> {
  const id = await system.queue.add(payload);
  const [claim] = await system.queue.claim({ worker: "w" });
  if (claim === undefined) throw new Error("Nothing to claim.");
  await system.queue.fail(claim, new Error(message), { deadReason: "unrecoverable" });
  return id;
}

describe("dead letters", () => {
  it("are grouped by cause, and all of one cause are redriven or purged", async () => {
    const url = await system.serve();
    for (const number of [1, 2, 3])
      await deadTask({}, `Cannot read "photos/p${number}.png" at byte ${number * 100}`);
    const other = await deadTask({}, "The disk is full");
    for (const input of ["cat.jpg", "a dog.jpg"])
      await deadTask({ input }, `${input}: cannot be read as a picture`);
    const read = async (): Promise<
      { queue: string; total: number; groups: { key: string; count: number; message: string }[] }[]
    > => (await (await fetch(`${url}api/dead`)).json()) as never;
    const [letters] = await read();
    const { groups, total } = letters ?? { groups: [], total: 0 };
    expect(total).toBe(6);
    expect(groups.map((group) => group.count)).toEqual([3, 2, 1]);
    const [reading, damaged, full] = groups;
    await change(url, { action: "dead.redrive", queue: "images", group: reading?.key });
    expect(await system.queue.counts()).toMatchObject({ dead: 3, pending: 3 });
    await change(url, { action: "dead.purge", queue: "images", group: damaged?.key });
    expect(
      await (await change(url, { action: "dead.purge", queue: "images", group: full?.key })).json(),
    ).toEqual({ message: "1 task is removed." });
    expect(await system.queue.get(other)).toBeUndefined();
    expect(await system.queue.counts()).toMatchObject({ dead: 0, pending: 3 });
  });
});

describe("tasks", () => {
  it("are listed by pages and found by id, without payloads in the list", async () => {
    const url = await system.serve();
    const ids = await system.queue.addMany(
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
    system.serve({
      thumbnail: sharpThumbnail,
      roots: { input: join(folder, "in"), output: join(folder, "out") },
    });

  it("are shown small, made anew, with the sizes of the originals", async () => {
    const url = await servePictures();
    const id = await system.queue.add({ input: "a.png", output: "a.jpg", filters: [] });
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
      const id = await system.queue.add({ input, output: "../in/a.png", filters: [] });
      expect(await (await fetch(`${url}api/pictures/images/${id}`)).json()).toEqual([]);
      expect((await fetch(`${url}api/pictures/images/${id}/input`)).status).toBe(404);
      expect((await fetch(`${url}api/pictures/images/${id}/output`)).status).toBe(404);
    },
  );

  it.each([null, 7, "text", [], { input: { toString: "x" }, variants: "many" }])(
    "do not mind a payload like %j",
    async (payload) => {
      const url = await servePictures();
      const id = await system.queue.add(payload);
      expect(await (await fetch(`${url}api/pictures/images/${id}`)).json()).toEqual([]);
    },
  );
});

describe("live events", () => {
  it("are one snapshot a second, shared by all who listen, and end with the listener", async () => {
    let snapshots = 0;
    const counted: Monitor = {
      snapshot: () => {
        snapshots += 1;
        return system.monitor.snapshot();
      },
      prometheus: () => system.monitor.prometheus(),
      backlog: () => system.monitor.backlog(),
      close: () => system.monitor.close(),
    };
    const url = await system.serve({ monitor: counted });
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
    const url = await system.serve();
    await system.queue.addMany([{ payload: 1 }, { payload: 2 }]);
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
