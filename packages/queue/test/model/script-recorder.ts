import { Redis } from "ioredis";

type Send = Redis["sendCommand"];
type CommandOnTheWire = Parameters<Send>[0];

/** A script call as it went over the wire: `evalsha` or `eval`, and its arguments. */
export interface ScriptCall {
  readonly command: "evalsha" | "eval";
  readonly args: readonly (string | number | Buffer)[];
  readonly reply: Promise<unknown>;
}

/** Sees every script call that any client of this process sends, so that a test can send it once more. */
export class ScriptRecorder {
  // oxlint-disable-next-line typescript/unbound-method -- called with each client as its `this`
  readonly #original: Send = Redis.prototype.sendCommand;
  #calls: ScriptCall[] = [];

  constructor() {
    const record = (command: CommandOnTheWire): void => this.#record(command);
    const original = this.#original;
    Redis.prototype.sendCommand = function (this: Redis, command, stream) {
      record(command);
      return original.call(this, command, stream);
    };
  }

  /** The script calls that `work` makes, in their order. */
  async during(work: () => Promise<void>): Promise<readonly ScriptCall[]> {
    this.#calls = [];
    await work();
    return this.#calls.splice(0);
  }

  stop(): void {
    Redis.prototype.sendCommand = this.#original;
  }

  #record(command: CommandOnTheWire): void {
    if (command.name !== "evalsha" && command.name !== "eval") return;
    const args = command.args.flat().map(wireArgument);
    this.#calls.push({ command: command.name, args, reply: command.promise });
  }
}

function wireArgument(argument: unknown): string | number | Buffer {
  return typeof argument === "number" || Buffer.isBuffer(argument) ? argument : String(argument);
}
