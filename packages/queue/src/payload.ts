import { createHash } from "node:crypto";
import { NotJsonError, TooLargeError } from "./errors.ts";

/** The JSON of a payload or result, within its size. Throws {@link NotJsonError} or {@link TooLargeError}. */
export function encodeJson(what: "payload" | "result", value: unknown, maxBytes: number): string {
  const text = stringify(what, value);
  // A character takes at most three bytes in UTF-8, so most payloads need no counting.
  if (text.length * 3 > maxBytes) {
    const bytes = Buffer.byteLength(text);
    if (bytes > maxBytes) throw new TooLargeError(what, bytes, maxBytes);
  }
  return text;
}

function stringify(what: "payload" | "result", value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new NotJsonError(what, error instanceof Error ? firstLine(error.message) : "it failed", error);
  }
  if (text === undefined) throw new NotJsonError(what, `a ${typeof value} has none`);
  return text;
}

/** Reads JSON that may have been written by anybody. Keys that would reach an object's prototype are dropped. Throws `SyntaxError`. */
export function decodeJson(text: string): unknown {
  // The escape in "\u005f_proto__" could hide the name, so any escape takes the careful way.
  return text.includes("__proto__") || text.includes("\\u")
    ? JSON.parse(text, (key, value: unknown) => (key === "__proto__" ? undefined : value))
    : JSON.parse(text);
}

/** A key equal for equal payloads, whatever the order of their properties. */
export function dedupeKeyOf(payloadJson: string): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(JSON.parse(payloadJson))))
    .digest("hex");
}

/** Objects as lists of their properties in order, marked so that {} and [] stay different. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return ["list", ...value.map(sorted)];
  if (typeof value !== "object" || value === null) return value;
  const properties = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return ["object", ...properties.map(([key, inner]) => [key, sorted(inner)])];
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
