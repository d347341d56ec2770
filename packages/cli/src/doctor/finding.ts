/** One thing that was looked at, and what to do about it. */
export interface Finding {
  /** Stable name, such as `redis-policy`. */
  readonly check: string;
  readonly level: "ok" | "warning" | "error";
  readonly summary: string;
  /** What to do; absent when all is well. */
  readonly remedy?: string;
}

export function ok(check: string, summary: string): Finding {
  return { check, level: "ok", summary };
}

export function warning(check: string, summary: string, remedy: string): Finding {
  return { check, level: "warning", summary, remedy };
}

export function problem(check: string, summary: string, remedy: string): Finding {
  return { check, level: "error", summary, remedy };
}
