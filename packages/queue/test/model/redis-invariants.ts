import { deepStrictEqual, ok } from "node:assert/strict";
import type { KeyDump } from "./key-dump.ts";

type Fields = Readonly<Record<string, string>>;

/** The keys that docs/redis-keys.md lists, without the base they share. */
const documented =
  /^(task:[\w.:-]+|pending:(high|normal|low|alone)|scheduled|processing|completed|cancelled|dead|dead:[\w-]+|dedupe|counters|histograms|days|leases|idle|reserved|noticed|fence|paused|last-beat|grace|events|worker:[\w.:@-]+|wake:[\w.:@-]+|notices:[\w.:@-]+|series:\d+)$/;

/** What must hold of the keys of a queue at every moment, whatever has happened: I1 and I6, seen from inside. */
export function checkKeys(dump: KeyDump, base: string): void {
  const keys = new KeysOfQueue(dump, base);
  for (const name of keys.names) ok(documented.test(name), `undocumented key ${name}`);
  for (const [id, task] of keys.tasks) checkTask(keys, id, task);
  checkProcessing(keys);
  checkPendingCount(keys);
  for (const name of ["scheduled", "completed", "cancelled", "dead"]) {
    for (const id of keys.idsIn(name)) {
      deepStrictEqual(keys.tasks.get(id)?.state, name, `${id} is listed as ${name}`);
    }
  }
  for (const [key, id] of Object.entries(keys.fields("dedupe"))) {
    const state = keys.tasks.get(id)?.state ?? "gone";
    ok(
      ["pending", "scheduled", "processing"].includes(state),
      `dedupe ${key} leads to ${id}, which is ${state}`,
    );
  }
}

function checkTask(keys: KeysOfQueue, id: string, task: Fields): void {
  const { state = "none" } = task;
  const places = [
    ...["scheduled", "completed", "cancelled", "dead", "processing"].flatMap((name) =>
      keys
        .idsIn(name)
        .filter((listed) => listed === id)
        .map(() => name),
    ),
    ...(state === "pending" && keys.waitingIn(id).length > 0 ? ["pending"] : []),
  ];
  deepStrictEqual(places, [state], `${id} is ${state} and listed`);
  if (state === "pending") {
    const expected = Number(task.crashes ?? 0) > 0 ? "pending:alone" : `pending:${task.priority ?? "normal"}`;
    ok(keys.waitingIn(id).includes(expected), `${id} must wait in ${expected}`);
  }
  const reasons = keys.names.filter((name) => name.startsWith("dead:") && id in keys.fields(name));
  deepStrictEqual(reasons, state === "dead" ? [`dead:${task.deadReason}`] : [], `reasons of ${id}`);
}

function checkProcessing(keys: KeysOfQueue): void {
  const fence = Number(keys.text("fence") ?? 0);
  const held = new Map<string, number>();
  for (const [id, entry] of Object.entries(keys.fields("processing"))) {
    const [token, worker = ""] = entry.split("|");
    ok(Number(token) <= fence, `token ${token} of ${id} is above the fence ${fence}`);
    held.set(worker, (held.get(worker) ?? 0) + 1);
    ok(worker in keys.fields("leases"), `${worker} holds ${id} without a lease`);
  }
  for (const name of keys.names.filter((one) => one.startsWith("worker:"))) {
    const worker = name.slice("worker:".length);
    deepStrictEqual(Number(keys.fields(name).held ?? 0), held.get(worker) ?? 0, `tasks held by ${worker}`);
  }
}

/** Ids of cancelled tasks stay in their list until it is their turn; `stale` counts them. */
function checkPendingCount(keys: KeysOfQueue): void {
  const listed = ["pending:high", "pending:normal", "pending:low", "pending:alone"].reduce(
    (sum, name) => sum + keys.list(name).length,
    0,
  );
  const stale = Number(keys.fields("counters").stale ?? 0);
  const pending = [...keys.tasks.values()].filter((task) => task.state === "pending").length;
  deepStrictEqual(listed - stale, pending, `${listed} ids are listed, ${stale} of them stale`);
}

class KeysOfQueue {
  readonly names: readonly string[];
  readonly tasks = new Map<string, Fields>();
  readonly #dump: KeyDump;
  readonly #base: string;

  constructor(dump: KeyDump, base: string) {
    this.#dump = dump;
    this.#base = base;
    this.names = [...dump.keys()].map((key) => {
      ok(key.startsWith(base), `key ${key} outside ${base}`);
      return key.slice(base.length);
    });
    for (const name of this.names.filter((one) => one.startsWith("task:"))) {
      this.tasks.set(name.slice("task:".length), this.fields(name));
    }
  }

  /** Fields of a hash, or members of a sorted set with their scores; none when there is no such key. */
  fields(name: string): Fields {
    return this.#dump.get(this.#base + name)?.fields ?? {};
  }

  /** Ids in a list, a hash or a sorted set. */
  idsIn(name: string): readonly string[] {
    const kept = this.#dump.get(this.#base + name);
    return kept?.kind === "list" ? kept.lines : Object.keys(kept?.fields ?? {});
  }

  list(name: string): readonly string[] {
    return this.#dump.get(this.#base + name)?.lines ?? [];
  }

  text(name: string): string | undefined {
    return this.list(name)[0];
  }

  waitingIn(id: string): string[] {
    return ["pending:high", "pending:normal", "pending:low", "pending:alone"].filter((name) =>
      this.list(name).includes(id),
    );
  }
}
