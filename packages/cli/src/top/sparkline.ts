const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** The last `width` values as a line of bars; the highest is full. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const highest = Math.max(...shown, 0);
  if (highest === 0) return bars[0].repeat(shown.length);
  return shown
    .map((value) => bars[Math.min(bars.length - 1, Math.round((value / highest) * (bars.length - 1)))])
    .join("");
}
