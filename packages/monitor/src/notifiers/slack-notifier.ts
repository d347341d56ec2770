import type { AlertMessage } from "../alerts/alert.ts";
import type { Notifier } from "./notifier.ts";
import { postJson, receiverUrl } from "./post-json.ts";

/** Posts to an incoming webhook of Slack, or of what understands its format (Mattermost, Rocket.Chat, Discord's `/slack`). */
export function slackNotifier(url: string): Notifier {
  const receiver = receiverUrl("url", url);
  return {
    name: `slack ${receiver.host}`,
    notify: (message, signal) => postJson(receiver, JSON.stringify({ text: textOf(message) }), {}, signal),
  };
}

function textOf(message: AlertMessage): string {
  const sign = message.kind === "cleared" ? ":white_check_mark:" : signs[message.severity];
  const head = `${sign} *${escape(message.rule)}* ${escape(message.subject)}`;
  return message.kind === "fired"
    ? `${head}: ${escape(message.summary)}`
    : `${head}: over after ${Math.max(1, Math.round((message.at - message.firedAt) / 1000))} s.`;
}

const signs = {
  info: ":information_source:",
  warning: ":warning:",
  critical: ":rotating_light:",
} as const satisfies Record<AlertMessage["severity"], string>;

/** Slack's three control characters; without this a worker's name could mention a whole channel. */
function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
