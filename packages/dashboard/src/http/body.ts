import { RequestError } from "../errors.ts";

const MAX_BYTES = 64 * 1024;

/** The body of a request as text; refuses long ones before they are in memory. */
export async function bodyText(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new RequestError(413, `A request may have ${MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

export async function bodyJson(request: Request): Promise<unknown> {
  if (!/^application\/json\b/.test(request.headers.get("content-type") ?? "")) {
    throw new RequestError(415, "Send JSON, with content-type application/json.");
  }
  const text = await bodyText(request);
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestError(400, "The body is no JSON.");
  }
}
