import stringWidth from "string-width";

const segmenter = new Intl.Segmenter();

/** Columns that `text` takes on a terminal: wide characters take two, colours none. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

/** `text`, without colours, cut to at most `columns` columns; a cut is marked with `…`. */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns <= 0) return "";
  let kept = "";
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    width += displayWidth(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Fills `text` up to `columns` columns with spaces. */
export function pad(text: string, columns: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, columns - displayWidth(text)));
  return align === "left" ? text + space : space + text;
}

/** The lines of `text`, without colours, continued where they are longer than `columns`. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const line of text.split("\n")) {
    let piece = "";
    let width = 0;
    for (const { segment } of segmenter.segment(line)) {
      const segmentWidth = displayWidth(segment);
      if (width + segmentWidth > columns && piece !== "") {
        lines.push(piece);
        piece = "";
        width = 0;
      }
      piece += segment;
      width += segmentWidth;
    }
    lines.push(piece);
  }
  return lines;
}
