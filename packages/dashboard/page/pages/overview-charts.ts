import type { QueuePoint } from "../../src/live/wire.ts";
import type { Live } from "../live.ts";
import { type Chart, chart, type Column } from "../ui/chart.ts";
import { h } from "../ui/dom.ts";
import { count, duration, rate } from "../ui/format.ts";
import { daysChart } from "./days-chart.ts";

type Pick = (point: QueuePoint) => number | null;

/** The last ten minutes, of one queue or of all together. */
export function overviewCharts(): {
  readonly element: HTMLElement;
  update(live: Live): void;
  destroy(): void;
} {
  const percentiles = [
    { label: "p50", color: "--accent", filled: true },
    { label: "p95", color: "--chart-2" },
    { label: "p99", color: "--chart-3", dashed: true },
  ] as const;
  const throughput = chart({
    title: "Attempts a second",
    series: [
      { label: "completed", color: "--accent", filled: true },
      { label: "failed", color: "--bad" },
    ],
    format: rate,
    leastTop: 1,
  });
  const run = chart({ title: "Run time", series: percentiles, format: duration, leastTop: 100 });
  const wait = chart({ title: "Wait", series: percentiles, format: duration, leastTop: 1000 });
  const backlog = chart({
    title: "Backlog",
    series: [{ label: "waiting or running", color: "--accent", filled: true }],
    format: (value) => count(Math.round(value ?? 0)),
    leastTop: 5,
    whole: true,
  });
  const oldest = chart({
    title: "Oldest waiting task",
    series: [{ label: "age", color: "--accent", filled: true }],
    format: duration,
    leastTop: 1000,
  });
  const charts: readonly Chart[] = [throughput, run, wait, backlog, oldest];
  const choice = h("select", { "aria-label": "Queue of the charts" });
  const lately = h(
    "div",
    { class: "charts" },
    charts.map((each) => each.element),
  );
  let days: ReturnType<typeof daysChart> | undefined;
  const body = h("div", {}, lately);
  const span = spanSwitch((chosen) => {
    days?.destroy();
    days = chosen === "days" ? daysChart(() => choice.value) : undefined;
    body.replaceChildren(days?.element ?? lately);
  });
  choice.addEventListener("change", () => days?.draw());
  const head = h("div", { class: "section-head" }, h("h2", { class: "grow" }, "Charts"), span, choice);

  return {
    element: h("section", { class: "stack" }, head, body),
    update({ points, snapshot }) {
      offer(
        choice,
        snapshot.queues.map((queue) => queue.name),
      );
      const times = points.map((point) => point.at / 1000);
      const chosen = choice.value;
      const column = (pick: Pick, together: (values: number[]) => number): Column =>
        points.map((point) => {
          const queues = Object.entries(point.queues).filter(([name]) => chosen === "" || name === chosen);
          const values = queues.map(([, queue]) => pick(queue)).filter((value) => value !== null);
          return values.length === 0 ? null : together(values);
        });
      const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
      const worst = (values: number[]): number => Math.max(...values);
      throughput.update(times, [
        column((queue) => queue.completed, sum),
        column((queue) => queue.failed, sum),
      ]);
      run.update(
        times,
        [0, 1, 2].map((index) => column((queue) => queue.run[index] ?? null, worst)),
      );
      wait.update(
        times,
        [0, 1, 2].map((index) => column((queue) => queue.wait[index] ?? null, worst)),
      );
      backlog.update(times, [column((queue) => queue.backlog, sum)]);
      oldest.update(times, [column((queue) => queue.oldest, worst)]);
    },
    destroy() {
      days?.destroy();
      for (const each of charts) each.destroy();
    },
  };
}

/** Two buttons of which one is pressed. */
function spanSwitch(onChange: (span: "minutes" | "days") => void): HTMLElement {
  const spans = [
    ["minutes", "Last ten minutes"],
    ["days", "Last 90 days"],
  ] as const;
  const buttons = spans.map(([span, label]) =>
    h(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-pressed": span === "minutes" ? "true" : "false",
        onclick: () => {
          for (const [index, [each]] of spans.entries())
            buttons[index]?.setAttribute("aria-pressed", String(each === span));
          onChange(span);
        },
      },
      label,
    ),
  );
  return h("div", { class: "switch", role: "group", "aria-label": "Time span of the charts" }, buttons);
}

function offer(choice: HTMLSelectElement, names: readonly string[]): void {
  choice.hidden = names.length < 2;
  const present = [...choice.options].map((option) => option.value);
  if (present.join("\n") === ["", ...names].join("\n")) return;
  const { value } = choice;
  choice.replaceChildren(
    ...["", ...names].map((name) => h("option", { value: name }, name === "" ? "All queues" : name)),
  );
  choice.value = names.includes(value) ? value : "";
}
