import { InvalidOptionError } from "@imgq/core";
import { NotifyFailedError, NotifyRefusedError } from "../errors.ts";

/** Posts once. Answers that a repeat cannot mend are a {@link NotifyRefusedError}, all other failures a {@link NotifyFailedError}. */
export async function postJson(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  // The path of a webhook is often its password: errors and logs name the origin only.
  const where = url.origin;
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "user-agent": "imgq", ...headers },
      redirect: "error",
      signal,
    });
  } catch (error) {
    throw new NotifyFailedError(where, reasonOf(error), error);
  }
  // Read and forgotten, so that the connection is free again; a receiver's text is not worth an error.
  await response.arrayBuffer().catch(() => undefined);
  if (response.ok) return;
  if (isPermanent(response.status)) throw new NotifyRefusedError(where, response.status);
  throw new NotifyFailedError(where, `status ${response.status}`);
}

/** The address of a receiver, checked when the program starts and not at the first alarm. */
export function receiverUrl(option: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidOptionError(
      option,
      "be an http or https address",
      text,
      "Example: https://example.org/hook.",
    );
  }
  return url;
}

/** Too early, too many, too slow: those pass. */
function isPermanent(status: number): boolean {
  return status >= 400 && status < 500 && ![408, 425, 429].includes(status);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
