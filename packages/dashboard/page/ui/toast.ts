import { h } from "./dom.ts";

const shelf = h("div", { class: "toasts", role: "status", "aria-live": "polite" });

export function toastShelf(): HTMLElement {
  return shelf;
}

/** Tells what came of something the person did; goes away by itself. */
export function toast(message: string, tone: "good" | "bad" = "good"): void {
  const element = h("p", { class: "toast", "data-tone": tone }, message);
  shelf.append(element);
  setTimeout(() => element.remove(), tone === "good" ? 4000 : 8000);
}
