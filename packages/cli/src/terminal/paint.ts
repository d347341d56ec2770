import { styleText } from "node:util";

/** The few colours the command uses, each with one meaning. */
export type Tone = "good" | "warning" | "bad" | "accent" | "faint" | "strong" | "selected";

/** Colours `text`, or returns it as it is where colours are not wanted. */
export type Paint = (tone: Tone, text: string) => string;

const formats = {
  good: "green",
  warning: "yellow",
  bad: "red",
  accent: "cyan",
  faint: "gray",
  strong: "bold",
  selected: "inverse",
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>;

export function createPaint(colour: boolean): Paint {
  if (!colour) return (_tone, text) => text;
  return (tone, text) => (text === "" ? text : styleText(formats[tone], text, { validateStream: false }));
}

/** Whether to colour what goes to `stream`: NO_COLOR and FORCE_COLOR decide before the kind of stream does. */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "") return env.FORCE_COLOR !== "0";
  return stream.isTTY === true && env.TERM !== "dumb";
}
