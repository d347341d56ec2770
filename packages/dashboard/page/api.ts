import type { Action, ActionReport } from "../src/api/action.ts";
import { at } from "./base.ts";
import { toast } from "./ui/toast.ts";

export interface Session {
  readonly role: "viewer" | "operator";
  readonly csrf: string;
  readonly canLogOut: boolean;
}

let session: Session = { role: "viewer", csrf: "", canLogOut: false };

export function currentSession(): Session {
  return session;
}

export function mayChange(): boolean {
  return session.role === "operator";
}

export async function loadSession(): Promise<Session> {
  session = await getJson<Session>("api/session");
  return session;
}

/** Reads from the server. Rejects with the server's own words. */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(at(path), signal === undefined ? {} : { signal });
  if (response.status === 401) location.reload();
  return readJson<T>(response);
}

/** Changes something and tells the person what came of it. Resolves to whether it worked. */
export async function act(action: Action): Promise<boolean> {
  try {
    const report = await post<ActionReport>("api/actions", action);
    toast(report.message);
    return true;
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), "bad");
    return false;
  }
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(at(path), {
    method: "POST",
    headers: { "content-type": "application/json", "x-imgq-csrf": session.csrf },
    body: JSON.stringify(body),
  });
  return readJson<T>(response);
}

async function readJson<T>(response: Response): Promise<T> {
  const value: unknown = await response.json();
  if (response.ok) return value as T;
  const message =
    typeof value === "object" && value !== null && "error" in value
      ? String(value.error)
      : response.statusText;
  throw new Error(message);
}
