import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Dashboard } from "./dashboard.ts";
import { json } from "./http/respond.ts";

/**
 * For node:http, Express, Fastify's raw requests and others: answers with a dashboard. A body that `express.json()` or
 * `express.urlencoded()` has read already is taken from `request.body`.
 */
export function nodeListener(
  dashboard: Pick<Dashboard, "fetch">,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (incoming, outgoing) => {
    answer(dashboard, incoming, outgoing).catch(() => outgoing.destroy());
  };
}

async function answer(
  dashboard: Pick<Dashboard, "fetch">,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.on("close", () => gone.abort());
  const body = bodyOf(incoming);
  const response =
    body === "gone"
      ? json({ error: BODY_GONE }, { status: 500 })
      : await dashboard.fetch(requestOf(incoming, body, gone.signal));
  const headers = Object.fromEntries(response.headers);
  outgoing.writeHead(response.status, headers);
  if (response.body === null || incoming.method === "HEAD") {
    outgoing.end();
    return;
  }
  // A page that goes away in the middle of a stream is no error.
  await pipeline(Readable.fromWeb(response.body), outgoing, { signal: gone.signal }).catch(() => {});
}

const BODY_GONE =
  "The body of this request was read before it came to the dashboard. Mount the dashboard where no parser reads it.";

/** What is left of the body; "gone" when somebody has read it and kept nothing. */
function bodyOf(incoming: IncomingMessage): ReadableStream | string | Uint8Array<ArrayBuffer> | undefined {
  if (incoming.method === "GET" || incoming.method === "HEAD") return undefined;
  if (!incoming.readableDidRead) return Readable.toWeb(incoming);
  const read: unknown = "body" in incoming ? incoming.body : undefined;
  if (read === undefined) return "gone";
  if (typeof read === "string") return read;
  if (Buffer.isBuffer(read)) return new Uint8Array(read);
  const isForm = /^application\/x-www-form-urlencoded\b/.test(incoming.headers["content-type"] ?? "");
  return isForm ? new URLSearchParams(Object.entries(Object(read))).toString() : JSON.stringify(read);
}

function requestOf(
  incoming: IncomingMessage,
  body: ReadableStream | string | Uint8Array<ArrayBuffer> | undefined,
  signal: AbortSignal,
): Request {
  const encrypted = "encrypted" in incoming.socket && incoming.socket.encrypted === true;
  // Express keeps the full path of a mounted application here.
  const path =
    "originalUrl" in incoming && typeof incoming.originalUrl === "string"
      ? incoming.originalUrl
      : incoming.url;
  const host = incoming.headers.host ?? "localhost";
  const url = new URL(
    `${encrypted ? "https" : "http"}://${host}${path?.startsWith("/") === true ? path : "/"}`,
  );
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const each of [value].flat())
      if (each !== undefined && !name.startsWith(":")) headers.append(name, each);
  }
  return new Request(url, {
    method: incoming.method ?? "GET",
    headers,
    signal,
    ...(body === undefined ? {} : { body, duplex: "half" }),
  });
}
