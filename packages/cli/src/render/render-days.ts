import type { DayCounts } from "@imgq/queue";
import { formatCount } from "../terminal/format.ts";
import type { Paint } from "../terminal/paint.ts";
import { renderTable } from "../terminal/table.ts";

/** Blocks of the longest bar. */
const BAR_WIDTH = 30;

/** What a queue did on each day, newest last, with a bar for what was completed. */
export function renderDays(queue: string, days: readonly DayCounts[], paint: Paint): string {
  const most = Math.max(1, ...days.map(({ completed }) => completed));
  const table = renderTable(
    days,
    [
      { title: "DAY", text: ({ day }) => day },
      { title: "COMPLETED", text: ({ completed }) => formatCount(completed), align: "right" },
      { title: "FAILED", text: ({ failed }) => formatCount(failed), align: "right" },
      {
        title: "DEAD",
        text: ({ dead }) => formatCount(dead),
        align: "right",
        tone: ({ dead }) => (dead > 0 ? "bad" : undefined),
      },
      {
        title: "",
        // What is not nothing shows as something.
        text: ({ completed }) => "█".repeat(Math.ceil((completed / most) * BAR_WIDTH)),
        tone: () => "accent",
      },
    ],
    { paint, width: undefined },
  );
  return `${paint("strong", queue)}\n${table}`;
}
