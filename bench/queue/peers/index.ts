import type { Peer } from "../peer.ts";
import { beeQueue } from "./bee-queue.ts";
import { bullmq } from "./bullmq.ts";
import { groupmq } from "./groupmq.ts";
import { imgq } from "./imgq.ts";
import { imgqLoop } from "./imgq-loop.ts";

/** In the order of the report's columns. */
export const peers: readonly Peer[] = [imgq, imgqLoop, bullmq, beeQueue, groupmq];

export function peerNamed(name: string): Peer {
  const found = peers.find((peer) => peer.name === name);
  if (found === undefined) {
    throw new Error(
      `There is no peer named ${name}. Known ones: ${peers.map((peer) => peer.name).join(", ")}.`,
    );
  }
  return found;
}
