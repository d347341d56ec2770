import { describe, expect, it } from "vitest";
import { createPaint } from "./paint.ts";
import { renderTable } from "./table.ts";
import { displayWidth, wrap } from "./width.ts";

const paint = createPaint(false);
const columns = [
  { title: "ID", text: (row: readonly [string, string]) => row[0] },
  { title: "ERROR", text: (row: readonly [string, string]) => row[1], flexible: true },
];

describe("a long text", () => {
  it("goes on between words, and cuts only what has none", () => {
    expect(wrap("state    dead\nlast error  the picture is torn apart", 16)).toEqual([
      "state    dead",
      "last error  the",
      "picture is torn",
      "apart",
    ]);
    expect(wrap("id 0123456789abcdef", 8)).toEqual(["id", "01234567", "89abcdef"]);
    expect(wrap("写真 写真写真", 5)).toEqual(["写真", "写真", "写真"]);
    expect(wrap("", 5)).toEqual([""]);
  });
});

describe("a table", () => {
  it("aligns wide characters by the columns they take", () => {
    const text = renderTable(
      [
        ["写真", "a"],
        ["ab", "b"],
      ],
      columns,
      { paint, width: undefined },
    );
    expect(text.split("\n")).toEqual(["ID    ERROR", "写真  a", "ab    b"]);
  });

  it("fits the terminal by cutting flexible columns", () => {
    const rows = [["0123456789", "a message that is much too long for the line"]] as const;
    const lines = renderTable(rows, columns, { paint, width: 30 }).split("\n");
    expect(lines.map(displayWidth).every((width) => width <= 30)).toBe(true);
    expect(lines[1]).toBe("0123456789  a message that is…");
  });

  it("shows what would command the terminal instead of sending it", () => {
    const text = renderTable([["a\u001b[2J", "two\nlines \u202egnp"]], columns, { paint, width: undefined });
    expect(text).not.toContain("\u001b");
    expect(text).not.toContain("\u202e");
    expect(text.split("\n")[1]).toBe("a\\x1b[2J  two lines \\u202egnp");
  });
});
