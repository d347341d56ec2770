/** Headers of every answer: nothing from elsewhere is loaded, nothing inline runs, nobody frames or embeds it. */
const guarded = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
} as const;

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer with the guarding headers; `answer.headers` come last and may refine them. */
export function respond(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null,
  contentType: string,
  answer: Answer = {},
): Response {
  return new Response(body, {
    status: answer.status ?? 200,
    headers: { ...guarded, "content-type": contentType, ...answer.headers },
  });
}

export function json(value: unknown, answer: Answer = {}): Response {
  return respond(JSON.stringify(value), "application/json; charset=utf-8", answer);
}

export function html(text: string, answer: Answer = {}): Response {
  return respond(text, "text/html; charset=utf-8", answer);
}

export function redirect(location: string, headers: Readonly<Record<string, string>> = {}): Response {
  return respond(null, "text/plain; charset=utf-8", { status: 303, headers: { location, ...headers } });
}
