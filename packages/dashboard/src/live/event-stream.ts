import { respond } from "../http/respond.ts";
import type { LiveFeed } from "./live-feed.ts";
import type { LiveMessage } from "./wire.ts";

/** Bytes that may wait for a slow page. */
const MAX_WAITING_BYTES = 1_000_000;

/** Server-sent events: one `live` event a second until the page goes away. */
export function eventStream(feed: LiveFeed, signal: AbortSignal): Response {
  const encoder = new TextEncoder();
  let end = (): void => {};
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        // A page that reads slowly is spared what the next second replaces anyway; it then needs all points again.
        let complete = false;
        const send = (message: LiveMessage): void => {
          if ((controller.desiredSize ?? 0) <= 0) {
            complete = false;
            return;
          }
          const sent = complete ? message : { ...message, points: feed.points, first: true };
          complete = true;
          controller.enqueue(encoder.encode(`event: live\ndata: ${JSON.stringify(sent)}\n\n`));
        };
        controller.enqueue(encoder.encode("retry: 1000\n\n"));
        const unsubscribe = feed.subscribe(send);
        const close = (): void => {
          end();
          controller.close();
        };
        end = () => {
          unsubscribe();
          signal.removeEventListener("abort", close);
        };
        if (signal.aborted) close();
        else signal.addEventListener("abort", close, { once: true });
      },
      // The reader has gone; the stream is closed already.
      cancel: () => end(),
    },
    { highWaterMark: MAX_WAITING_BYTES, size: (chunk) => chunk.byteLength },
  );
  return respond(stream, "text/event-stream; charset=utf-8", { headers: { "x-accel-buffering": "no" } });
}
