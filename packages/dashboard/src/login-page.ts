import { baseOf, stylePath } from "./assets.ts";
import { html } from "./http/respond.ts";

/** A page with one field, that works without a script. */
export function loginPage(failed: boolean, basePath: string): Response {
  const complaint = failed ? `<p role="alert" class="error-line">This token is not right.</p>` : "";
  return html(
    `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>imgq</title><link rel="stylesheet" href="${stylePath(basePath)}"></head>
<body class="login"><main class="card stack"><h1>imgq</h1>${complaint}<form method="post" action="${baseOf(basePath)}login" class="stack"><label>Token <input name="token" type="password" autocomplete="current-password" required autofocus></label><button class="primary">Open the dashboard</button></form></main></body>
</html>`,
    { status: failed ? 403 : 401 },
  );
}
