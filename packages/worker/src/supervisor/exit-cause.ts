import { constants } from "node:os";

/** How a child process ended, in words for a task's history and the registry. */
export function exitCause(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === "SIGKILL") return "killed by SIGKILL (perhaps out of memory)";
  if (signal !== null) return `killed by ${signal}`;
  // A shell between us and the program reports a signal as 128 + its number.
  const number = (code ?? 0) - 128;
  const [name] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return name === undefined ? `exit code ${code ?? 0}` : `exit code ${code} (${name})`;
}
