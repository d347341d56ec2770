import type { Registry, WorkerCommand } from "@imgq/registry";
import { NotFoundError, UsageError } from "../../errors.ts";
import { exitCodes } from "../../exit-code.ts";
import { plainText } from "../../terminal/plain-text.ts";
import type { Terminal } from "../../terminal/terminal.ts";

/** The workers a command is for: those named, or all alive ones. */
export async function chooseWorkers(
  registry: Registry,
  ids: readonly string[],
  all: boolean,
): Promise<readonly string[]> {
  if (ids.length > 0 === all) throw new UsageError("Say which workers: their ids, or --all.");
  if (!all) return ids;
  const alive = await registry.active();
  if (alive.length === 0) throw new NotFoundError("No worker is alive. See imgq workers list.");
  return alive.map((worker) => worker.id);
}

const meaning: Readonly<Record<WorkerCommand["type"], string>> = {
  quiet: "claim nothing more",
  resume: "claim again",
  drain: "finish what it has and stop",
  stop: "stop",
  "set-concurrency": "change its concurrency",
  "cancel-task": "cancel a task",
  "log-level": "change its log level",
};

/** Sends one command to several workers and tells who got it; each obeys with its next beat, about a second from now. */
export async function sendCommand(
  terminal: Terminal,
  registry: Registry,
  ids: readonly string[],
  command: WorkerCommand,
): Promise<void> {
  const replies = await Promise.all(ids.map(async (id) => ({ id, reply: await registry.send(id, command) })));
  if (replies.some(({ reply }) => reply !== "ok")) terminal.exitCode = exitCodes.failed;
  terminal.show({ command, workers: replies }, () =>
    replies
      .map(
        ({ id, reply }) =>
          `${plainText(id)}: ${reply === "ok" ? `told to ${meaning[command.type]}` : "is not alive"}`,
      )
      .join("\n"),
  );
}
