import type { ActiveAlert, AlertMessage } from "@imgq/monitor";
import { getJson } from "../api.ts";
import { onLive } from "../live.ts";
import type { View } from "../router.ts";
import { alertList } from "../ui/alert-list.ts";
import { chip } from "../ui/chip.ts";
import { h, setText } from "../ui/dom.ts";
import { duration, fullTime } from "../ui/format.ts";
import { KeyedList } from "../ui/keyed-list.ts";
import { poll } from "./poll.ts";

interface AlertsReply {
  readonly watching: boolean;
  readonly active: readonly ActiveAlert[];
  readonly history: readonly AlertMessage[];
}

/** What fires now, and what was said before. */
export function alertsPage(): View {
  const firing = alertList();
  const calm = h("p", { class: "empty" }, "Nothing fires.");
  const body = h("tbody");
  const list = new KeyedList<AlertMessage>(
    body,
    (message) => message.id,
    (message) => ({
      element: h(
        "tr",
        {},
        h("td", {}, h("time", {}, fullTime(message.at))),
        h("td", {}, chip(message.kind)),
        h("td", {}, chip(message.severity)),
        h("th", { scope: "row" }, message.rule),
        h("td", { class: "mono" }, message.subject),
        h(
          "td",
          { class: "what" },
          message.kind === "fired"
            ? message.summary
            : `Over after ${duration(message.at - message.firedAt)}.`,
        ),
      ),
      update: () => {},
    }),
  );
  const silent = h("p", { class: "empty" }, "Nothing was said yet.");
  const heads = ["When", "What", "Severity", "Rule", "About", "Message"].map((head) =>
    h("th", { scope: "col" }, head),
  );
  const stop = onLive(({ alerts, snapshot }) => {
    firing.update(alerts, snapshot.at);
    calm.hidden = alerts.length > 0;
  });
  const polling = poll(async (signal) => {
    const { history, watching } = await getJson<AlertsReply>("api/alerts", signal);
    list.update(history);
    silent.hidden = history.length > 0;
    setText(
      silent,
      watching ? "Nothing was said yet." : "No alerts are watched here. Pass alerts to the dashboard.",
    );
  }, 3000);
  return {
    title: "Alerts",
    element: h(
      "div",
      { class: "stack" },
      firing.element,
      calm,
      h(
        "section",
        { class: "card" },
        h("h2", {}, "History"),
        h(
          "div",
          { class: "scroll" },
          h("table", { class: "stacking" }, h("thead", {}, h("tr", {}, heads)), body),
        ),
        silent,
      ),
    ),
    destroy() {
      stop();
      polling.stop();
    },
  };
}
