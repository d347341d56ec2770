import { createInterface } from "node:readline/promises";
import { NotConfirmedError } from "../errors.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Asks before something is destroyed. Resolves when the person agrees or `yes` was given; rejects with
 * {@link NotConfirmedError} otherwise, also when nobody is there to ask.
 */
export async function confirm(terminal: Terminal, question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!terminal.interactive) {
    throw new NotConfirmedError(`${question} Nobody is here to answer: add --yes to go on.`);
  }
  const { stdin, stderr } = terminal.streams;
  const dialogue = createInterface({ input: stdin, output: stderr });
  const abort = new AbortController();
  // Ctrl-C and Ctrl-D are answers too, and both mean no.
  dialogue.once("SIGINT", () => abort.abort());
  dialogue.once("close", () => abort.abort());
  try {
    const answer = await dialogue.question(`${question} [y/N] `, { signal: abort.signal });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    stderr.write("\n");
  } finally {
    dialogue.close();
  }
  throw new NotConfirmedError("Nothing was done.");
}
