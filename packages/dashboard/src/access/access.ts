import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { HOUR } from "@imgq/core";
import type { DashboardOptions } from "../options.ts";
import type { Role } from "./role.ts";

const COOKIE = "imgq_session";
const SESSION_MS = 12 * HOUR;

/** Who may do what: tokens, the sessions they open, and the proof that a change was asked for by our own page. */
export class Access {
  readonly #options: DashboardOptions;
  /** Tokens make the key, so that sessions outlive a restart; without one there is nothing to outlive. */
  readonly #key: Buffer;

  constructor(options: DashboardOptions) {
    this.#options = options;
    const { token, viewToken } = options;
    this.#key =
      token === undefined && viewToken === undefined
        ? randomBytes(32)
        : createHash("sha256")
            .update(`imgq\0${token ?? ""}\0${viewToken ?? ""}`)
            .digest();
  }

  /** Whether people log in here, with a token. */
  get usesTokens(): boolean {
    const { token, viewToken, authorize } = this.#options;
    return authorize === undefined && (token !== undefined || viewToken !== undefined);
  }

  /** The role of whoever sent `request`; undefined: nobody we know. */
  async roleOf(request: Request): Promise<Role | undefined> {
    if (this.#options.authorize !== undefined) return this.#options.authorize(request);
    if (!this.usesTokens) return this.#options.role ?? "viewer";
    const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    return bearer === undefined ? this.#roleOfSession(sessionIn(request)) : this.roleOfToken(bearer);
  }

  roleOfToken(given: string): Role | undefined {
    const { token, viewToken } = this.#options;
    if (token !== undefined && same(given, token)) return "operator";
    if (viewToken !== undefined && same(given, viewToken)) return "viewer";
    return undefined;
  }

  /** A `set-cookie` value that opens a session. */
  openSession(role: Role, secure: boolean): string {
    const text = `${role}.${Date.now() + SESSION_MS}`;
    return cookie(`${text}.${this.#sign(`session ${text}`)}`, SESSION_MS / 1000, secure);
  }

  closeSession(): string {
    return cookie("", 0, false);
  }

  /** What our page sends with each change; another site can neither read nor guess it. */
  csrfToken(request: Request): string {
    return this.#sign(`csrf ${sessionIn(request)}`);
  }

  /** Whether a change was asked for by our own page. A browser tells where a request comes from, and cannot be made to lie. */
  isSameOrigin(request: Request): boolean {
    const origin = request.headers.get("origin");
    const expected = this.#options.origin;
    if (expected !== undefined && origin !== null) return origin === expected;
    // The browser's own verdict comes first: behind a proxy or a framework our address may look different from here.
    const verdict = request.headers.get("sec-fetch-site");
    return verdict === null ? origin === new URL(request.url).origin : verdict === "same-origin";
  }

  hasCsrfToken(request: Request): boolean {
    return same(request.headers.get("x-imgq-csrf") ?? "", this.csrfToken(request));
  }

  #roleOfSession(session: string): Role | undefined {
    const [role = "", expiry = "", signature = ""] = session.split(".");
    if (role !== "viewer" && role !== "operator") return undefined;
    if (!same(signature, this.#sign(`session ${role}.${expiry}`))) return undefined;
    return Number(expiry) > Date.now() ? role : undefined;
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }
}

/** The session's cookie; "" without one. */
function sessionIn(request: Request): string {
  const cookies = request.headers.get("cookie") ?? "";
  return new RegExp(`(?:^|; *)${COOKIE}=([\\w.-]+)`).exec(cookies)?.[1] ?? "";
}

function cookie(value: string, maxAgeSeconds: number, secure: boolean): string {
  const flags = `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict`;
  return `${COOKIE}=${value}; ${flags}${secure ? "; Secure" : ""}`;
}

/** Compares in a time that does not depend on where the difference is. */
function same(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
