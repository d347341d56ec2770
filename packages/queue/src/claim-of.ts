import type { Grant } from "./broker.ts";
import { decodeJson } from "./payload.ts";
import type { Claim } from "./task.ts";

/** A grant as its holder sees it, its payload read; undefined when the payload is not JSON. */
export function claimOf<P>(grant: Grant, queue: string, worker: string): Claim<P> | undefined {
  try {
    const payload = decodeJson(grant.payload) as P;
    const { id, token, attempt, maxRetries, crashes, timeoutMs, addedAt, trace, solo } = grant;
    const claim = {
      id,
      queue,
      payload,
      token,
      attempt,
      maxRetries,
      crashes,
      timeoutMs,
      addedAt,
      worker,
      solo,
    };
    return trace === undefined ? claim : { ...claim, trace };
  } catch {
    return undefined;
  }
}
