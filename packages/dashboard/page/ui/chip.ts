import { h, setAttribute, setText } from "./dom.ts";

const tones: Readonly<Record<string, string>> = {
  pending: "neutral",
  scheduled: "neutral",
  processing: "accent",
  completed: "good",
  dead: "bad",
  cancelled: "neutral",
  starting: "neutral",
  running: "good",
  lagging: "warn",
  wedged: "bad",
  quiet: "warn",
  draining: "warn",
  stopped: "neutral",
  failed: "bad",
  timeout: "bad",
  lost: "bad",
  released: "neutral",
  critical: "bad",
  warning: "warn",
  info: "accent",
  error: "bad",
  ok: "good",
  fired: "bad",
  cleared: "good",
};

/** A word with a colour: a state, an outcome, a severity. The word carries the meaning, the colour only helps. */
export function chip(word: string, text: string = word): HTMLElement {
  const element = h("span", { class: "chip" });
  showChip(element, word, text);
  return element;
}

export function showChip(element: Element, word: string, text: string = word): void {
  setText(element, text);
  setAttribute(element, "data-tone", tones[word] ?? "neutral");
}
