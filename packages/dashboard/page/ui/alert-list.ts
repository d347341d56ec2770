import type { ActiveAlert } from "@imgq/monitor";
import { chip } from "./chip.ts";
import { h, setText } from "./dom.ts";
import { ago } from "./format.ts";
import { KeyedList } from "./keyed-list.ts";

interface Timed {
  readonly alert: ActiveAlert;
  readonly now: number;
}

/** Alerts that fire now; nothing at all when none does. */
export function alertList(): {
  readonly element: HTMLElement;
  update(alerts: readonly ActiveAlert[], now: number): void;
} {
  const element = h("ul", { class: "alerts", "aria-label": "Firing alerts", hidden: true });
  const list = new KeyedList<Timed>(
    element,
    ({ alert }) => `${alert.rule}/${alert.subject}`,
    ({ alert }) => {
      const since = h("span", { class: "note" });
      const summary = h("span", { class: "grow" }, alert.summary);
      return {
        element: h(
          "li",
          { class: "card alert", "data-tone": alert.severity === "critical" ? "bad" : "warn" },
          chip(alert.severity),
          summary,
          since,
        ),
        update: (timed) => {
          setText(summary, timed.alert.summary);
          setText(since, ago(timed.alert.firedAt, timed.now));
        },
      };
    },
  );
  return {
    element,
    update(alerts, now) {
      element.hidden = alerts.length === 0;
      list.update(alerts.map((alert) => ({ alert, now })));
    },
  };
}
