import { idsOfDeadGroup } from "@imgq/monitor";
import { formatAmount } from "../terminal/format.ts";
import type { System } from "../redis/open-system.ts";
import type { TopAction } from "./top-state.ts";

type Deed = Exclude<TopAction, { readonly type: "quit" | "suspend" | "refresh" }>;

/** Carries out what a person asked for. Resolves with what came of it, in a sentence. */
export async function perform(
  { queue, registry }: Pick<System, "queue" | "registry">,
  deed: Deed,
): Promise<string> {
  switch (deed.type) {
    case "pause-queue":
      await queue.pause();
      return `${queue.name} is paused.`;
    case "resume-queue":
      await queue.resume();
      return `${queue.name} is running.`;
    case "quiet-worker":
      return sent(await registry.send(deed.id, { type: "quiet" }), deed.id, "to be quiet");
    case "resume-worker":
      return sent(await registry.send(deed.id, { type: "resume" }), deed.id, "to claim again");
    case "stop-worker":
      return sent(await registry.send(deed.id, { type: "stop" }), deed.id, "to stop");
    case "cancel-task":
      return `Task ${deed.id}: ${await queue.cancel(deed.id)}.`;
    case "redrive-task":
      return `${await queue.redrive([deed.id])} dead letter is pending again.`;
    case "redrive-all":
      return `${await queue.redrive("all")} dead letters are pending again.`;
    case "redrive-group":
      return `${formatAmount(await queue.redrive(await idsOfDeadGroup(queue, deed.id)), "dead letter")} pending again.`;
    case "purge-group":
      return `${formatAmount(await queue.purge("dead", { ids: await idsOfDeadGroup(queue, deed.id) }), "dead letter")} removed.`;
    case "purge-task":
      return `${await queue.purge("dead", { ids: [deed.id] })} dead letter removed.`;
    default:
      return deed satisfies never;
  }
}

function sent(reply: "ok" | "not-found", id: string, what: string): string {
  return reply === "ok" ? `${id} is told ${what}.` : `${id} is not alive.`;
}
