import type { HistoryPoint, LiveMessage } from "../src/live/wire.ts";
import { at } from "./base.ts";

/** What the page knows now. */
export interface Live extends Pick<LiveMessage, "snapshot" | "alerts"> {
  readonly points: readonly HistoryPoint[];
}

export type Connection = "connecting" | "open" | "lost" | "asleep";

type Listener = (live: Live) => void;

/** Points kept: ten minutes at one each two seconds. */
const LENGTH = 300;

const listeners = new Set<Listener>();
const connectionListeners = new Set<(connection: Connection) => void>();
let live: Live | undefined;
let source: EventSource | undefined;
let silence: ReturnType<typeof setTimeout> | undefined;

/** Listens to the server as long as the page is looked at. A hidden page costs nothing and catches up when it is shown again. */
export function startLive(): void {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close("asleep");
    else open();
  });
  if (!document.hidden) open();
}

/** Calls `listener` with each second's news, and at once when there are any. */
export function onLive(listener: Listener): () => void {
  listeners.add(listener);
  if (live !== undefined) listener(live);
  return () => listeners.delete(listener);
}

export function onConnection(listener: (connection: Connection) => void): void {
  connectionListeners.add(listener);
}

/** The server's clock, as far as it is known. */
export function serverNow(): number {
  return live?.snapshot.at ?? Date.now();
}

function open(): void {
  close("connecting");
  source = new EventSource(at("api/events"));
  source.addEventListener("live", (event: MessageEvent<string>) => {
    take(JSON.parse(event.data) as LiveMessage);
    announce("open");
    // A server that was stopped keeps its connections: silence is the only sign.
    clearTimeout(silence);
    silence = setTimeout(() => announce("lost"), 6000);
  });
  source.addEventListener("error", () => {
    announce("lost");
    // The browser tries again by itself, except after an answer that was no stream.
    if (source?.readyState === EventSource.CLOSED) setTimeout(() => !document.hidden && open(), 1500);
  });
}

function close(connection: Connection): void {
  clearTimeout(silence);
  source?.close();
  source = undefined;
  announce(connection);
}

function take(message: LiveMessage): void {
  const before = message.first ? [] : (live?.points ?? []);
  live = {
    snapshot: message.snapshot,
    alerts: message.alerts,
    points: [...before, ...message.points].slice(-LENGTH),
  };
  for (const listener of listeners) listener(live);
}

function announce(connection: Connection): void {
  for (const listener of connectionListeners) listener(connection);
}
