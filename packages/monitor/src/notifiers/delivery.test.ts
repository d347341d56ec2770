import { silentLogger } from "@imgq/core";
import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "@imgq/testing";
import { alertMessage, type Receiver, startReceiver } from "../../test/receiver.ts";
import { Delivery } from "./delivery.ts";
import { webhookNotifier } from "./webhook-notifier.ts";

let receiver: Receiver | undefined;
let delivery: Delivery | undefined;

afterEach(async () => {
  await delivery?.stop(0);
  await receiver?.stop();
});

/** Delivers to a receiver that behaves as told; short times, so that tests are. */
async function deliverTo(
  behave: Receiver["behave"],
  options: { maxWaiting?: number; giveUpMs?: number } = {},
): Promise<{ receiver: Receiver; delivery: Delivery }> {
  receiver = await startReceiver(behave);
  delivery = new Delivery(webhookNotifier(receiver.url), silentLogger, {
    attemptMs: 200,
    retryMs: 10,
    ...options,
  });
  return { receiver, delivery };
}

describe("a delivery", () => {
  it("brings messages in their order, each once", async () => {
    const { receiver, delivery } = await deliverTo("accept");
    const settled: string[] = [];
    for (const id of ["a", "b", "c"]) delivery.accept(alertMessage({ id }), () => settled.push(id));
    await eventually("all settled", () => settled.length === 3);
    expect(receiver.accepted.map((message) => message.id)).toEqual(["a", "b", "c"]);
  });

  it("tries again while the receiver fails, and delivers once when it is well", async () => {
    const { receiver, delivery } = await deliverTo("fail");
    delivery.accept(alertMessage({ id: "a" }), () => {});
    await eventually("three attempts", () => receiver.attempts >= 3);
    receiver.behave = "accept";
    await eventually("delivered", () => receiver.accepted.length > 0);
    await delivery.stop(1000);
    expect(receiver.accepted.map((message) => message.id)).toEqual(["a"]);
  });

  it("gives an attempt up when the receiver does not answer", async () => {
    const { receiver, delivery } = await deliverTo("hang");
    delivery.accept(alertMessage({ id: "a" }), () => {});
    await eventually("a second attempt", () => receiver.attempts >= 2);
    receiver.behave = "accept";
    await eventually("delivered", () => receiver.accepted.length === 1);
  });

  it("does not repeat what the receiver refuses for good", async () => {
    const { receiver, delivery } = await deliverTo("refuse");
    const settled: string[] = [];
    delivery.accept(alertMessage({ id: "a" }), () => settled.push("a"));
    await eventually("settled", () => settled.length === 1);
    receiver.behave = "accept";
    delivery.accept(alertMessage({ id: "b" }), () => settled.push("b"));
    await eventually("the next one is delivered", () => receiver.accepted.length === 1);
    expect(receiver.attempts).toBe(2);
  });

  it("keeps a bounded number of messages, the newest", async () => {
    const { receiver, delivery } = await deliverTo("fail", { maxWaiting: 3 });
    const settled: string[] = [];
    for (const id of ["a", "b", "c", "d", "e"]) delivery.accept(alertMessage({ id }), () => settled.push(id));
    expect(settled).toEqual(["a", "b"]);
    receiver.behave = "accept";
    await eventually("the rest is delivered", () => settled.length === 5);
    // The first was already on its way when it was given up.
    expect(receiver.accepted.map((message) => message.id).filter((id) => id !== "a")).toEqual([
      "c",
      "d",
      "e",
    ]);
  });

  it("gives a message up that has become too old", async () => {
    const { delivery } = await deliverTo("fail", { giveUpMs: 50 });
    const settled: string[] = [];
    delivery.accept(alertMessage({ id: "a" }), () => settled.push("a"));
    await eventually("given up", () => settled.length === 1);
  });

  it("stops in time when the receiver is down", async () => {
    const { receiver, delivery } = await deliverTo("hang");
    delivery.accept(alertMessage({ id: "a" }), () => {});
    await eventually("an attempt", () => receiver.attempts >= 1);
    const before = performance.now();
    await delivery.stop(50);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});
