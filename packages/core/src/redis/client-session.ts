import { Socket } from "node:net";
import { type Bounded, Deadlines } from "../deadlines.ts";
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
interface Call extends RosterMember, Bounded {
  end(outcome: Outcome<never>): void;
}

/** The life of one ioredis client, from its opening until it is dropped, and the commands that wait on it. */
export class ClientSession {
  readonly client: RedisClient;
  readonly #calls = new Roster<Call>();
  readonly #deadlines = new Deadlines(() => this.#calls.members());
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

  /** Runs a command and resolves with how it ended, at the latest at `deadline` or when the session is dropped. */
  run<T>(command: (client: RedisClient) => Promise<T>, deadline: number): Promise<Outcome<T>> {
    if (this.#refusal !== undefined) return Promise.resolve({ kind: "error", error: this.#refusal });
    return new Promise((resolve) => {
      const end = (outcome: Outcome<T>): void => {
        this.#calls.delete(call);
        resolve(outcome);
      };
      const call: Call = { place: -1, deadline, end, timeOut: () => end({ kind: "late" }) };
      this.#calls.add(call);
      this.#deadlines.expect(deadline);
      // What an abandoned command ends with later resolves nothing any more.
      const onReply = (reply: T): void => {
        this.#lastReplyAt = performance.now();
        this.#lastConnectionError = undefined;
        end({ kind: "reply", reply });
      };
      const onError = (error: unknown): void => end({ kind: "error", error });
      try {
        command(this.client).then(onReply, onError);
      } catch (error) {
        onError(error);
      }
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
    for (const call of this.#calls.members()) call.end(outcome);
    this.client.disconnect(false);
  }
}
