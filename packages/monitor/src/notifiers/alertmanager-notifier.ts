import type { ActiveAlert, AlertMessage } from "../alerts/alert.ts";
import type { Notifier } from "./notifier.ts";
import { postJson, receiverUrl } from "./post-json.ts";

export interface AlertmanagerNotifierOptions {
  /** Added to each alert, to route it. */
  readonly labels?: Readonly<Record<string, string>>;
  /** More headers, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A page about the alert, such as the dashboard's address. */
  readonly generatorUrl?: string;
}

/** Milliseconds Alertmanager keeps an alert without a reminder; four are sent in that time. */
const KEEP_MS = 4 * 60_000;

/**
 * Sends alerts to Prometheus' Alertmanager by its API v2. `url` is its address without `/api/v2/alerts`. Reminders keep a
 * firing alert alive; if they stop, because no monitor runs any more, Alertmanager ends it.
 */
export function alertmanagerNotifier(url: string, options: AlertmanagerNotifierOptions = {}): Notifier {
  const base = receiverUrl("url", url);
  const receiver = new URL(`${base.pathname.replace(/\/$/, "")}/api/v2/alerts`, base);
  const send = (alerts: readonly object[], signal: AbortSignal): Promise<void> =>
    postJson(receiver, JSON.stringify(alerts), options.headers ?? {}, signal);
  const alertOf = (alert: ActiveAlert | AlertMessage, endsAt: number): object => ({
    labels: {
      ...options.labels,
      alertname: alert.rule,
      subject: alert.subject,
      severity: alert.severity,
      service: "imgq",
    },
    annotations: { summary: alert.summary },
    startsAt: new Date(alert.firedAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    ...(options.generatorUrl === undefined ? {} : { generatorURL: options.generatorUrl }),
  });

  return {
    name: `alertmanager ${receiver.host}`,
    notify: (message, signal) =>
      send([alertOf(message, message.kind === "fired" ? message.at + KEEP_MS : message.at)], signal),
    remind: async (active, signal) => {
      if (active.length === 0) return;
      await send(
        active.map((alert) => alertOf(alert, Date.now() + KEEP_MS)),
        signal,
      );
    },
  };
}
