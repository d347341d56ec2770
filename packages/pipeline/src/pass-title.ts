import type { Pass } from "./pass.ts";

/** What a pass does, in a line: `decode → resize → blur → encode`. */
export function passTitle(
  pass: Pass,
  ends: { readonly decodes: boolean; readonly encodes: boolean },
): string {
  const names = pass.operations.map(({ name }) => name);
  return [...(ends.decodes ? ["decode"] : []), ...names, ...(ends.encodes ? ["encode"] : [])].join(" → ");
}
