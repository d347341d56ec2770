import type { QueueSnapshot } from "@imgq/monitor";
import { act, mayChange } from "../api.ts";
import { type Live, onLive } from "../live.ts";
import { address, type View } from "../router.ts";
import { alertList } from "../ui/alert-list.ts";
import { fill, h, setAttribute, setText } from "../ui/dom.ts";
import { bytes, count, duration, nothing, percent, rate } from "../ui/format.ts";
import { type Item, KeyedList } from "../ui/keyed-list.ts";
import { overviewCharts } from "./overview-charts.ts";

/** Everything at a glance. */
export function overviewPage(): View {
  const alerts = alertList();
  const strip = h("dl", { class: "strip" });
  const numbers = keyNumbers();
  const charts = overviewCharts();
  const queues = queueTable();
  const stop = onLive((live) => {
    alerts.update(live.alerts, live.snapshot.at);
    fill(strip, stripOf(live));
    numbers.update(live);
    charts.update(live);
    queues.update(live.snapshot.queues);
  });
  return {
    title: "Overview",
    element: h(
      "div",
      { class: "stack" },
      alerts.element,
      strip,
      numbers.element,
      charts.element,
      queues.element,
    ),
    destroy() {
      stop();
      charts.destroy();
    },
  };
}

/** Redis and the workers in one line. */
function stripOf({ snapshot }: Live): HTMLElement[] {
  const { redis, workers } = snapshot;
  const fact = (name: string, value: string): HTMLElement =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value));
  const facts = [
    fact("Workers", `${workers.alive} alive`),
    fact("Slots busy", `${workers.busySlots} of ${workers.slots}`),
  ];
  if (redis === undefined) return [fact("Tasks", "in memory"), ...facts];
  if (!redis.reachable) return [fact("Redis", "unreachable"), ...facts];
  const limit = redis.maxMemoryBytes === 0 ? "" : ` of ${bytes(redis.maxMemoryBytes)}`;
  return [
    fact(redis.server === "valkey" ? "Valkey" : "Redis", redis.version),
    fact("Round trip", `${redis.roundTripMs.toFixed(1)} ms`),
    fact("Memory", `${bytes(redis.usedMemoryBytes)}${limit}`),
    fact("Policy", redis.policy === "" ? nothing : redis.policy),
    ...facts,
  ];
}

function keyNumbers(): { element: HTMLElement; update(live: Live): void } {
  const card = (title: string): { element: HTMLElement; value: HTMLElement; note: HTMLElement } => {
    const value = h("p", { class: "big" }, nothing);
    const note = h("p", { class: "note" });
    return { element: h("section", { class: "card number" }, h("h3", {}, title), value, note), value, note };
  };
  const cards = {
    throughput: card("Completed / min"),
    waiting: card("Waiting"),
    running: card("Running"),
    failing: card("Failing"),
    dead: card("Dead letters"),
    eta: card("Backlog done in"),
  };
  const show = (name: keyof typeof cards, value: string, note: string, tone = "neutral"): void => {
    setText(cards[name].value, value);
    setText(cards[name].note, note);
    setAttribute(cards[name].element, "data-tone", tone);
  };
  return {
    element: h(
      "div",
      { class: "numbers" },
      Object.values(cards).map((each) => each.element),
    ),
    update({ snapshot: { queues, workers } }) {
      const sum = (of: (queue: QueueSnapshot) => number): number =>
        queues.reduce((total, queue) => total + of(queue), 0);
      const completed = sum((queue) => queue.recent.completedPerMinute);
      const failed = sum((queue) => queue.recent.failedPerMinute);
      const failing = completed + failed === 0 ? 0 : failed / (completed + failed);
      const oldest = Math.max(0, ...queues.map((queue) => queue.oldestPendingAgeMs));
      const dead = sum((queue) => queue.counts.dead);
      const backlog = sum((queue) => queue.backlog);
      const scheduled = sum((queue) => queue.counts.scheduled);
      show("throughput", rate(completed), `${count(sum((queue) => queue.totals.completed))} in all`);
      show(
        "waiting",
        count(sum((queue) => queue.counts.pending)),
        scheduled > 0
          ? `${count(scheduled)} scheduled`
          : oldest === 0
            ? "nothing waits"
            : `oldest ${duration(oldest)}`,
      );
      show("running", count(sum((queue) => queue.counts.processing)), `${workers.slots} slots`);
      show(
        "failing",
        percent(failing),
        failed === 0 ? "no failed attempts" : `${rate(failed)} attempts / min`,
        failing > 0.5 ? "bad" : failing > 0.1 ? "warn" : "neutral",
      );
      show(
        "dead",
        count(dead),
        dead === 0 ? "none" : "to look into",
        dead > 10 ? "bad" : dead > 0 ? "warn" : "neutral",
      );
      show(
        "eta",
        backlog === 0 ? "now" : completed > 0 ? duration((backlog / completed) * 60_000) : nothing,
        backlog === 0 ? "nothing to do" : `${count(backlog)} to do`,
      );
    },
  };
}

const columns = [
  "Queue",
  "Waiting",
  "Running",
  "Scheduled",
  "Completed",
  "Dead",
  "Per minute",
  "Run p95",
  "Oldest",
  "",
] as const;

function queueTable(): { element: HTMLElement; update(queues: readonly QueueSnapshot[]): void } {
  const body = h("tbody");
  const list = new KeyedList<QueueSnapshot>(body, (queue) => queue.name, queueRow);
  const element = h(
    "section",
    { class: "card" },
    h("h2", {}, "Queues"),
    h(
      "div",
      { class: "scroll" },
      h(
        "table",
        { class: "labelled" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            columns.map((name, index) =>
              h("th", { scope: "col", class: index > 0 && name !== "" ? "right" : "" }, name),
            ),
          ),
        ),
        body,
      ),
    ),
  );
  return { element, update: (queues) => list.update(queues) };
}

function queueRow({ name }: QueueSnapshot): Item<QueueSnapshot> {
  const numbers = columns.slice(1, -1).map((name) => h("td", { class: "right", "data-label": name }));
  const paused = h("span", { class: "chip", "data-tone": "warn", hidden: true }, "paused");
  const button = h("button", { type: "button", class: "quiet" }, "Pause");
  let isPaused = false;
  button.addEventListener(
    "click",
    () => void act({ action: isPaused ? "queue.resume" : "queue.pause", queue: name }),
  );
  const element = h(
    "tr",
    {},
    h("th", { scope: "row" }, h("a", { href: address(["tasks"], { queue: name }) }, name), " ", paused),
    numbers,
    h("td", { class: "right" }, mayChange() && button),
  );
  return {
    element,
    update(queue) {
      isPaused = queue.paused;
      paused.hidden = !queue.paused;
      setText(button, queue.paused ? "Resume" : "Pause");
      setAttribute(button, "aria-label", `${queue.paused ? "Resume" : "Pause"} queue ${name}`);
      const { counts, recent } = queue;
      const texts = [
        count(counts.pending),
        count(counts.processing),
        count(counts.scheduled),
        count(counts.completed),
        count(counts.dead),
        rate(recent.completedPerMinute),
        duration(recent.run.p95),
        queue.oldestPendingAgeMs === 0 ? nothing : duration(queue.oldestPendingAgeMs),
      ];
      texts.forEach((text, index) => {
        const cell = numbers[index];
        if (cell !== undefined) setText(cell, text);
      });
    },
  };
}
