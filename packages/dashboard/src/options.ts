import { InvalidOptionError, type Logger } from "@imgq/core";
import type { Alerts, Finding, Monitor } from "@imgq/monitor";
import type { Queue } from "@imgq/queue";
import type { Registry } from "@imgq/registry";
import type { Role } from "./access/role.ts";
import type { ThumbnailMaker } from "./pictures/thumbnail.ts";

export interface DashboardOptions {
  readonly monitor: Monitor;
  readonly queues: readonly Queue[];
  /** @default undefined: no workers are shown */
  readonly registry?: Registry;
  /** @default undefined: no alerts are shown */
  readonly alerts?: Alerts;
  /** What the page "Doctor" shows. @default what the monitor's snapshot tells */
  readonly doctor?: () => Promise<readonly Finding[]>;
  /** Makes small, re-encoded copies of pictures. @default undefined: no pictures are shown */
  readonly thumbnail?: ThumbnailMaker;
  /** The folders below which the pictures of tasks lie; needed with `thumbnail`. */
  readonly roots?: { readonly input: string; readonly output: string };
  /** Path it is mounted at, such as `/imgq`, whether or not the framework strips it. @default "" */
  readonly basePath?: string;
  /** Who presents it may steer. With a token nobody sees anything without one. @default undefined */
  readonly token?: string;
  /** Who presents it may look. @default undefined */
  readonly viewToken?: string;
  /** Decides by the program's own means; undefined refuses. Tokens are then not used. */
  readonly authorize?: (request: Request) => Role | undefined | Promise<Role | undefined>;
  /** What everybody may do when there is neither a token nor `authorize`. @default "viewer" */
  readonly role?: Role;
  /** Address people see in the browser, such as `https://ops.example.org`, when a proxy changes it. @default that of the request */
  readonly origin?: string;
  /** @default silent */
  readonly log?: Logger;
}

/** Refuses what cannot work, before anything is served. */
export function checkDashboardOptions(options: DashboardOptions): void {
  const { basePath = "", thumbnail, roots } = options;
  if (!/^(\/[\w.~-]+)*$/.test(basePath)) {
    throw new InvalidOptionError("basePath", "begin with / and not end with it", basePath, "Example: /imgq.");
  }
  if (thumbnail !== undefined && roots === undefined) {
    throw new InvalidOptionError(
      "roots",
      "be given with thumbnail",
      roots,
      "Pass the pipeline's inputRoot and outputRoot.",
    );
  }
  for (const option of ["token", "viewToken"] as const) {
    const value = options[option];
    // A short token on a network address is guessed in an afternoon.
    if (value !== undefined && value.length < 16) {
      throw new InvalidOptionError(
        option,
        "have at least 16 characters",
        `${value.length} characters`,
        "Example: openssl rand -hex 16.",
      );
    }
  }
  if (options.viewToken !== undefined && options.token === options.viewToken) {
    throw new InvalidOptionError("viewToken", "differ from token", "the same", "Make a second one.");
  }
}
