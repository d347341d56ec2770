import { Option } from "@commander-js/extra-typings";
import { UsageError } from "./errors.ts";

/** What an option of the command is when neither the command line nor the environment says otherwise. */
export const defaults = {
  redisUrl: "redis://127.0.0.1:6379",
  queue: "images",
  prefix: "imgq",
  filters: "grayscale",
  outputFolder: "out",
  /** Loopback port on which a worker tells how it is. */
  healthPort: 9464,
  /** Milliseconds in which Redis must answer before the command gives up. */
  redisDeadlineMs: 3000,
} as const;

/** Where Redis is, as given; `undefined` stands for {@link defaults.redisUrl}. */
export function redisOption(): Option<"--redis <url>"> {
  return new Option("--redis <url>", `where Redis is (default: "${defaults.redisUrl}")`).env("REDIS_URL");
}

export function queueOption(): Option<"--queue <name>", undefined, "images"> {
  return new Option("--queue <name>", "which queue").env("IMGQ_QUEUE").default(defaults.queue);
}

/** For commands that look at several queues at once. */
export function queuesOption(): Option<"--queue <names>"> {
  return new Option("--queue <names>", "which queues, as a,b (default: all that are known)").env(
    "IMGQ_QUEUE",
  );
}

export function prefixOption(): Option<"--prefix <text>", undefined, "imgq"> {
  return new Option("--prefix <text>", "first part of every Redis key")
    .env("IMGQ_PREFIX")
    .default(defaults.prefix);
}

export function yesOption(): Option<"-y, --yes"> {
  return new Option("-y, --yes", "do not ask before destroying something");
}

/** Collects the values of an option that may be given several times. One value each: a list would swallow the arguments behind it. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** A parser for whole numbers of an option, from `least` on. */
export function wholeNumber(option: string, least: number, most: number = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
    throw new UsageError(`${option} takes a whole number ${range}; got "${text}".`);
  };
}

const unitsMs = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A parser for durations such as `500ms`, `30s`, `5m`, `2h`, `7d`; a bare number is seconds. Returns milliseconds. */
export function duration(option: string): (text: string) => number {
  return (text) => {
    const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)?$/.exec(text.trim());
    const unit = match?.[2] ?? "s";
    if (match?.[1] !== undefined && unit in unitsMs) {
      return Math.round(Number(match[1]) * unitsMs[unit as keyof typeof unitsMs]);
    }
    throw new UsageError(`${option} takes a duration such as 30s, 5m or 2h; got "${text}".`);
  };
}
