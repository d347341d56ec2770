import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { alertMessage, type Receiver, startReceiver } from "../../test/receiver.ts";
import { alertmanagerNotifier } from "./alertmanager-notifier.ts";
import { consoleNotifier } from "./console-notifier.ts";
import { slackNotifier } from "./slack-notifier.ts";
import { verifyWebhook, webhookNotifier } from "./webhook-notifier.ts";

const never = new AbortController().signal;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver("accept");
});
afterEach(() => receiver.stop());

function lastRequest(): Receiver["requests"][number] {
  const last = receiver.requests.at(-1);
  if (last === undefined) throw new Error("Nothing arrived.");
  return last;
}

describe("the console", () => {
  it("gets one line when an alert fires and one when it clears", async () => {
    const lines: string[] = [];
    const notifier = consoleNotifier({ write: (line) => lines.push(line) });
    await notifier.notify(alertMessage(), never);
    await notifier.notify(alertMessage({ kind: "cleared", at: 61_000 }), never);
    expect(lines).toEqual([
      "1970-01-01T00:00:01.000Z ALERT warning dead-letters images: Queue images has 11 dead letters.",
      "1970-01-01T00:01:01.000Z CLEAR dead-letters images: over after 60 s.",
    ]);
  });
});

describe("a webhook", () => {
  it("gets the message, its id and a signature that can be verified", async () => {
    await webhookNotifier(`${receiver.url}/hook`, {
      secret: "s3cret",
      headers: { "x-team": "images" },
    }).notify(alertMessage(), never);
    const { path, headers, body } = lastRequest();
    const header = (name: string): string | undefined => headers[name]?.toString();
    expect(path).toBe("/hook");
    expect(JSON.parse(body)).toEqual(alertMessage());
    expect(headers).toMatchObject({ "content-type": "application/json", "x-team": "images" });
    expect(decodeURIComponent(header("x-imgq-message") ?? "")).toBe(alertMessage().id);
    expect(verifyWebhook("s3cret", body, header)).toBe(true);
    expect(verifyWebhook("other", body, header)).toBe(false);
    expect(verifyWebhook("s3cret", `${body} `, header)).toBe(false);
    expect(verifyWebhook("s3cret", body, header, { now: Date.now() + 600_000 })).toBe(false);
    expect(verifyWebhook("s3cret", body, () => undefined)).toBe(false);
  });

  it("does not show the secret part of its address in errors", async () => {
    receiver.behave = "refuse";
    const failure = webhookNotifier(`${receiver.url}/T000/secret`).notify(alertMessage(), never);
    await expect(failure).rejects.toMatchObject({
      code: "IMGQ_NOTIFY_REFUSED",
      message: expect.not.stringContaining("secret"),
    });
  });

  it("is refused at once when its address is none", () => {
    expect(() => webhookNotifier("file:///etc/passwd")).toThrow(/http or https/);
  });
});

describe("Slack", () => {
  it("gets text in which a name cannot mention a channel", async () => {
    await slackNotifier(receiver.url).notify(alertMessage({ subject: "<!channel> & co" }), never);
    expect(JSON.parse(lastRequest().body).text).toBe(
      ":warning: *dead-letters* &lt;!channel&gt; &amp; co: Queue images has 11 dead letters.",
    );
  });
});

describe("Alertmanager", () => {
  it("gets an alert that starts, is reminded of it and told its end", async () => {
    const notifier = alertmanagerNotifier(`${receiver.url}/prefix/`, { labels: { team: "images" } });
    await notifier.notify(alertMessage(), never);
    expect(lastRequest().path).toBe("/prefix/api/v2/alerts");
    const labels = {
      alertname: "dead-letters",
      subject: "images",
      severity: "warning",
      service: "imgq",
      team: "images",
    };
    expect(JSON.parse(lastRequest().body)).toEqual([
      {
        labels,
        annotations: { summary: "Queue images has 11 dead letters." },
        startsAt: "1970-01-01T00:00:01.000Z",
        endsAt: "1970-01-01T00:04:01.000Z",
      },
    ]);
    await notifier.remind?.([alertMessage()], never);
    const [reminder] = JSON.parse(lastRequest().body);
    expect(reminder.labels).toEqual(labels);
    expect(Date.parse(reminder.endsAt)).toBeGreaterThan(Date.now());
    await notifier.notify(alertMessage({ kind: "cleared", at: 9000 }), never);
    expect(JSON.parse(lastRequest().body)).toMatchObject([{ labels, endsAt: "1970-01-01T00:00:09.000Z" }]);
  });
});
