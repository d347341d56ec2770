import { html } from "./http/respond.ts";

/** A page with one field, that works without a script. */
export function loginPage(failed: boolean): Response {
  const complaint = failed ? `<p role="alert">This token is not right.</p>` : "";
  return html(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>imgq</title></head><body><h1>imgq</h1>${complaint}<form method="post" action="login"><p><label>Token <input name="token" type="password" autocomplete="current-password" required autofocus></label> <button>Open</button></p></form></body></html>`,
    { status: failed ? 403 : 401 },
  );
}
