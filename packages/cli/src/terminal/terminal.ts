import type { ReadStream, WriteStream } from "node:tty";
import { exitCodes } from "../exit-code.ts";
import type { PresentedError } from "../present-error.ts";
import { createPaint, type Paint, wantsColour } from "./paint.ts";

export interface TerminalStreams {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Runs the same command line in a process with other variables; absent where there is no process to start again. */
  readonly relaunch?: (env: NodeJS.ProcessEnv) => Promise<number>;
}

/**
 * What a command talks to: results go to standard output (as text, or as one JSON document), everything said by the way
 * goes to standard error, and the exit code is kept until the program ends.
 */
export class Terminal {
  readonly streams: TerminalStreams;
  /** Raised by a command that ran to its end but has failures to report. */
  exitCode: number = exitCodes.ok;
  #json = false;
  #colour: boolean | undefined;
  #debug = false;

  constructor(streams: TerminalStreams) {
    this.streams = streams;
  }

  /** Called once the command line has been read. */
  configure(options: {
    readonly json: boolean;
    readonly debug: boolean;
    readonly colour: boolean | undefined;
  }): void {
    this.#json = options.json;
    this.#debug = options.debug;
    this.#colour = options.colour;
  }

  get json(): boolean {
    return this.#json;
  }

  get debug(): boolean {
    return this.#debug;
  }

  /** Colours for standard output. */
  get paint(): Paint {
    return createPaint(this.#colour ?? wantsColour(this.streams.stdout, this.streams.env));
  }

  /** Colours for standard error. */
  get notePaint(): Paint {
    return createPaint(this.#colour ?? wantsColour(this.streams.stderr, this.streams.env));
  }

  /** Columns of the screen; undefined when the output goes to a file or a pipe. */
  get width(): number | undefined {
    return this.streams.stdout.isTTY ? this.streams.stdout.columns : undefined;
  }

  /** Somebody can be asked. */
  get interactive(): boolean {
    return this.streams.stdin.isTTY === true && this.streams.stderr.isTTY === true && !this.#json;
  }

  /** The result: `value` with `--json`, else what `render` makes of it. */
  show(value: unknown, render: () => string): void {
    this.print(this.#json ? JSON.stringify(value, undefined, 2) : render());
  }

  /** One line of a stream of results: with `--json`, one object a line. */
  showLine(value: unknown, render: () => string): void {
    this.print(this.#json ? JSON.stringify(value) : render());
  }

  print(text: string): void {
    this.streams.stdout.write(`${text}\n`);
  }

  /** Something worth knowing that is not the result. Not said with `--json`. */
  note(text: string): void {
    if (!this.#json) this.streams.stderr.write(`${text}\n`);
  }

  /** Standard error always tells a person; with `--json` standard output tells the program as well. */
  showError(error: PresentedError): void {
    const { code, message, exitCode } = error;
    this.exitCode = exitCode;
    const text = this.#debug ? error.trace : message;
    this.streams.stderr.write(`${this.notePaint("bad", "imgq:")} ${text}\n`);
    if (this.#json) this.print(JSON.stringify({ error: { code, message, exitCode } }, undefined, 2));
  }
}
