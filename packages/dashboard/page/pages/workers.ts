import type { TaskInHand, WorkerRecord, WorkerState } from "@imgq/registry";
import { act, mayChange } from "../api.ts";
import { onLive } from "../live.ts";
import { address, type View } from "../router.ts";
import { chip, showChip } from "../ui/chip.ts";
import { confirmed } from "../ui/confirm.ts";
import { fill, h, setAttribute, setText } from "../ui/dom.ts";
import { ago, bytes, count, duration, nothing, rate, since } from "../ui/format.ts";
import { type Item, KeyedList } from "../ui/keyed-list.ts";
import { sparkline } from "../ui/sparkline.ts";

/** A worker, the recent past of its processor use, and the server's clock. */
interface Watched {
  readonly worker: WorkerRecord;
  readonly cpu: readonly number[];
  readonly now: number;
}

const ENDED_SHOWN = 20;

/** When it ended, or was last heard. */
function endOf({ end, lastBeatAt }: WorkerRecord): number {
  return end?.at ?? lastBeatAt;
}

/** Who is alive, how they are, what they do; and those that ended. */
export function workersPage(): View {
  const cards = h("div", { class: "workers" });
  const list = new KeyedList<Watched>(cards, ({ worker }) => worker.id, workerCard);
  const empty = h("p", { class: "empty", hidden: true }, "No worker is alive. Start one: imgq worker.");
  const ended = endedTable();
  const stop = onLive(({ snapshot, points }) => {
    const alive = snapshot.workers.list
      .filter((worker) => worker.alive)
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
    empty.hidden = alive.length > 0;
    list.update(
      alive.map((worker) => ({
        worker,
        now: snapshot.at,
        cpu: points.slice(-60).flatMap((point) => point.workers[worker.id]?.cpu ?? []),
      })),
    );
    const { list: registered, ended: gone } = snapshot.workers;
    const over = [...registered.filter((worker) => !worker.alive), ...gone];
    ended.update(over.toSorted((one, other) => endOf(other) - endOf(one)).slice(0, ENDED_SHOWN), snapshot.at);
  });
  return {
    title: "Workers",
    element: h("div", { class: "stack" }, empty, cards, ended.element),
    destroy: stop,
  };
}

function workerCard({ worker: { id, metadata } }: Watched): Item<Watched> {
  const state = h("span", { class: "chip" });
  const beat = h("span", { class: "note" });
  const slots = h("div", { class: "slots" });
  const cpu = sparkline("Processor use in percent of a core");
  const facts = vitalFacts();
  const tasks = h("ul", { class: "in-hand" });
  const taskList = new KeyedList<TaskInHand>(tasks, (task) => `${task.queue}/${task.id}`, taskInHand);
  const inHand = h("h3");
  const error = h("p", { class: "error-line mono" });
  const lastError = h("details", { class: "last-error" }, h("summary", {}, "Last error"), error);
  const buttons = workerButtons(id);
  const versions = Object.entries(metadata.versions).map(([name, version]) => `${name} ${version}`);
  const element = h(
    "article",
    { class: "card worker" },
    h("div", { class: "section-head" }, h("h2", { class: "mono" }, id), state, beat),
    h("p", { class: "note" }, `${metadata.hostname}, process ${metadata.pid}, ${metadata.queues.join(", ")}`),
    slots,
    cpu.element,
    facts.element,
    inHand,
    tasks,
    lastError,
    h("p", { class: "note" }, versions.join(" · ")),
    mayChange() && buttons.element,
  );
  return {
    element,
    update({ worker, cpu: values, now }) {
      showChip(state, worker.state);
      setText(beat, `beat ${since(worker.timeSinceHeartbeatMs)}`);
      const { vitals } = worker;
      showSlots(slots, vitals?.busySlots ?? 0, vitals?.slots ?? worker.metadata.concurrency);
      cpu.update(values);
      facts.update(worker, now);
      taskList.update(vitals?.tasks ?? []);
      const idle = (vitals?.tasks.length ?? 0) === 0;
      tasks.hidden = idle;
      setText(inHand, idle ? "Nothing in hand" : "In hand");
      setText(error, vitals?.lastError ?? "");
      lastError.hidden = vitals?.lastError === undefined;
      buttons.update(worker.state);
    },
  };
}

/** One small box for each unit of concurrency, filled when it is busy; a number when there are too many to see. */
function showSlots(element: HTMLElement, busy: number, slots: number): void {
  setAttribute(element, "role", "img");
  setAttribute(element, "aria-label", `${busy} of ${slots} slots busy`);
  const boxes = Math.min(slots, 32);
  if (element.children.length !== boxes)
    fill(
      element,
      Array.from({ length: boxes }, () => h("i")),
    );
  const full = slots === 0 ? 0 : Math.round((busy / slots) * boxes);
  [...element.children].forEach((box, index) => box.classList.toggle("busy", index < full));
}

function vitalFacts(): { element: HTMLElement; update(worker: WorkerRecord, now: number): void } {
  const names = [
    "Per minute",
    "Processor",
    "Memory",
    "Loop delay p99",
    "Redis",
    "Completed",
    "Failed",
    "Up for",
  ] as const;
  const values = names.map(() => h("dd"));
  return {
    element: h(
      "dl",
      { class: "facts small" },
      names.map((name, index) => h("div", {}, h("dt", {}, name), values[index])),
    ),
    update({ vitals, metadata }, now) {
      const texts =
        vitals === undefined
          ? names.map(() => nothing)
          : [
              rate(vitals.tasksPerMinute),
              `${Math.round(vitals.cpuPercent)} %`,
              bytes(vitals.memory.rssBytes),
              duration(vitals.eventLoopDelayMs.p99),
              duration(vitals.redisRoundTripMs),
              count(vitals.totals.completed),
              count(vitals.totals.failed),
              duration(now - metadata.startedAt),
            ];
      values.forEach((value, index) => setText(value, texts[index] ?? nothing));
    },
  };
}

function taskInHand({ queue, id }: TaskInHand): Item<TaskInHand> {
  const since = h("span", { class: "note" });
  return {
    element: h("li", {}, h("a", { class: "mono", href: address(["tasks", queue, id]) }, id), since),
    update: (task) => setText(since, `attempt ${task.attempt}, ${duration(task.elapsedMs)}`),
  };
}

/** Only what makes sense now: a quiet worker is resumed, one that stops already is left alone. */
function workerButtons(worker: string): { element: HTMLElement; update(state: WorkerState): void } {
  const button = (text: string, run: () => Promise<unknown>): HTMLButtonElement =>
    h(
      "button",
      { type: "button", class: "quiet", "aria-label": `${text} ${worker}`, onclick: () => void run() },
      text,
    );
  const quiet = button("Quiet", () => act({ action: "worker.quiet", worker }));
  const resume = button("Resume", () => act({ action: "worker.resume", worker }));
  const stop = button("Stop", async () => {
    const agreed = await confirmed(
      `Stop ${worker}?`,
      "It finishes what it has in hand, gives back what takes too long, and exits.",
      "Stop worker",
    );
    if (agreed) await act({ action: "worker.stop", worker });
  });
  return {
    element: h("div", { class: "actions" }, quiet, resume, stop),
    update(state) {
      quiet.hidden = state === "quiet" || state === "draining";
      resume.hidden = state !== "quiet";
      stop.disabled = state === "draining";
    },
  };
}

function endedTable(): { element: HTMLElement; update(workers: readonly WorkerRecord[], now: number): void } {
  const body = h("tbody");
  const list = new KeyedList<{ worker: WorkerRecord; now: number }>(
    body,
    ({ worker }) => worker.id,
    ({ worker }) => {
      const state = chip(worker.state);
      const [when, why, done] = [h("td"), h("td", { class: "what" }), h("td", { class: "right" })];
      return {
        element: h(
          "tr",
          {},
          h("th", { scope: "row", class: "mono" }, worker.id),
          h("td", {}, state),
          when,
          why,
          done,
        ),
        update({ worker: now, now: at }) {
          showChip(state, now.state);
          setText(when, ago(endOf(now), at));
          setText(why, now.end?.reason ?? "no beat any more");
          setText(done, count(now.vitals?.totals.completed ?? 0));
        },
      };
    },
  );
  const heads = ["Worker", "State", "When", "Why"].map((head) => h("th", { scope: "col" }, head));
  const element = h(
    "section",
    { class: "card", hidden: true },
    h("h2", {}, "Ended"),
    h(
      "div",
      { class: "scroll" },
      h(
        "table",
        { class: "stacking" },
        h("thead", {}, h("tr", {}, heads, h("th", { scope: "col", class: "right" }, "Completed"))),
        body,
      ),
    ),
  );
  return {
    element,
    update(workers, now) {
      element.hidden = workers.length === 0;
      list.update(workers.map((worker) => ({ worker, now })));
    },
  };
}
