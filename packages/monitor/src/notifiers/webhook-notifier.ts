import { createHmac, timingSafeEqual } from "node:crypto";
import type { Notifier } from "./notifier.ts";
import { postJson, receiverUrl } from "./post-json.ts";

export interface WebhookNotifierOptions {
  /** Signs each message, so that the receiver can tell it from a forged one. See {@link verifyWebhook}. */
  readonly secret?: string;
  /** More headers, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Posts each message as JSON. Headers: `x-imgq-message` is its id, the same when it is sent again; with a secret
 * `x-imgq-timestamp` (milliseconds since 1970) and `x-imgq-signature`: `sha256=` and the HMAC of `timestamp.body` in hex.
 */
export function webhookNotifier(url: string, options: WebhookNotifierOptions = {}): Notifier {
  const receiver = receiverUrl("url", url);
  return {
    name: `webhook ${receiver.host}`,
    notify: (message, signal) => {
      const body = JSON.stringify(message);
      // One of the header values may hold what a header must not: ids come from queue names, which are checked, but workers' may be anything.
      const headers = { "x-imgq-message": encodeURIComponent(message.id), ...options.headers };
      return postJson(receiver, body, { ...headers, ...signatureHeaders(options.secret, body) }, signal);
    },
  };
}

/**
 * For receivers: whether `body` was signed with `secret` and is not older than `maxAgeMs` (5 minutes). `header` returns
 * a header's value by its name in small letters.
 */
export function verifyWebhook(
  secret: string,
  body: string,
  header: (name: string) => string | null | undefined,
  options: { readonly maxAgeMs?: number; readonly now?: number } = {},
): boolean {
  const { maxAgeMs = 300_000, now = Date.now() } = options;
  const timestamp = header("x-imgq-timestamp") ?? "";
  const given = Buffer.from(header("x-imgq-signature") ?? "");
  const expected = Buffer.from(sign(secret, timestamp, body));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  return Math.abs(now - Number(timestamp)) <= maxAgeMs;
}

function signatureHeaders(secret: string | undefined, body: string): Record<string, string> {
  if (secret === undefined) return {};
  const timestamp = String(Date.now());
  return { "x-imgq-timestamp": timestamp, "x-imgq-signature": sign(secret, timestamp, body) };
}

function sign(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
}
