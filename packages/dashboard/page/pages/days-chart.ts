import type { DayCounts } from "@imgq/queue";
import type { Days } from "../../src/api/days.ts";
import { getJson } from "../api.ts";
import { chart, type Column } from "../ui/chart.ts";
import { h } from "../ui/dom.ts";
import { count, nothing } from "../ui/format.ts";
import { poll } from "./poll.ts";

const REFRESH_MS = 30_000;

/** Tasks a day over the last 90, of one queue or of all together. */
export function daysChart(queue: () => string): {
  readonly element: HTMLElement;
  /** Draws again, as for another queue. */
  draw(): void;
  destroy(): void;
} {
  const format = (value: number | null | undefined): string =>
    value === null || value === undefined ? nothing : count(Math.round(value));
  const completed = chart({
    title: "Completed a day",
    span: "days",
    series: [{ label: "tasks", color: "--accent", filled: true }],
    format,
    leastTop: 5,
    whole: true,
  });
  const trouble = chart({
    title: "Failed and dead a day",
    span: "days",
    series: [
      { label: "failed attempts", color: "--chart-3", dashed: true },
      { label: "dead letters", color: "--bad" },
    ],
    format,
    leastTop: 5,
    whole: true,
  });
  let days: Days = {};
  const draw = (): void => {
    const chosen = Object.entries(days)
      .filter(([name]) => queue() === "" || name === queue())
      .map(([, each]) => each);
    const [first = []] = chosen;
    const times = first.map(({ day }) => Date.parse(day) / 1000);
    const column = (what: keyof Omit<DayCounts, "day">): Column =>
      first.map((_, index) => chosen.reduce((sum, each) => sum + (each[index]?.[what] ?? 0), 0));
    completed.update(times, [column("completed")]);
    trouble.update(times, [column("failed"), column("dead")]);
  };
  const polling = poll(async (signal) => {
    days = await getJson<Days>("api/days", signal);
    draw();
  }, REFRESH_MS);
  return {
    element: h("div", { class: "charts" }, completed.element, trouble.element),
    draw,
    destroy() {
      polling.stop();
      completed.destroy();
      trouble.destroy();
    },
  };
}
