import { emitKeypressEvents } from "node:readline";
import { summarizeError } from "@imgq/core";
import type { Monitor } from "@imgq/monitor";
import type { System } from "../redis/open-system.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { FullScreen } from "./full-screen.ts";
import { perform } from "./perform.ts";
import { renderTop } from "./render-top.ts";
import type { TopData } from "./top-data.ts";
import { TopReader } from "./top-reader.ts";
import { initialState, type Key, press, type TopAction, type TopState } from "./top-state.ts";

/** Shows the live view until the person quits or a signal comes. The terminal is left as it was found. */
export async function runTop(
  system: System,
  monitor: Monitor,
  intervalMs: number,
  terminal: Terminal,
): Promise<void> {
  const { stdin, stdout } = terminal.streams;
  const screen = new FullScreen(stdout);
  const reader = new TopReader(system.queue, monitor);
  const { paint } = terminal;
  let state: TopState = initialState;
  let data: TopData | undefined;
  let timer: NodeJS.Timeout | undefined;
  let quit: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    quit = resolve;
  });

  const draw = (): void => screen.draw(renderTop(state, data, screen, paint));
  const show = (next: TopState): void => {
    state = next;
    draw();
  };
  let reading = false;
  const look = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    clearTimeout(timer);
    try {
      data = await reader.read(state);
    } catch (error) {
      state = { ...state, notice: { text: summarizeError(error).message, bad: true } };
    }
    reading = false;
    draw();
    timer = setTimeout(() => void look(), intervalMs);
  };
  const act = async (action: TopAction): Promise<void> => {
    if (action.type === "quit") return quit();
    if (action.type === "suspend") return suspend();
    if (action.type !== "refresh") {
      try {
        show({ ...state, notice: { text: await perform(system, action), bad: false } });
      } catch (error) {
        show({ ...state, notice: { text: summarizeError(error).message, bad: true } });
      }
    }
    await look();
  };
  const onKey = (
    text: string | undefined,
    key: { name?: string; ctrl?: boolean; shift?: boolean } = {},
  ): void => {
    const step = press(state, namedKey(text, key), data);
    show(step.state);
    if (step.action !== undefined) void act(step.action);
  };
  const begin = (): void => {
    screen.enter();
    stdin.setRawMode(true);
    stdin.resume();
    draw();
  };
  const end = (): void => {
    stdin.setRawMode(false);
    stdin.pause();
    screen.leave();
  };
  const suspend = (): void => {
    end();
    process.once("SIGCONT", begin);
    process.kill(process.pid, "SIGTSTP");
  };
  const onResize = (): void => {
    screen.invalidate();
    draw();
  };

  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, quit);
  emitKeypressEvents(stdin);
  stdin.on("keypress", onKey);
  stdout.on("resize", onResize);
  begin();
  try {
    await look();
    await over;
  } finally {
    clearTimeout(timer);
    stdin.off("keypress", onKey);
    stdout.off("resize", onResize);
    for (const signal of signals) process.off(signal, quit);
    end();
  }
}

/** Node tells letters in lower case and most others only as text. */
function namedKey(text: string | undefined, key: { name?: string; ctrl?: boolean; shift?: boolean }): Key {
  const ctrl = key.ctrl === true;
  if (!ctrl && text !== undefined && /^[A-Z?]$/.test(text)) return { name: text, ctrl };
  return { name: key.name ?? text ?? "", ctrl };
}
