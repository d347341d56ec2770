import type { AlertMessage } from "../alerts/alert.ts";
import type { Notifier } from "./notifier.ts";

export interface ConsoleNotifierOptions {
  /** Takes one line. @default standard error */
  readonly write?: (line: string) => void;
}

/** Writes alerts as one line each. */
export function consoleNotifier(options: ConsoleNotifierOptions = {}): Notifier {
  const write = options.write ?? ((line: string): void => void process.stderr.write(`${line}\n`));
  return {
    name: "console",
    notify: async (message) => write(lineOf(message)),
  };
}

/** A message as one line of text. */
function lineOf(message: AlertMessage): string {
  const time = new Date(message.at).toISOString();
  if (message.kind === "fired") {
    return `${time} ALERT ${message.severity} ${message.rule} ${message.subject}: ${message.summary}`;
  }
  return `${time} CLEAR ${message.rule} ${message.subject}: over after ${lasted(message.at - message.firedAt)}.`;
}

function lasted(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`;
}
