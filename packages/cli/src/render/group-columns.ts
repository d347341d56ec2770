import type { DeadGroup } from "@imgq/monitor";
import { formatCount, formatDuration } from "../terminal/format.ts";
import type { Column } from "../terminal/table.ts";
import { subjectOf } from "./task-columns.ts";

/** The columns of a list of causes of death. */
export function groupColumns(now: number): readonly Column<DeadGroup>[] {
  return [
    { title: "COUNT", text: (group) => formatCount(group.count), align: "right" },
    { title: "REASON", text: (group) => group.reason, tone: () => "bad" },
    { title: "CAUSE", text: (group) => group.code ?? group.error },
    {
      title: "LAST",
      text: (group) => `${formatDuration(Math.max(0, now - group.lastAt))} ago`,
      align: "right",
    },
    { title: "EXAMPLE", text: (group) => group.samples.map(subjectOf)[0] ?? "", flexible: true },
    { title: "MESSAGE", text: (group) => group.message, flexible: true },
  ];
}
