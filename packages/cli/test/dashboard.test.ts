import { spawn } from "node:child_process";
import { redisForTests } from "@imgq/testing";
import { describe, expect, it } from "vitest";
import { imgqBin, runImgq } from "./run-imgq.ts";

const redis = redisForTests();

describe("imgq dashboard", () => {
  it("serves the page and the snapshot until it is interrupted, and then ends with 0", async () => {
    const args = ["dashboard", "--port", "0", "--json", "--queue", "images,thumbnails", "--redis", redis.url];
    const child = spawn(process.execPath, [imgqBin, ...args], { stdio: ["ignore", "pipe", "ignore"] });
    const [first] = await child.stdout.take(1).toArray();
    const { url } = JSON.parse(String(first));
    expect(await (await fetch(url)).text()).toContain("<title>imgq</title>");
    const snapshot = JSON.parse(await (await fetch(`${url}api/snapshot`)).text());
    expect(snapshot).toMatchObject({ queues: [{ name: "images" }, { name: "thumbnails" }] });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGINT");
    expect(await ended).toBe(0);
  });

  it("refuses to show the system to the network without a token", async () => {
    const { code, stderr } = await runImgq(["dashboard", "--host", "0.0.0.0", "--redis", redis.url]);
    expect(code).toBe(2);
    expect(stderr).toContain("host must be a loopback address without a token");
  });
});
