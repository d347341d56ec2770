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

/** The lines of `text`, without colours, continued between words where they are longer than `columns`; a word that is longer is cut. */
export function wrap(text: string, columns: number): string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, columns));
}

function wrapLine(line: string, columns: number): string[] {
  const lines: string[] = [];
  let piece = "";
  // Each word with the spaces before it, which go where a line is broken.
  for (const word of line.match(/\s*\S+/g) ?? []) {
    if (displayWidth(piece + word) <= columns) {
      piece += word;
      continue;
    }
    const whole = cut(piece === "" ? word : word.trimStart(), columns);
    if (piece !== "") lines.push(piece);
    lines.push(...whole.slice(0, -1));
    piece = whole.at(-1) ?? "";
  }
  return [...lines, piece];
}

function cut(word: string, columns: number): string[] {
  const pieces: string[] = [];
  let piece = "";
  let width = 0;
  for (const { segment } of segmenter.segment(word)) {
    const segmentWidth = displayWidth(segment);
    if (width + segmentWidth > columns && piece !== "") {
      pieces.push(piece);
      piece = "";
      width = 0;
    }
    piece += segment;
    width += segmentWidth;
  }
  return [...pieces, piece];
}
