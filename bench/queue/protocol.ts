import type { DrainPart } from "./measures/drain.ts";
import type { ImageCost } from "./measures/images.ts";
import type { PeerTarget } from "./peer.ts";

/** What the bench tells a peer's process to do. One at a time, except `stop`. */
export type Order = { readonly target: PeerTarget } & (
  | { readonly do: "add-sequentially" | "fill" | "latency" | "images"; readonly tasks: number }
  | { readonly do: "add-concurrently"; readonly tasks: number; readonly inFlight: number }
  | { readonly do: "add-in-bulk"; readonly tasks: number; readonly bulk: number }
  /** Without `tasks`, until `stop`. */
  | { readonly do: "drain"; readonly tasks?: number; readonly concurrency: number }
);

export type ToPeer = { readonly order: Order } | { readonly stop: true };

export type FromPeer =
  | { readonly value: number }
  | { readonly part: DrainPart }
  | { readonly images: ImageCost }
  | { readonly done: true }
  | { readonly failure: string }
  /** Tasks settled so far by a drain that runs until `stop`. */
  | { readonly settled: number };

/** Both ends are files of this folder, so a message is believed to be what it says. */
export function parseToPeer(message: unknown): ToPeer {
  return message as ToPeer;
}

export function parseFromPeer(message: unknown): FromPeer {
  return message as FromPeer;
}
