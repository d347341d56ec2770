import { Socket } from "node:net";
import { Roster, type RosterMember } from "../roster.ts";
import { type RedisRefusedError, refusalOfDatabase } from "./errors.ts";
import type { RedisClient } from "./source.ts";

/** How one attempt at a command ended. */
export type Outcome<T> =
  | { readonly kind: "reply"; readonly reply: T }
  | { readonly kind: "error"; readonly error: unknown }
  /** Its time was up first. */
  | { readonly kind: "late" }
  /** The client was thrown away under it. */
  | { readonly kind: "dropped" };

/** A command under way. */
interface Waiting extends RosterMember {
  readonly end: (outcome: Outcome<never>) => void;
}

/** The life of one ioredis client, from its opening until it is dropped, and the commands that wait on it. */
export class ClientSession {
  readonly client: RedisClient;
  readonly #waiting = new Roster<Waiting>();
  #connected: Promise<void> | undefined;
  #lastReplyAt = 0;
  #lastConnectionError: Error | undefined;
  #refusal: RedisRefusedError | undefined;

  constructor(client: RedisClient, onConnectionError: (error: Error) => void) {
    this.client = client;
    // ioredis prints errors that nobody listens to, also after the end.
    client.on("error", (error: Error) => {
      this.#lastConnectionError = error;
      onConnectionError(error);
      const refusal = refusalOfDatabase(error);
      if (refusal !== undefined) this.#refuse(refusal);
    });
  }

  /** By the monotonic clock; 0 before the first reply. */
  get lastReplyAt(): number {
    return this.#lastReplyAt;
  }

  /** Why the client is not connected, as far as it has said so. */
  get lastConnectionError(): Error | undefined {
    return this.#lastConnectionError;
  }

  /** Resolves once it is ready for commands; at once when it is. */
  get connected(): Promise<void> {
    if (this.client.status === "ready") return Promise.resolve();
    this.#connected ??= new Promise((resolve) => {
      this.client.once("ready", () => {
        this.#connected = undefined;
        resolve();
      });
    });
    return this.#connected;
  }

  /** Whether its socket leads to this address. */
  isConnectedTo(host: string, port: number): boolean {
    // ioredis shows its socket but does not declare it.
    const socket: unknown = Reflect.get(this.client, "stream");
    if (!(socket instanceof Socket)) return false;
    return socket.remotePort === port && socket.remoteAddress?.replace(/^::ffff:/, "") === host;
  }

  /** Runs a command and resolves with how it ended, at the latest after `ms` or when the session is dropped. */
  run<T>(command: (client: RedisClient) => Promise<T>, ms: number): Promise<Outcome<T>> {
    if (this.#refusal !== undefined) return Promise.resolve({ kind: "error", error: this.#refusal });
    return new Promise((resolve) => {
      const end = (outcome: Outcome<T>): void => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        resolve(outcome);
      };
      const timer = setTimeout(() => end({ kind: "late" }), Math.max(0, ms));
      const waiting = { place: -1, end };
      this.#waiting.add(waiting);
      const sent = async (): Promise<T> => command(this.client);
      // What an abandoned command ends with later resolves nothing any more.
      sent().then(
        (reply) => {
          this.#lastReplyAt = performance.now();
          this.#lastConnectionError = undefined;
          end({ kind: "reply", reply });
        },
        (error: unknown) => end({ kind: "error", error }),
      );
    });
  }

  /** Ends the client with whatever it has queued. ioredis does not settle its commands in every state, so that this does. */
  drop(): void {
    this.#end({ kind: "dropped" });
  }

  /** ioredis would go on in database 0, where nobody looks for the tasks. */
  #refuse(refusal: RedisRefusedError): void {
    this.#refusal = refusal;
    this.#end({ kind: "error", error: refusal });
  }

  #end(outcome: Outcome<never>): void {
    for (const waiting of this.#waiting.members()) waiting.end(outcome);
    this.client.disconnect(false);
  }
}
