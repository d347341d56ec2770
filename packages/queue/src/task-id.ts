import { randomFillSync } from "node:crypto";

/** Crockford's base32 in lower case: no letters that look like others. 32 of them, so that each is as likely in a random byte. */
const alphabet: Uint8Array = Buffer.from("0123456789abcdefghjkmnpqrstvwxyz", "latin1");
const LENGTH = 20;
/** Random characters for ids to come: asking the system for each alone would cost more than the id. */
const pool: Buffer = Buffer.alloc(256 * LENGTH);
let used: number = pool.length;

/**
 * A random id: 100 random bits in 20 characters. Shorter than a UUID, as it is a part of the task's key and stands in every
 * list and claim of it, and Redis looks at each character of these again and again.
 */
export function randomTaskId(): string {
  if (used === pool.length) refill();
  used += LENGTH;
  return pool.toString("latin1", used - LENGTH, used);
}

function refill(): void {
  randomFillSync(pool);
  for (let at = 0; at < pool.length; at += 1) pool[at] = alphabet[(pool[at] ?? 0) % alphabet.length] ?? 0;
  used = 0;
}
