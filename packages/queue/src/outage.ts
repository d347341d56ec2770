/** What is known about beats in general, to tell a dead worker from a Redis that was away. */
export interface BeatRecord {
  /** When any worker beat last; 0 when none ever did. */
  readonly lastBeatAt: number;
  /** The lease that beat asked for. */
  readonly lastLeaseMs: number;
  /** Nobody is counted out before this. */
  readonly graceUntil: number;
}

export const noBeats: BeatRecord = { lastBeatAt: 0, lastLeaseMs: 0, graceUntil: 0 };

/** The first beat after a silence of more than a lease opens a grace of one full lease: everybody was cut off, nobody died. */
export function afterBeat(record: BeatRecord, now: number, leaseMs: number): BeatRecord {
  return {
    lastBeatAt: now,
    lastLeaseMs: leaseMs,
    graceUntil: isSilent(record, now) ? now + leaseMs : record.graceUntil,
  };
}

/** Whether a lease that ran out means that its worker is dead. Not while everybody is silent, nor during the grace after it. */
export function mayCountOut(record: BeatRecord, now: number): boolean {
  return !isSilent(record, now) && now >= record.graceUntil;
}

function isSilent(record: BeatRecord, now: number): boolean {
  return record.lastBeatAt > 0 && now - record.lastBeatAt > record.lastLeaseMs;
}
