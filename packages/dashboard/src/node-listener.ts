import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Dashboard } from "./dashboard.ts";

/** For node:http, Express, Fastify's raw requests and others: answers with a dashboard. */
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
  const response = await dashboard.fetch(requestOf(incoming, gone.signal));
  const headers = Object.fromEntries(response.headers);
  outgoing.writeHead(response.status, headers);
  if (response.body === null || incoming.method === "HEAD") {
    outgoing.end();
    return;
  }
  // A page that goes away in the middle of a stream is no error.
  await pipeline(Readable.fromWeb(response.body), outgoing, { signal: gone.signal }).catch(() => {});
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
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
  const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
  return new Request(url, {
    method: incoming.method ?? "GET",
    headers,
    signal,
    ...(hasBody ? { body: Readable.toWeb(incoming), duplex: "half" } : {}),
  });
}
