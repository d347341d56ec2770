import { randomUUID } from "node:crypto";
import { type Logger, SECOND, silentLogger } from "@imgq/core";
import { defineScript, RedisConnection, type RedisSource } from "@imgq/core/redis";
import type { AlertMessage, AlertStates } from "./alert.ts";
import { type AlertStore, HISTORY_LENGTH } from "./alert-store.ts";
import commitSource from "./lua/commit.lua";
import leadSource from "./lua/lead.lua";
import resignSource from "./lua/resign.lua";
import { parseMessage, parseMessages, parseStates } from "./parse-stored.ts";

export interface RedisAlertStoreOptions {
  readonly redis: RedisSource;
  /** First part of every key. @default "imgq" */
  readonly prefix?: string;
  /** Milliseconds a leader leads after it was last heard of. @default 10000 */
  readonly leadMs?: number;
  /** @default 2000 */
  readonly deadlineMs?: number;
  readonly log?: Logger;
}

const leadScript = defineScript("alerts lead", leadSource);
const commitScript = defineScript("alerts commit", commitSource);
const resignScript = defineScript("alerts resign", resignSource);

/** Remembers alerts in Redis, under `<prefix>:{alerts}:…`, for as many monitors as there are. */
export function redisAlertStore(options: RedisAlertStoreOptions): AlertStore {
  const {
    redis,
    prefix = "imgq",
    leadMs = 10 * SECOND,
    deadlineMs = 2 * SECOND,
    log = silentLogger,
  } = options;
  const connection = new RedisConnection({ source: redis, name: "alerts", deadlineMs, log });
  const id = randomUUID();
  const key = (part: string): string => `${prefix}:{alerts}:${part}`;
  const keys = {
    leader: key("leader"),
    states: key("states"),
    undelivered: key("undelivered"),
    history: key("history"),
  };

  return {
    async lead() {
      return word(await leadScript.run(connection, [keys.leader], [id, leadMs])) === "leader";
    },
    async load() {
      const [leader, states, undelivered] = await Promise.all([
        connection.call("GET", (client) => client.get(keys.leader)),
        connection.call("GET", (client) => client.get(keys.states)),
        connection.call("HVALS", (client) => client.hvals(keys.undelivered)),
      ]);
      const messages = parseMessages(undelivered).toSorted((one, other) => one.at - other.at);
      return { led: leader !== null, states: parseStates(states), undelivered: messages };
    },
    async commit(states: AlertStates, messages: readonly AlertMessage[]) {
      const pairs = messages.flatMap((message) => [message.id, JSON.stringify(message)]);
      const reply = await commitScript.run(
        connection,
        [keys.leader, keys.states, keys.undelivered, keys.history],
        [id, JSON.stringify(states), HISTORY_LENGTH, ...pairs],
      );
      return word(reply) === "ok" ? "ok" : "not-leader";
    },
    async delivered(ids) {
      if (ids.length > 0) await connection.call("HDEL", (client) => client.hdel(keys.undelivered, ...ids));
    },
    async history(limit) {
      const texts = await connection.call("LRANGE", (client) => client.lrange(keys.history, 0, limit - 1));
      return texts.map(parseMessage).filter((message) => message !== undefined);
    },
    async resign() {
      await resignScript.run(connection, [keys.leader], [id]);
    },
    close: () => connection.close(),
  };
}

/** A script's reply begins with a word. */
function word(reply: unknown): string {
  return Array.isArray(reply) ? String(reply[0]) : "";
}
