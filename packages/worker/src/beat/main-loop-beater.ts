import { BeatLoop } from "./beat-loop.ts";
import { BeatRound } from "./beat-round.ts";
import { within } from "../within.ts";
import type { Beater, BeaterOptions } from "./beater.ts";

/** Beats on the main loop: for tasks in memory, which end with the process anyway. */
export function createMainLoopBeater(options: BeaterOptions): Beater {
  const loop = new BeatLoop({
    round: new BeatRound(options),
    intervalMs: options.intervalMs,
    limits: options.limits,
    self: () => ({ ...options.self(), ageMs: 0 }),
    sinceTurnMs: () => 0,
    onReport: options.onReport,
  });
  return {
    start: () => loop.start(),
    tell: () => {},
    expect: () => {},
    stop: (patienceMs) => within(patienceMs, loop.stop()),
  };
}
