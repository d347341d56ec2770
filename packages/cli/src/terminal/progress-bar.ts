import { type Clock, SECOND, systemClock } from "@imgq/core";
import { formatAmount, formatDuration, formatRate } from "./format.ts";
import type { Terminal } from "./terminal.ts";
import { displayWidth, truncate } from "./width.ts";

export interface ProgressState {
  readonly done: number;
  readonly failed: number;
  readonly total: number;
}

const redrawMs = 100;
/** Milliseconds between two plain lines. */
const plainLineMs = 5 * SECOND;
/** The rate is that of the last seconds, so that it follows what happens. */
const rateWindowMs = 15 * SECOND;

/**
 * Shows how far something is, on standard error: a bar with rate and time left that is redrawn in place on a terminal,
 * a plain line every few seconds elsewhere.
 */
export class ProgressBar {
  readonly #terminal: Terminal;
  readonly #what: string;
  readonly #clock: Clock;
  readonly #samples: { at: number; ended: number }[] = [];
  #shownAt = Number.NEGATIVE_INFINITY;
  #drawn = false;

  /** `what` is one of the things counted: "picture". */
  constructor(terminal: Terminal, what: string, clock: Clock = systemClock) {
    this.#terminal = terminal;
    this.#what = what;
    this.#clock = clock;
  }

  get #redraws(): boolean {
    return this.#terminal.streams.stderr.isTTY === true;
  }

  update(state: ProgressState): void {
    const now = this.#clock.monotonic();
    this.#sample(now, state.done + state.failed);
    const intervalMs = this.#redraws ? redrawMs : plainLineMs;
    if (!this.#redraws && this.#shownAt === Number.NEGATIVE_INFINITY) this.#shownAt = now;
    if (now - this.#shownAt < intervalMs) return;
    this.#shownAt = now;
    if (this.#redraws) this.#draw(state);
    else this.#terminal.note(this.#line(state));
  }

  /** Takes the bar off the screen, so that a line can be printed in its place. */
  clear(): void {
    if (!this.#drawn) return;
    this.#terminal.streams.stderr.write("\r\u001b[2K");
    this.#drawn = false;
  }

  #draw(state: ProgressState): void {
    const { stderr } = this.#terminal.streams;
    const text = this.#line(state);
    const columns = stderr.columns ?? 80;
    const barWidth = Math.min(30, columns - displayWidth(text) - 2);
    const bar = barWidth >= 5 ? `${this.#bar(state, barWidth)} ` : "";
    // One column stays free: a full line would wrap on some terminals.
    const line = bar === "" ? truncate(text, columns - 1) : `${bar}${text}`;
    stderr.write(`\r\u001b[2K${line}`);
    this.#drawn = true;
  }

  #bar({ done, failed, total }: ProgressState, width: number): string {
    const paint = this.#terminal.notePaint;
    const cells = (count: number): number => (total === 0 ? 0 : Math.round((count / total) * width));
    const ended = cells(done + failed);
    const bad = failed === 0 ? 0 : Math.min(ended, Math.max(1, cells(failed)));
    return (
      paint("good", "█".repeat(ended - bad)) +
      paint("bad", "█".repeat(bad)) +
      paint("faint", "░".repeat(width - ended))
    );
  }

  #line({ done, failed, total }: ProgressState): string {
    const ended = done + failed;
    const percent = total === 0 ? 100 : Math.floor((ended / total) * 100);
    const parts = [`${percent} %`, `${ended} of ${formatAmount(total, this.#what)}`];
    if (failed > 0) parts.push(`${failed} failed`);
    const rate = this.#perSecond();
    if (rate > 0) {
      parts.push(formatRate(rate));
      if (ended < total)
        parts.push(`${formatDuration(Math.max(1, Math.round((total - ended) / rate)) * SECOND)} left`);
    }
    return parts.join(" · ");
  }

  #sample(at: number, ended: number): void {
    this.#samples.push({ at, ended });
    while (this.#samples.length > 2 && at - (this.#samples[1]?.at ?? at) > rateWindowMs)
      this.#samples.shift();
  }

  #perSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at <= first.at) return 0;
    return ((last.ended - first.ended) / (last.at - first.at)) * SECOND;
  }
}
