import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import page from "../page/index.html";
import { RequestError } from "./errors.ts";
import { html, respond } from "./http/respond.ts";

const contentTypes: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml; charset=utf-8",
};

/** Compressed once, when first asked for. */
const compressed = new Map<string, Promise<Buffer>>();

/** The page for a server that is mounted at `basePath`. */
export function pageHtml(basePath: string): Response {
  return html(page.html.replaceAll("{{base}}", baseOf(basePath)));
}

/** The address of the style sheet. */
export function stylePath(basePath: string): string {
  return `${baseOf(basePath)}assets/${Object.keys(page.assets).find((name) => name.endsWith(".css")) ?? ""}`;
}

/** Absolute where the path is known, so that the page also works at an address without a slash at its end. */
export function baseOf(basePath: string): string {
  return basePath === "" ? "" : `${basePath}/`;
}

/** A script, style or icon of the page. Names change with the content, so a browser keeps them. */
export async function asset(name: string, request: Request): Promise<Response> {
  const text = Object.hasOwn(page.assets, name) ? page.assets[name] : undefined;
  if (text === undefined) throw new RequestError(404, "There is no such file.");
  const accepted = request.headers.get("accept-encoding") ?? "";
  const encoding = (["br", "gzip"] as const).find((each) => new RegExp(`\\b${each}\\b`).test(accepted));
  const body = encoding === undefined ? Buffer.from(text) : await compressedOnce(name, text, encoding);
  return respond(
    new Uint8Array(body),
    contentTypes[name.split(".").at(-1) ?? ""] ?? "application/octet-stream",
    {
      headers: {
        "cache-control": "public, max-age=31536000, immutable",
        vary: "accept-encoding",
        ...(encoding === undefined ? {} : { "content-encoding": encoding }),
      },
    },
  );
}

function compressedOnce(name: string, text: string, encoding: "br" | "gzip"): Promise<Buffer> {
  const key = `${encoding} ${name}`;
  let known = compressed.get(key);
  if (known === undefined) {
    known =
      encoding === "br"
        ? promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } })
        : promisify(gzip)(text, { level: 9 });
    compressed.set(key, known);
  }
  return known;
}
