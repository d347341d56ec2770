import type { Redis } from "ioredis";
import { dumpScript, type KeyDump, parseDump } from "../model/key-dump.ts";

/** All keys of a Redis at one moment. */
export interface Snapshot {
  /** Key, serialized value, key, serialized value … */
  readonly serialized: readonly Buffer[];
  readonly dump: KeyDump;
  /** Equal for equal contents. */
  readonly text: string;
}

export const emptySnapshot: Snapshot = { serialized: [], dump: new Map(), text: "" };

/** ARGV: key, serialized value, key, serialized value … */
const restoreScript = `
redis.call("FLUSHALL")
for index = 1, #ARGV, 2 do redis.call("RESTORE", ARGV[index], 0, ARGV[index + 1]) end
`;

const serializeScript = `
local serialized = {}
for _, key in ipairs(redis.call("KEYS", "*")) do
  table.insert(serialized, key)
  table.insert(serialized, redis.call("DUMP", key))
end
return serialized
`;

/** Takes the server to a snapshot, runs one call there, and says what came of it. */
export async function executeAt(
  redis: Redis,
  from: Snapshot,
  [command, ...args]: WireCall,
): Promise<{ readonly reply: unknown; readonly after: Snapshot }> {
  const results = await redis
    .pipeline()
    .eval(restoreScript, 0, ...from.serialized)
    .call(command, ...args)
    .eval(dumpScript, 0, "*")
    .callBuffer("eval", serializeScript, "0")
    .exec();
  const [restored, replied, dumped, serialized] = results ?? [];
  const failure = restored?.[0] ?? replied?.[0] ?? dumped?.[0] ?? serialized?.[0];
  if (failure) throw failure;
  const dump = parseDump(dumped?.[1]);
  const after = { serialized: buffersOf(serialized?.[1]), dump, text: JSON.stringify([...dump]) };
  return { reply: replied?.[1], after };
}

export type WireCall = readonly [command: string, ...args: string[]];

function buffersOf(reply: unknown): Buffer[] {
  if (!Array.isArray(reply) || !reply.every((one) => Buffer.isBuffer(one)))
    throw new Error("Not a list of values.");
  return reply;
}
