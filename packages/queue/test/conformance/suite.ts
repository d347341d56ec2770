import { describeAdding } from "./adding.ts";
import { describeAdministering } from "./administering.ts";
import type { Bench } from "./bench.ts";
import { describeClaiming } from "./claiming.ts";
import { describeRecovering } from "./recovering.ts";
import { describeSettling } from "./settling.ts";

/** What every broker must do. */
export function describeQueue(bench: Bench): void {
  describeAdding(bench);
  describeClaiming(bench);
  describeSettling(bench);
  describeRecovering(bench);
  describeAdministering(bench);
}
