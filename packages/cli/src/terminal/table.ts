import type { Paint, Tone } from "./paint.ts";
import { plainText } from "./plain-text.ts";
import { displayWidth, pad, truncate } from "./width.ts";

export interface Column<Row> {
  readonly title: string;
  /** The cell's text; made safe to print by the table. */
  readonly text: (row: Row) => string;
  readonly align?: "left" | "right";
  readonly tone?: (row: Row) => Tone | undefined;
  /** Gives way first when the terminal is narrow. */
  readonly flexible?: boolean;
}

export interface TableOptions {
  readonly paint: Paint;
  /** Columns to fit into; undefined prints every cell whole. */
  readonly width: number | undefined;
  /** Row to mark, over the whole width. */
  readonly selected?: number;
}

const gap = "  ";
const narrowestFlexible = 8;

/** Rows as aligned text with a heading. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { paint, width, selected }: TableOptions,
): string {
  const cells = rows.map((row) => columns.map((column) => plainText(column.text(row))));
  const widths = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...cells.map((line) => displayWidth(line[index] ?? ""))),
  );
  if (width !== undefined) shrink(widths, columns, width);

  const line = (texts: readonly string[], tone: (index: number) => Tone | undefined): string =>
    texts
      .map((text, index) => {
        const columnWidth = widths[index] ?? 0;
        const last = index === texts.length - 1 && columns[index]?.align !== "right";
        const shown = truncate(text, columnWidth);
        const cell = last ? shown : pad(shown, columnWidth, columns[index]?.align);
        const wanted = tone(index);
        return wanted === undefined ? cell : paint(wanted, cell);
      })
      .join(gap)
      .trimEnd();

  const heading = line(
    columns.map((column) => column.title),
    () => "faint",
  );
  const body = cells.map((texts, row) => {
    if (row === selected)
      return paint(
        "selected",
        pad(
          line(texts, () => undefined),
          width ?? 0,
        ),
      );
    return line(texts, (index) => {
      const source = rows[row];
      return source === undefined ? undefined : columns[index]?.tone?.(source);
    });
  });
  return [heading, ...body].join("\n");
}

/** Takes from the widest flexible column until the line fits or no column can give more. */
function shrink<Row>(widths: number[], columns: readonly Column<Row>[], available: number): void {
  const gaps = gap.length * (columns.length - 1);
  for (;;) {
    const excess = widths.reduce((sum, width) => sum + width, gaps) - available;
    if (excess <= 0) return;
    const flexible = columns
      .map((column, index) => ({ index, width: column.flexible === true ? (widths[index] ?? 0) : 0 }))
      .sort((a, b) => b.width - a.width);
    const [widest, next] = flexible;
    if (widest === undefined || widest.width <= narrowestFlexible) return;
    const floor = Math.max(narrowestFlexible, Math.min(widest.width - 1, next?.width ?? 0));
    widths[widest.index] = Math.max(floor, widest.width - excess);
  }
}

/** Name and value pairs, one a line, values aligned. */
export function renderPairs(pairs: readonly (readonly [string, string])[], paint: Paint): string {
  const width = Math.max(...pairs.map(([name]) => displayWidth(name)));
  return pairs.map(([name, value]) => `${paint("faint", pad(name, width))}${gap}${value}`).join("\n");
}
