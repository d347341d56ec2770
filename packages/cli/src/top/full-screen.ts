import type { WriteStream } from "node:tty";

const escape = "\u001b[";
/** Alternate screen, no cursor, no line wrap. */
const enterSequence = `${escape}?1049h${escape}?25l${escape}?7l${escape}2J`;
const leaveSequence = `${escape}?7h${escape}?25h${escape}?1049l`;

/**
 * The whole terminal, for a while. What was on it before comes back when it is left: by `leave`, at the end of the process,
 * and before the report of a crash is printed.
 */
export class FullScreen {
  readonly #stream: WriteStream;
  #entered = false;
  #shown: readonly string[] = [];
  readonly #leave = (): void => this.leave();

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  get columns(): number {
    return this.#stream.columns;
  }

  get rows(): number {
    return this.#stream.rows;
  }

  enter(): void {
    if (this.#entered) return;
    this.#entered = true;
    this.#shown = [];
    process.on("exit", this.#leave);
    process.on("uncaughtExceptionMonitor", this.#leave);
    this.#stream.write(enterSequence);
  }

  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    process.off("exit", this.#leave);
    process.off("uncaughtExceptionMonitor", this.#leave);
    this.#stream.write(leaveSequence);
  }

  /** Forgets what is shown, so that the next `draw` paints every line: the terminal has another size. */
  invalidate(): void {
    this.#shown = [];
    if (this.#entered) this.#stream.write(`${escape}2J`);
  }

  /** Shows `lines` from the top; writes only those that changed, in one piece, so that nothing flickers. */
  draw(lines: readonly string[]): void {
    if (!this.#entered) return;
    const visible = lines.slice(0, this.rows);
    let output = "";
    for (let row = 0; row < Math.max(visible.length, this.#shown.length); row += 1) {
      const line = visible[row] ?? "";
      if (line !== this.#shown[row]) output += `${escape}${row + 1};1H${escape}2K${line}${escape}0m`;
    }
    this.#shown = visible;
    if (output !== "") this.#stream.write(output);
  }
}
