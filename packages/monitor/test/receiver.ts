import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AlertMessage } from "@imgq/monitor";

/** An HTTP server that takes alerts, or misbehaves. */
export interface Receiver {
  readonly url: string;
  behave: "accept" | "fail" | "refuse" | "hang";
  readonly attempts: number;
  /** Bodies it said yes to, parsed. */
  readonly accepted: readonly AlertMessage[];
  readonly requests: readonly {
    readonly path: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
  }[];
  stop(): Promise<void>;
}

export async function startReceiver(behave: Receiver["behave"]): Promise<Receiver> {
  const requests: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const accepted: AlertMessage[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      requests.push({ path: request.url ?? "", headers: request.headers, body });
      if (receiver.behave === "hang") return;
      if (receiver.behave === "accept") accepted.push(JSON.parse(body));
      response.statusCode = { accept: 204, fail: 503, refuse: 400 }[receiver.behave];
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}`,
    behave,
    accepted,
    requests,
    get attempts() {
      return requests.length;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

export function alertMessage(overrides: Partial<AlertMessage> = {}): AlertMessage {
  return {
    id: "dead-letters/images@1000:fired",
    kind: "fired",
    rule: "dead-letters",
    subject: "images",
    severity: "warning",
    summary: "Queue images has 11 dead letters.",
    value: 11,
    firedAt: 1000,
    at: 1000,
    ...overrides,
  };
}
