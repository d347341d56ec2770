import { SECOND, sleep } from "@imgq/core";
import { RedisClosedError, type RedisConnection } from "@imgq/core/redis";
import type { TaskEvent } from "../events.ts";
import { stateOf } from "./parse-task.ts";

const BLOCK_MS: number = 2 * SECOND;
const types = [
  "added",
  "claimed",
  "completed",
  "retried",
  "dead",
  "released",
  "recovered",
  "cancelled",
  "redriven",
] as const satisfies TaskEvent["type"][];

/** Follows a queue's event stream from now on, on a connection of its own. Trouble with Redis is waited out. */
export async function* followEvents(
  connection: RedisConnection,
  key: string,
  signal: AbortSignal,
): AsyncGenerator<TaskEvent> {
  let position: string | undefined;
  try {
    while (!signal.aborted) {
      try {
        position ??= await newestPosition(connection, key);
        for (const event of await eventsAfter(connection, key, position)) {
          position = event.position;
          if (signal.aborted) return;
          yield event;
        }
      } catch (error) {
        if (error instanceof RedisClosedError) return;
        await sleep(SECOND, signal);
      }
    }
  } finally {
    await connection.close();
  }
}

async function newestPosition(connection: RedisConnection, key: string): Promise<string> {
  const newest = await connection.call("XREVRANGE", (client) => client.xrevrange(key, "+", "-", "COUNT", 1));
  return newest[0]?.[0] ?? "0-0";
}

async function eventsAfter(connection: RedisConnection, key: string, after: string): Promise<TaskEvent[]> {
  const streams = await connection.call(
    "XREAD",
    (client) => client.xread("COUNT", 500, "BLOCK", BLOCK_MS, "STREAMS", key, after),
    { deadlineMs: BLOCK_MS + 3 * SECOND },
  );
  const entries = streams?.[0]?.[1] ?? [];
  return entries.map(([position, fields]) => eventOf(position, fields));
}

function eventOf(position: string, pairs: readonly string[]): TaskEvent {
  const fields = new Map<string, string>();
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    fields.set(pairs[index] ?? "", pairs[index + 1] ?? "");
  }
  const worker = fields.get("worker") ?? "";
  return {
    position,
    type: types.find((type) => type === fields.get("type")) ?? "added",
    id: fields.get("id") ?? "",
    state: stateOf(fields.get("state")),
    attempt: Number(fields.get("attempt") ?? 0),
    ...(worker === "" ? {} : { worker }),
    at: Number(fields.get("at") ?? 0),
  };
}
