import { type Claim, createQueue, createQueues, type Task } from "@imgq/queue";
import { describe, expect, expectTypeOf, it } from "vitest";

interface Resize {
  readonly input: string;
  readonly width: number;
}

interface Size {
  readonly bytes: number;
}

interface Program {
  readonly resize: { readonly payload: Resize; readonly result: Size };
  readonly mail: { readonly payload: string };
}

describe("the types of a queue", () => {
  it("follow its payload and result from add to wait", async () => {
    const queue = createQueue<Resize, Size>({ name: "resize" });
    expectTypeOf<(typeof queue)["add"]>().parameter(0).toEqualTypeOf<Resize>();
    expectTypeOf<(typeof queue)["get"]>().returns.resolves.toEqualTypeOf<Task<Resize, Size> | undefined>();
    expectTypeOf<(typeof queue)["wait"]>().returns.resolves.toEqualTypeOf<Task<Resize, Size>>();
    expectTypeOf<(typeof queue)["claim"]>().returns.resolves.toEqualTypeOf<Claim<Resize>[]>();
    expectTypeOf<(typeof queue)["complete"]>().parameter(1).toEqualTypeOf<Size | undefined>();
    await queue.add({ input: "a.jpg", width: 3 });
    // @ts-expect-error a width is a number
    await queue.add({ input: "a.jpg", width: "3" });
    // @ts-expect-error there is no such priority
    await queue.add({ input: "a.jpg", width: 3 }, { priority: "normal" as "urgent" });
    const [claim] = await queue.claim({ worker: "w1" });
    if (claim === undefined) throw new Error("There was nothing to claim.");
    // @ts-expect-error a result has bytes
    expect(await queue.complete(claim, { width: 3 })).toBe("ok");
    await queue.close();
  });

  it("come with the name when a program says what its queues carry", async () => {
    const open = createQueues<Program>();
    const resize = open("resize");
    const mail = open("mail", { maxRetries: 7 });
    expectTypeOf<(typeof resize)["add"]>().parameter(0).toEqualTypeOf<Resize>();
    expectTypeOf<(typeof mail)["add"]>().parameter(0).toEqualTypeOf<string>();
    expectTypeOf<(typeof resize)["complete"]>().parameter(1).toEqualTypeOf<Size | undefined>();
    // @ts-expect-error mail carries text
    const id = await mail.add({ input: "a.jpg", width: 3 });
    expect(await mail.get(id)).toMatchObject({ queue: "mail", maxRetries: 7 });
    // @ts-expect-error there is no such queue
    expect(open("resise").name).toBe("resise");
    await Promise.all([resize.close(), mail.close()]);
  });
});
