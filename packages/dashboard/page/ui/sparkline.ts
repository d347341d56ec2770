import { setAttribute, svg } from "./dom.ts";

const WIDTH = 120;
const HEIGHT = 28;

/** A tiny line without axes, for the trend of one number. */
export function sparkline(label: string): {
  readonly element: Element;
  update(values: readonly number[]): void;
} {
  const line = svg("path", { class: "line", d: "" });
  const area = svg("path", { class: "area", d: "" });
  const element = svg(
    "svg",
    { class: "sparkline", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" },
    area,
    line,
  );
  return {
    element,
    update(values) {
      const top = Math.max(1, ...values);
      const step = WIDTH / Math.max(1, values.length - 1);
      const points = values.map(
        (value, index) =>
          `${(index * step).toFixed(1)},${(HEIGHT - 1 - (value / top) * (HEIGHT - 3)).toFixed(1)}`,
      );
      const path = points.length < 2 ? "" : `M${points.join("L")}`;
      setAttribute(line, "d", path);
      setAttribute(area, "d", path === "" ? "" : `${path}L${WIDTH},${HEIGHT}L0,${HEIGHT}Z`);
      setAttribute(element, "aria-label", `${label}: ${(values.at(-1) ?? 0).toFixed(0)}`);
    },
  };
}
