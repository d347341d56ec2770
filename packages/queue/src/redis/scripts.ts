import { defineScript, type Script } from "@imgq/core/redis";
import add from "../lua/add.lua";
import beat from "../lua/beat.lua";
import cancel from "../lua/cancel.lua";
import claim from "../lua/claim.lua";
import clear from "../lua/clear.lua";
import clock from "../lua/clock.lua";
import complete from "../lua/complete.lua";
import cycle from "../lua/cycle.lua";
import days from "../lua/days.lua";
import endTask from "../lua/end_task.lua";
import examine from "../lua/examine.lua";
import expire from "../lua/expire.lua";
import fail from "../lua/fail.lua";
import fold from "../lua/fold.lua";
import forget from "../lua/forget.lua";
import history from "../lua/history.lua";
import grants from "../lua/grants.lua";
import lose from "../lua/lose.lua";
import mustDrain from "../lua/must_drain.lua";
import notify from "../lua/notify.lua";
import oddCompletes from "../lua/odd_completes.lua";
import page from "../lua/page.lua";
import pause from "../lua/pause.lua";
import pendingCount from "../lua/pending_count.lua";
import progress from "../lua/progress.lua";
import promote from "../lua/promote.lua";
import purge from "../lua/purge.lua";
import putBack from "../lua/put_back.lua";
import read from "../lua/read.lua";
import recover from "../lua/recover.lua";
import redrive from "../lua/redrive.lua";
import regrant from "../lua/regrant.lua";
import release from "../lua/release.lua";
import retention from "../lua/retention.lua";
import series from "../lua/series.lua";
import settle from "../lua/settle.lua";
import settleMany from "../lua/settle_many.lua";
import settleOthers from "../lua/settle_others.lua";
import stats from "../lua/stats.lua";
import storeWithOptions from "../lua/store_with_options.lua";
import takeBack from "../lua/take_back.lua";
import takeIds from "../lua/take_ids.lua";
import task from "../lua/task.lua";
import wake from "../lua/wake.lua";
import workerLeft from "../lua/worker_left.lua";
import workerLost from "../lua/worker_lost.lua";
import { withKeyNames } from "./keys.ts";

/**
 * The scripts Redis runs. Each is a chain of files of src/lua, the ones it builds on first: they share local functions,
 * so that "fail" is written once and both `cycle` and `recover` do the same.
 */
function chain(name: string, files: readonly string[], options?: { readonly allowOom: boolean }): Script {
  return defineScript(`queue ${name}`, withKeyNames([clock, wake, ...files].join("\n")), options);
}

/**
 * Files whose functions are made only when one of them is first called, as `rare().<name>`: Redis runs a script anew each
 * time, and on the hot path making forty functions would cost more than what they do.
 */
function whenCalled(names: readonly string[], files: readonly string[]): string {
  return [
    "local rarely_called",
    "local function rare()",
    "if rarely_called then return rarely_called end",
    ...files,
    `rarely_called = { ${names.map((name) => `${name} = ${name}`).join(", ")} }`,
    "return rarely_called",
    "end",
  ].join("\n");
}

/** Changes of state that several scripts make. */
const moves: readonly string[] = [putBack, retention, endTask, history, notify];

/** What is called for settles other than plain completes. */
const odd = {
  names: [
    "settle_others",
    "apart",
    "drop_repeated",
    "without_gaps",
    "refuse",
    "forget_dedupe",
    "bury_malformed",
  ],
  files: [putBack, endTask, history, fail, release, settleOthers, oddCompletes],
} as const;

// What frees memory or ends work must go on when memory is full; only adding is refused then.
const always = { allowOom: true } as const;

type Name =
  | "add"
  | "cycle"
  | "settle"
  | "progress"
  | "beat"
  | "recover"
  | "workerLost"
  | "workerLeft"
  | "cancel"
  | "redrive"
  | "purge"
  | "pause"
  | "clear"
  | "stats"
  | "days"
  | "page"
  | "read";

export const scripts: Readonly<Record<Name, Script>> = {
  add: chain("add", [whenCalled(["store_with_options"], [task, putBack, storeWithOptions]), add]),
  cycle: chain(
    "cycle",
    [
      task,
      pendingCount,
      retention,
      series,
      grants,
      whenCalled(
        [...odd.names, "promote", "regrant", "take_ids", "must_drain", "examine"],
        [...odd.files, promote, regrant, takeIds, mustDrain, examine],
      ),
      claim,
      complete,
      settle,
      cycle,
    ],
    always,
  ),
  settle: chain(
    "settle",
    [task, pendingCount, retention, series, whenCalled(odd.names, odd.files), complete, settle, settleMany],
    always,
  ),
  progress: chain("progress", [task, progress], always),
  beat: chain("beat", [notify, beat], always),
  recover: chain(
    "recover",
    [
      task,
      pendingCount,
      ...moves,
      series,
      fold,
      promote,
      fail,
      lose,
      takeBack,
      release,
      forget,
      expire,
      recover,
    ],
    always,
  ),
  workerLost: chain("workerLost", [task, pendingCount, ...moves, lose, takeBack, workerLost], always),
  workerLeft: chain("workerLeft", [workerLeft], always),
  cancel: chain("cancel", [task, ...moves, cancel], always),
  redrive: chain("redrive", [task, putBack, redrive], always),
  purge: chain("purge", [task, retention, endTask, purge], always),
  pause: chain("pause", [pendingCount, pause], always),
  clear: chain("clear", [clear], always),
  stats: chain("stats", [task, pendingCount, stats], always),
  days: chain("days", [days], always),
  page: chain("page", [task, page], always),
  read: chain("read", [read], always),
};
