import { emitKeypressEvents } from "node:readline";
import { summarizeError } from "@imgq/core";
import type { Monitor } from "@imgq/monitor";
import type { WholeSystem } from "../redis/open-system.ts";
import type { Paint } from "../terminal/paint.ts";
import type { TerminalStreams } from "../terminal/terminal.ts";
import { FullScreen } from "./full-screen.ts";
import { perform } from "./perform.ts";
import { renderTop } from "./render-top.ts";
import type { TopData } from "./top-data.ts";
import { chosenQueue, TopReader } from "./top-reader.ts";
import { initialState, type Key, press, type TopAction, type TopState } from "./top-state.ts";

export interface TopSessionOptions {
  readonly system: WholeSystem;
  readonly monitor: Monitor;
  /** Milliseconds from one look to the next. */
  readonly intervalMs: number;
  readonly streams: TerminalStreams;
  readonly paint: Paint;
}

interface NodeKey {
  readonly name?: string;
  readonly ctrl?: boolean;
}

const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Milliseconds after which a notice makes room for the keys again. */
const noticeMs = 6000;

/** The live view, from the first drawing until the person quits or a signal comes. It leaves the terminal as it found it. */
export class TopSession {
  readonly #options: TopSessionOptions;
  readonly #screen: FullScreen;
  readonly #reader: TopReader;
  readonly #over: Promise<void>;
  #quit: () => void = () => {};
  #state: TopState = initialState;
  #data: TopData | undefined;
  #timer: NodeJS.Timeout | undefined;
  #noticeAt = 0;
  #ended = false;
  #lastLook: Promise<void> = Promise.resolve();
  #nextLook: Promise<void> | undefined;

  constructor(options: TopSessionOptions) {
    this.#options = options;
    this.#screen = new FullScreen(options.streams.stdout);
    this.#reader = new TopReader(options.system.queues, options.monitor);
    this.#over = new Promise((resolve) => {
      this.#quit = resolve;
    });
  }

  async run(): Promise<void> {
    const { stdin, stdout } = this.#options.streams;
    for (const signal of endingSignals) process.on(signal, this.#quit);
    emitKeypressEvents(stdin);
    stdin.on("keypress", this.#onKey);
    stdout.on("resize", this.#onResize);
    this.#begin();
    try {
      await this.#look();
      await this.#over;
    } finally {
      this.#ended = true;
      clearTimeout(this.#timer);
      stdin.off("keypress", this.#onKey);
      stdout.off("resize", this.#onResize);
      for (const signal of endingSignals) process.off(signal, this.#quit);
      this.#end();
    }
  }

  /** Ends the view, as the key q does. */
  quit(): void {
    this.#quit();
  }

  /** Says something in the last line, for a moment. */
  announce(text: string, bad = false): void {
    this.#noticeAt = performance.now();
    this.#state = { ...this.#state, notice: { text, bad } };
    this.#draw();
  }

  readonly #onKey = (text: string | undefined, key: NodeKey = {}): void => {
    const step = press(this.#state, namedKey(text, key), this.#data);
    this.#state = step.state;
    this.#draw();
    if (step.action !== undefined) void this.#act(step.action);
  };

  readonly #onResize = (): void => {
    this.#screen.invalidate();
    this.#draw();
  };

  readonly #begin = (): void => {
    this.#screen.enter();
    this.#options.streams.stdin.setRawMode(true);
    this.#options.streams.stdin.resume();
    this.#draw();
  };

  #end(): void {
    this.#options.streams.stdin.setRawMode(false);
    this.#options.streams.stdin.pause();
    this.#screen.leave();
  }

  #draw(): void {
    this.#screen.draw(renderTop(this.#state, this.#data, this.#screen, this.#options.paint));
  }

  async #act(action: TopAction): Promise<void> {
    if (action.type === "quit") return this.#quit();
    if (action.type === "suspend") return this.#suspend();
    if (action.type === "refresh") return this.#look();
    try {
      const { queues, registry } = this.#options.system;
      const outcome = await perform({ queue: chosenQueue(queues, this.#state), registry }, action);
      // First the look, then the word that it is done: the next key must not meet a row that is gone.
      await this.#look();
      this.announce(outcome);
    } catch (error) {
      this.announce(summarizeError(error).message, true);
    }
  }

  /**
   * Shows what is there from now on. A look that began earlier is waited for, not taken for this one; the one that
   * waits serves all who ask meanwhile.
   */
  #look(): Promise<void> {
    this.#nextLook ??= this.#lastLook.then(() => {
      this.#nextLook = undefined;
      return this.#readAndDraw();
    });
    this.#lastLook = this.#nextLook;
    return this.#nextLook;
  }

  async #readAndDraw(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      this.#data = await this.#reader.read(this.#state);
      if (performance.now() - this.#noticeAt > noticeMs) this.#state = { ...this.#state, notice: undefined };
    } catch (error) {
      this.announce(summarizeError(error).message, true);
    }
    this.#draw();
    if (!this.#ended) this.#timer = setTimeout(() => void this.#look(), this.#options.intervalMs);
  }

  /** Ctrl-Z: back to the shell; `fg` comes back here. */
  #suspend(): void {
    this.#end();
    process.once("SIGCONT", this.#begin);
    process.kill(process.pid, "SIGTSTP");
  }
}

/** Node tells letters in lower case, and some keys only as text. */
function namedKey(text: string | undefined, key: NodeKey): Key {
  const ctrl = key.ctrl === true;
  if (!ctrl && text !== undefined && /^[A-Z?]$/.test(text)) return { name: text, ctrl };
  return { name: key.name ?? text ?? "", ctrl };
}
