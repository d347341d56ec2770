import type { Socket } from "node:net";
import type { Faults } from "./fault-proxy.ts";
import { FaultyPipe, nothing, type Passage } from "./faulty-pipe.ts";
import type { SeededRandom } from "./seeded-random.ts";

export interface FaultyLinkOptions {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly random: SeededRandom;
  /** The faults as they are now. */
  readonly faults: () => Faults;
  readonly onLostReply: () => void;
  readonly onEnd: () => void;
}

/** One proxied connection: two directions that share their byte count and end together. */
export class FaultyLink {
  readonly #options: FaultyLinkOptions;
  readonly #pipes: readonly FaultyPipe[];
  #passedBytes = 0;
  #bytesAtChange = 0;
  #ended = false;
  #stranded = false;
  /** Bytes were lost on the way. TCP never delivers what follows a loss, so nothing may pass any more. */
  #damaged = false;

  constructor(options: FaultyLinkOptions) {
    this.#options = options;
    const { client, upstream } = options;
    const cut = (): boolean => this.#cut;
    this.#pipes = [
      new FaultyPipe({ from: client, to: upstream, cut, pass: (chunk) => this.#pass(chunk, "request") }),
      new FaultyPipe({ from: upstream, to: client, cut, pass: (chunk) => this.#pass(chunk, "reply") }),
    ];
    for (const socket of [client, upstream]) {
      socket.on("error", () => {});
      socket.once("close", (hadError) => {
        if (hadError || this.#bothClosed()) this.#closed();
      });
    }
    this.faultsChanged();
  }

  /** Byte limits count from the moment they are set. */
  faultsChanged(): void {
    const { client, upstream, faults } = this.#options;
    this.#bytesAtChange = this.#passedBytes;
    for (const pipe of this.#pipes) pipe.hold(faults().pause === true);
    // What happened while the network was dead is learnt now: a side went away, or bytes are missing.
    if (client.destroyed || upstream.destroyed || (this.#damaged && !this.#stranded)) this.#closed();
  }

  /** Passes nothing any more and tells nobody. */
  strand(): void {
    this.#stranded = true;
  }

  /** Ends both sides with a reset, as a crashed machine or a firewall does. */
  reset(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const pipe of this.#pipes) pipe.end();
    this.#options.client.resetAndDestroy();
    this.#options.upstream.resetAndDestroy();
    this.#options.onEnd();
  }

  #closed(): void {
    if (!this.#cut) this.reset();
  }

  get #cut(): boolean {
    return this.#stranded || this.#options.faults().blackhole === true;
  }

  #bothClosed(): boolean {
    return this.#options.client.destroyed && this.#options.upstream.destroyed;
  }

  /** Decides what becomes of a chunk. */
  #pass(chunk: Buffer, direction: "request" | "reply"): Passage {
    const faults = this.#options.faults();
    const { random } = this.#options;
    if (this.#cut || this.#damaged) {
      this.#damaged = true;
      return nothing;
    }
    if (direction === "reply" && random.chance(faults.loseReply ?? 0)) {
      this.#options.onLostReply();
      this.reset();
      return nothing;
    }
    const passedSinceChange = this.#passedBytes - this.#bytesAtChange;
    this.#passedBytes += chunk.length;
    if (passedSinceChange + chunk.length > (faults.resetAfterBytes ?? Number.POSITIVE_INFINITY)) {
      this.reset();
      return nothing;
    }
    const allowed = Math.max(0, (faults.dropAfterBytes ?? Number.POSITIVE_INFINITY) - passedSinceChange);
    if (allowed < chunk.length) this.#damaged = true;
    return {
      bytes: allowed < chunk.length ? chunk.subarray(0, allowed) : chunk,
      sliceBytes: faults.sliceBytes,
      delayMs: (faults.latencyMs ?? 0) + random.next() * (faults.jitterMs ?? 0),
    };
  }
}
