import type { Redis } from "ioredis";

/** Every key under a prefix with its whole value and whether it expires, in an order that does not depend on chance. */
export const dumpScript = `
local lines = {}
local cursor = "0"
repeat
  local page = redis.call("SCAN", cursor, "MATCH", ARGV[1], "COUNT", 1000)
  cursor = page[1]
  for _, key in ipairs(page[2]) do
    local kind = redis.call("TYPE", key).ok
    local value
    if kind == "string" then value = { redis.call("GET", key) }
    elseif kind == "list" then value = redis.call("LRANGE", key, 0, -1)
    elseif kind == "hash" then value = redis.call("HGETALL", key)
    elseif kind == "set" then value = redis.call("SMEMBERS", key)
    elseif kind == "zset" then value = redis.call("ZRANGE", key, 0, -1, "WITHSCORES")
    else value = { "stream", tostring(redis.call("XLEN", key)) } end
    table.insert(lines, { key, kind, value })
  end
until cursor == "0"
return lines
`;

export type KeyKind = "string" | "list" | "hash" | "set" | "zset" | "stream";

export interface DumpedKey {
  readonly kind: KeyKind;
  /** The value of a string, the elements of a list, the members of a set, the length of a stream. */
  readonly lines: readonly string[];
  /** The fields of a hash, or the members of a sorted set with their scores. */
  readonly fields: Readonly<Record<string, string>>;
}

export type KeyDump = ReadonlyMap<string, DumpedKey>;

export async function dumpKeys(redis: Redis, pattern: string): Promise<KeyDump> {
  return parseDump(await redis.eval(dumpScript, 0, pattern));
}

/** Reads the reply of {@link dumpScript}. */
export function parseDump(reply: unknown): KeyDump {
  if (!Array.isArray(reply)) throw new Error("The dump script answered with something else than a list.");
  const entries = reply.map((line): [string, DumpedKey] => {
    const [key, kind, value] = parseLine(line);
    return [key, dumped(kind, value)];
  });
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function parseLine(line: unknown): [string, KeyKind, string[]] {
  if (!Array.isArray(line) || !Array.isArray(line[2])) throw new Error("Not a line of a dump.");
  return [String(line[0]), line[1] as KeyKind, line[2].map(String)];
}

/** In an order that does not depend on how Redis stores it. */
function dumped(kind: KeyKind, value: string[]): DumpedKey {
  if (kind === "set") return { kind, lines: value.toSorted(), fields: {} };
  if (kind !== "hash" && kind !== "zset") return { kind, lines: value, fields: {} };
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < value.length; index += 2) {
    pairs.push([value[index] ?? "", value[index + 1] ?? ""]);
  }
  return { kind, lines: [], fields: Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1))) };
}
