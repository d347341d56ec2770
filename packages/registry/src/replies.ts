import { ImgqError, show } from "@imgq/core";
import type { Outage } from "./liveness.ts";
import { parseWorker, type StoredWorker } from "./worker-fields.ts";

/** A script's reply: a word, and what belongs to it. */
export function replyWord(reply: unknown): readonly [string, ...string[]] {
  if (Array.isArray(reply) && reply.length > 0) {
    const [word, ...rest] = reply.map((item: unknown) => String(item));
    if (word !== undefined) return [word, ...rest];
  }
  throw unexpected(reply);
}

/** One page of the `read` script. */
export interface ReadReply {
  readonly now: number;
  readonly outage: Outage;
  readonly pageSize: number;
  readonly workers: readonly StoredWorker[];
}

export function parseRead(reply: unknown): ReadReply {
  if (!Array.isArray(reply)) throw unexpected(reply);
  const [now, beganAt, endedAt, pageSize, ...hashes]: unknown[] = reply;
  return {
    now: Number(now),
    outage: { beganAt: Number(beganAt), endedAt: Number(endedAt) },
    pageSize: Number(pageSize),
    workers: hashes.flatMap((hash) => parseWorker(pairs(hash)) ?? []),
  };
}

/** A waiting command, as the list holds it. */
export function parseEntry(entry: string): { readonly sequence: number; readonly json: string } {
  const space = entry.indexOf(" ");
  return { sequence: Number(entry.slice(0, space)), json: entry.slice(space + 1) };
}

function pairs(hash: unknown): Map<string, string> {
  if (!Array.isArray(hash)) throw unexpected(hash);
  const fields = new Map<string, string>();
  for (let index = 0; index + 1 < hash.length; index += 2) {
    fields.set(String(hash[index]), String(hash[index + 1]));
  }
  return fields;
}

function unexpected(reply: unknown): ImgqError {
  return new ImgqError(
    "IMGQ_UNEXPECTED_REPLY",
    `The registry's script answered ${show(reply)}, which this version does not know. Do two versions of imgq share this Redis?`,
  );
}
