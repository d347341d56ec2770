import type { Finding } from "@imgq/monitor";
import { getJson } from "../api.ts";
import type { View } from "../router.ts";
import { chip } from "../ui/chip.ts";
import { fill, h } from "../ui/dom.ts";
import { poll } from "./poll.ts";

const order = ["error", "warning", "ok"] as const;

/** What is wrong with the installation, and the remedy for each finding. */
export function doctorPage(): View {
  const list = h("ul", { class: "findings" });
  let shown = "";
  const polling = poll(async (signal) => {
    const findings = await getJson<readonly Finding[]>("api/doctor", signal);
    const text = JSON.stringify(findings);
    if (text === shown) return;
    shown = text;
    const sorted = findings.toSorted((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
    fill(list, sorted.map(findingItem));
  }, 10_000);
  return { title: "Doctor", element: list, destroy: polling.stop };
}

function findingItem({ check, level, summary, remedy }: Finding): HTMLElement {
  return h(
    "li",
    { class: "card finding" },
    chip(level),
    h(
      "div",
      { class: "grow" },
      h("p", {}, summary),
      remedy !== undefined && h("p", { class: "note" }, remedy),
    ),
    h("span", { class: "mono note" }, check),
  );
}
