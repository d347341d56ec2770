import type { Finding } from "@imgq/monitor";
import { getJson } from "../api.ts";
import type { View } from "../router.ts";
import { chip } from "../ui/chip.ts";
import { fill, h, setText } from "../ui/dom.ts";
import { poll } from "./poll.ts";

/** What is wrong with the installation, and the remedy for each finding; then, quietly, what was looked at and is well. */
export function doctorPage(): View {
  const verdict = h("p", { class: "empty", role: "status" }, "Looking …");
  const problems = h("ul", { class: "findings" });
  const wellList = h("ul");
  const well = h("section", { class: "card", hidden: true }, h("h2", {}, "In order"), wellList);
  let shown = "";
  const polling = poll(async (signal) => {
    const findings = await getJson<readonly Finding[]>("api/doctor", signal);
    const text = JSON.stringify(findings);
    if (text === shown) return;
    shown = text;
    const errors = findings.filter(({ level }) => level === "error");
    const bad = [...errors, ...findings.filter(({ level }) => level === "warning")];
    const good = findings.filter(({ level }) => level === "ok");
    verdict.hidden = bad.length > 0;
    setText(verdict, "Everything is in order.");
    fill(problems, bad.map(problemItem));
    fill(wellList, good.map(wellItem));
    well.hidden = good.length === 0;
  }, 10_000);
  return {
    title: "Doctor",
    element: h("div", { class: "stack" }, verdict, problems, well),
    destroy: polling.stop,
  };
}

function problemItem({ check, level, summary, remedy }: Finding): HTMLElement {
  return h(
    "li",
    { class: "card finding" },
    chip(level),
    h(
      "div",
      { class: "grow" },
      h("p", {}, h("b", {}, summary)),
      remedy !== undefined && h("p", { class: "note" }, remedy),
    ),
    h("span", { class: "mono note" }, check),
  );
}

function wellItem({ check, summary }: Finding): HTMLElement {
  return h(
    "li",
    { class: "finding well" },
    h("span", { class: "mono note check" }, check),
    h("span", { class: "grow" }, summary),
  );
}
