import { defineScript, type Script } from "@imgq/core/redis";
import add from "../lua/add.lua";
import beat from "../lua/beat.lua";
import cancel from "../lua/cancel.lua";
import claim from "../lua/claim.lua";
import clear from "../lua/clear.lua";
import clock from "../lua/clock.lua";
import complete from "../lua/complete.lua";
import cycle from "../lua/cycle.lua";
import fail from "../lua/fail.lua";
import forget from "../lua/forget.lua";
import fold from "../lua/fold.lua";
import lose from "../lua/lose.lua";
import page from "../lua/page.lua";
import pause from "../lua/pause.lua";
import progress from "../lua/progress.lua";
import promote from "../lua/promote.lua";
import purge from "../lua/purge.lua";
import read from "../lua/read.lua";
import recover from "../lua/recover.lua";
import redrive from "../lua/redrive.lua";
import regrant from "../lua/regrant.lua";
import release from "../lua/release.lua";
import series from "../lua/series.lua";
import stats from "../lua/stats.lua";
import takeBack from "../lua/take_back.lua";
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
  return defineScript(`queue ${name}`, withKeyNames([clock, wake, task, ...files].join("\n")), options);
}

// What frees memory or ends work must go on when memory is full; only adding is refused then.
const always = { allowOom: true } as const;

type Name =
  | "add"
  | "cycle"
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
  | "page"
  | "read";

export const scripts: Readonly<Record<Name, Script>> = {
  add: chain("add", [add]),
  cycle: chain("cycle", [series, promote, claim, complete, fail, release, regrant, cycle], always),
  progress: chain("progress", [progress], always),
  beat: chain("beat", [beat], always),
  recover: chain("recover", [series, fold, promote, fail, lose, takeBack, release, forget, recover], always),
  workerLost: chain("workerLost", [lose, takeBack, workerLost], always),
  workerLeft: chain("workerLeft", [workerLeft], always),
  cancel: chain("cancel", [cancel], always),
  redrive: chain("redrive", [redrive], always),
  purge: chain("purge", [purge], always),
  pause: chain("pause", [pause], always),
  clear: chain("clear", [clear], always),
  stats: chain("stats", [stats], always),
  page: chain("page", [page], always),
  read: chain("read", [read], always),
};
