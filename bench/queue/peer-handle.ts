import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { DrainPart } from "./measures/drain.ts";
import type { ImageCost } from "./measures/images.ts";
import { type FromPeer, type Order, parseFromPeer } from "./protocol.ts";

/** The bench's end of a peer's process. */
export class PeerHandle {
  readonly name: string;
  readonly #child: ChildProcess;
  #onReply: (reply: FromPeer) => void = () => {};
  #settled = 0;

  constructor(name: string) {
    this.name = name;
    const script = fileURLToPath(new URL("./peer-process.ts", import.meta.url));
    this.#child = fork(script, [name], { env: { ...process.env, NODE_ENV: "production" } });
    this.#child.on("message", (message) => {
      const reply = parseFromPeer(message);
      if ("settled" in reply) this.#settled = reply.settled;
      else this.#onReply(reply);
    });
    this.#child.on("exit", (code, signal) =>
      this.#onReply({ failure: `its process ended (${signal ?? code}).` }),
    );
  }

  /** Tasks settled so far by the drain under way. */
  get settled(): number {
    return this.#settled;
  }

  async measure(order: Order): Promise<number> {
    const reply = await this.#execute(order);
    if ("value" in reply) return reply.value;
    throw new Error(`${this.name} answered ${order.do} without a value.`);
  }

  async fill(target: Order["target"], tasks: number): Promise<void> {
    await this.#execute({ do: "fill", target, tasks });
  }

  /** Without `tasks`, drains until {@link stop}. */
  async drain(target: Order["target"], concurrency: number, tasks?: number): Promise<DrainPart> {
    this.#settled = 0;
    const reply = await this.#execute({
      do: "drain",
      target,
      concurrency,
      ...(tasks === undefined ? {} : { tasks }),
    });
    if ("part" in reply) return reply.part;
    throw new Error(`${this.name} answered a drain without its part.`);
  }

  async images(target: Order["target"], tasks: number): Promise<ImageCost> {
    const reply = await this.#execute({ do: "images", target, tasks });
    if ("images" in reply) return reply.images;
    throw new Error(`${this.name} answered images without their cost.`);
  }

  stop(): void {
    this.#child.send({ stop: true });
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.disconnect();
    await exited;
  }

  async #execute(order: Order): Promise<FromPeer> {
    const limitMs = 300_000;
    const reply = await new Promise<FromPeer>((resolve) => {
      const timer = setTimeout(() => resolve({ failure: `no answer within ${limitMs / 1000} s.` }), limitMs);
      this.#onReply = (received) => {
        clearTimeout(timer);
        resolve(received);
      };
      this.#child.send({ order });
    });
    if ("failure" in reply) throw new Error(`${this.name}, ${order.do}: ${reply.failure}`);
    return reply;
  }
}
