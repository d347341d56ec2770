/** Keys a queue has one of: the name in Lua (`key.leases`), the last part of the key. docs/redis-keys.md explains each. */
export const singleKeys = {
  suspects: "pending:alone",
  scheduled: "scheduled",
  processing: "processing",
  completed: "completed",
  dead: "dead",
  cancelled: "cancelled",
  counters: "counters",
  histograms: "histograms",
  days: "days",
  dedupe: "dedupe",
  leases: "leases",
  idle: "idle",
  reserved: "reserved",
  noticed: "noticed",
  fence: "fence",
  paused: "paused",
  lastBeat: "last-beat",
  grace: "grace",
  events: "events",
} as const;

/** Keys a queue has many of: the name in Lua (`key_of.task(id)`), the part before what tells them apart. */
export const keyFamilies = {
  task: "task",
  pending: "pending",
  deadBy: "dead",
  worker: "worker",
  wake: "wake",
  notices: "notices",
  series: "series",
} as const;

/** What all keys of a queue begin with. The braces put them in one slot of a Redis Cluster. */
export function baseKey(prefix: string, queue: string): string {
  return `${prefix}:{${queue}}`;
}

/**
 * What a script declares as KEYS. The first never exists, and there are two: so a Redis Cluster that is moving the slot
 * answers TRYAGAIN instead of running the script where half of the keys are.
 */
export function declaredKeys(base: string): readonly [string, string] {
  return [base, `${base}:${singleKeys.fence}`];
}

export function wakeKey(base: string, worker: string): string {
  return `${base}:${keyFamilies.wake}:${worker}`;
}

export function eventsKey(base: string): string {
  return `${base}:${singleKeys.events}`;
}

/**
 * Writes the names of keys into a script: `key.leases` and `key_of.task(id)` become texts that begin with `base`. What is
 * in the brackets must bind tighter than `..`: a name, a text, an index.
 */
export function withKeyNames(lua: string): string {
  return lua
    .replace(/\bkey\.(\w+)/g, (_, name: string) => `(base..":${lookUp(singleKeys, name)}")`)
    .replace(/\bkey_of\.(\w+)\(/g, (_, name: string) => `(base..":${lookUp(keyFamilies, name)}:"..`);
}

function lookUp(names: Readonly<Record<string, string>>, name: string): string {
  const found = names[name];
  if (found === undefined) throw new Error(`A script names the key "${name}", which keys.ts does not know.`);
  return found;
}
