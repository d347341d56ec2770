import type { Finding } from "@imgq/monitor";

/** All is well. */
export function ok(check: string, summary: string): Finding {
  return { check, level: "ok", summary };
}

/** Works, but not as well or as safely as it could. */
export function warning(check: string, summary: string, remedy: string): Finding {
  return { check, level: "warning", summary, remedy };
}

/** Does not work. */
export function problem(check: string, summary: string, remedy: string): Finding {
  return { check, level: "error", summary, remedy };
}
