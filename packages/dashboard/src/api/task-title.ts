const LONGEST = 200;

/** What a task is about, in one line, when its payload is that of a picture: `rocket.jpg → rocket.webp`. Nothing else of a payload is told. */
export function titleOf(payload: unknown): string | undefined {
  const input = textIn(payload, "input");
  if (input === undefined) return undefined;
  const output = textIn(payload, "output");
  return output === undefined || output === input ? input : `${input} → ${output}`;
}

function textIn(payload: unknown, name: "input" | "output"): string | undefined {
  if (typeof payload !== "object" || payload === null || !Object.hasOwn(payload, name)) return undefined;
  const text: unknown = Reflect.get(payload, name);
  if (typeof text !== "string" || text === "") return undefined;
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
