const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayAndClock = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** What is shown where there is nothing to show. */
export const nothing = "–";

/** 12,345 and 1.2M. */
export function count(value: number): string {
  return Math.abs(value) < 100_000 ? whole.format(value) : short.format(value);
}

/** A rate: 0.25, 3.1, 120. */
export function rate(value: number | null | undefined): string {
  if (value === null || value === undefined) return nothing;
  if (value === 0) return "0";
  return value < 1 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : count(value);
}

export function percent(fraction: number): string {
  const value = fraction * 100;
  return `${value > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} %`;
}

/** A duration in at most two units: 340 ms, 2.4 s, 3 min 20 s, 5 h 2 min, 3 d. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return nothing;
  if (ms < 0.95) return ms <= 0 ? "0 ms" : "<1 ms";
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  const units: [number, string, number, string][] = [
    [60, "min", 1, "s"],
    [3600, "h", 60, "min"],
    [86_400, "d", 3600, "h"],
  ];
  const [big, bigName, small, smallName] = units.findLast(([size]) => seconds >= size) ?? [60, "min", 1, "s"];
  const bigCount = Math.floor(seconds / big);
  const smallCount = Math.floor((seconds % big) / small);
  return smallCount === 0 ? `${bigCount} ${bigName}` : `${bigCount} ${bigName} ${smallCount} ${smallName}`;
}

/** 512 B, 4.2 KB, 18 MB: powers of 1000, as file managers and the command line show them. */
export function bytes(value: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 9.95 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

export function time(at: number): string {
  return Date.now() - at < 43_200_000 ? clock.format(at) : dayAndClock.format(at);
}

export function fullTime(at: number): string {
  return dayAndClock.format(at);
}

/** "3 s ago". `now` is the server's clock, which the browser's may not agree with. */
export function ago(at: number, now: number): string {
  return since(now - at);
}

/** The same for a span. Fractions of a second only flicker. */
export function since(ms: number): string {
  return ms < 1500 ? "just now" : `${duration(Math.round(ms / 1000) * 1000)} ago`;
}
