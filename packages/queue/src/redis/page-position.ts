import { InvalidOptionError } from "@imgq/core";

/** Where a page begins: sorted sets are continued after a score and an id; the other states take any text. */
export function checkPosition(state: string, after: string | undefined): string {
  if (after === undefined || after === "") return "";
  if (!/^(scheduled|dead)/.test(state) || /^\d+(\.\d+)? \S+$/.test(after)) return after;
  throw new InvalidOptionError(
    "after",
    "be the next of an earlier page",
    after,
    "Leave it out for the first page.",
  );
}
