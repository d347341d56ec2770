import uPlot from "uplot";
import { h, setText } from "./dom.ts";
import { onThemeChange } from "./theme.ts";

interface Series {
  readonly label: string;
  /** A custom property of the style sheet, such as `--accent`. */
  readonly color: string;
  readonly dashed?: boolean;
  readonly filled?: boolean;
}

export interface ChartOptions {
  readonly title: string;
  /** What the chart looks back over. @default "minutes", the last ten */
  readonly span?: "minutes" | "days";
  readonly series: readonly Series[];
  readonly format: (value: number | null | undefined) => string;
  /** What the axis reaches at least, so that trifles look like trifles. */
  readonly leastTop: number;
  /** Only whole numbers stand at the axis. */
  readonly whole?: boolean;
}

/** A column of numbers; null leaves a gap. */
export type Column = readonly (number | null)[];

export interface Chart {
  readonly element: HTMLElement;
  /** `times` in seconds since 1970, one column for each series. */
  update(times: readonly number[], columns: readonly Column[]): void;
  destroy(): void;
}

const HEIGHT = 168;
const spans = {
  minutes: { said: "last ten minutes", leastSeconds: 120, labelOf: clockOf },
  days: { said: "last 90 days", leastSeconds: 0, labelOf: dateOf },
} as const;
const dates = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const wholeSteps = Array.from({ length: 9 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

/** A line chart over time with a legend that tells the value under the cursor, or the newest. */
export function chart(options: ChartOptions): Chart {
  const { span = "minutes" } = options;
  const legend = options.series.map(() => h("span", { class: "value" }, "–"));
  const canvas = h("div", {
    class: "plot",
    role: "img",
    "aria-label": `${options.title}, ${spans[span].said}`,
  });
  const element = h(
    "figure",
    { class: "card chart" },
    h(
      "figcaption",
      {},
      h("h3", {}, options.title),
      h(
        "ul",
        { class: "legend" },
        options.series.map((series, index) => {
          const mark = h("i", { class: series.dashed === true ? "mark dashed" : "mark" });
          mark.style.setProperty("--mark", `var(${series.color})`);
          return h("li", {}, mark, series.label, legend[index]);
        }),
      ),
    ),
    canvas,
  );
  let data: uPlot.AlignedData = [[], ...options.series.map(() => [])];
  let plot: uPlot | undefined;

  const showValues = (index: number | null | undefined): void => {
    const at = index ?? (data[0]?.length ?? 0) - 1;
    legend.forEach((value, series) => setText(value, options.format(data[series + 1]?.[at])));
  };
  const draw = (): void => {
    plot?.destroy();
    plot = undefined;
    const width = canvas.clientWidth;
    // Not on the page now; drawn when it is.
    if (width === 0) return;
    plot = new uPlot(plotOptions(options, width, showValues), data, canvas);
  };
  const resized = new ResizeObserver(() => {
    if (plot === undefined) draw();
    else if (canvas.clientWidth > 0 && canvas.clientWidth !== plot.width)
      plot.setSize({ width: canvas.clientWidth, height: HEIGHT });
  });
  resized.observe(canvas);
  const forgetTheme = onThemeChange(draw);

  return {
    element,
    update(times, columns) {
      data = [[...times], ...columns.map((column) => [...column])];
      if (plot === undefined) draw();
      else plot.setData(data);
      showValues(plot?.cursor.idx);
    },
    destroy() {
      resized.disconnect();
      forgetTheme();
      plot?.destroy();
    },
  };
}

function plotOptions(
  options: ChartOptions,
  width: number,
  showValues: (index: number | null | undefined) => void,
): uPlot.Options {
  const { leastSeconds, labelOf } = spans[options.span ?? "minutes"];
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: color("--muted"),
    font: "11px system-ui, sans-serif",
    grid: { stroke: color("--grid"), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, 8, 0, 0],
    ...(options.span === "days" ? { tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC") } : {}),
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    scales: {
      // A young chart grows into its frame instead of being stretched over it.
      x: { time: true, range: (_plot, min, max) => [Math.min(min, max - leastSeconds), max] },
      // A little room above the highest value.
      y: { range: (_plot, _min, max) => [0, Math.max(options.leastTop, (max ?? 0) * 1.1)] },
    },
    axes: [
      { ...axis, size: 24, space: 70, values: (_plot, splits) => splits.map((at) => labelOf(at)) },
      {
        ...axis,
        size: 56,
        space: 34,
        ...(options.whole === true ? { incrs: wholeSteps } : {}),
        values: (_plot, splits) => splits.map((value) => options.format(value)),
      },
    ],
    series: [
      {},
      ...options.series.map((series): uPlot.Series => {
        const stroke = color(series.color);
        return {
          stroke,
          width: 1.75,
          points: { show: false },
          ...(series.dashed === true ? { dash: [4, 4] } : {}),
          ...(series.filled === true ? { fill: `${stroke}1f` } : {}),
        };
      }),
    ],
    hooks: { setCursor: [(plot) => showValues(plot.cursor.idx)] },
  };
}

function clockOf(seconds: number): string {
  const at = new Date(seconds * 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const text = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return at.getSeconds() === 0 ? text : `${text}:${two(at.getSeconds())}`;
}

/** Days are counted by UTC. */
function dateOf(seconds: number): string {
  return dates.format(seconds * 1000);
}
