import { silentLogger, sleep, summarizeError } from "@imgq/core";
import { findingsOf, prometheusContentType } from "@imgq/monitor";
import { Access } from "./access/access.ts";
import type { Role } from "./access/role.ts";
import { parseAction } from "./api/action.ts";
import { daysOf } from "./api/days.ts";
import { deadLetters } from "./api/dead-letters.ts";
import { perform } from "./api/perform.ts";
import { findTasks, listTasks, taskDetail } from "./api/tasks.ts";
import { asset, pageHtml } from "./assets.ts";
import { RequestError } from "./errors.ts";
import { bodyJson, bodyText } from "./http/body.ts";
import { json, redirect, respond } from "./http/respond.ts";
import { eventStream } from "./live/event-stream.ts";
import { LiveFeed } from "./live/live-feed.ts";
import { loginPage } from "./login-page.ts";
import { checkDashboardOptions, type DashboardOptions } from "./options.ts";
import { TaskPictures } from "./pictures/task-pictures.ts";

/** The live web page, for whatever server there is. */
export interface Dashboard {
  /** Answers a request at or below `basePath`. Never rejects. Needs no `this`: `app.mount("/imgq", dashboard.fetch)`. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Ends the live streams. Monitor, queues and registry stay open. */
  close(): Promise<void>;
}

export function createDashboard(options: DashboardOptions): Dashboard {
  checkDashboardOptions(options);
  return new DashboardApp(options);
}

interface Visit {
  readonly request: Request;
  /** Below the base path, decoded: `["api", "tasks", "images", "id"]`. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly role: Role;
}

class DashboardApp implements Dashboard {
  readonly #options: DashboardOptions;
  readonly #access: Access;
  readonly #feed: LiveFeed;
  readonly #pictures: TaskPictures;
  readonly #log: NonNullable<DashboardOptions["log"]>;
  readonly #closed = new AbortController();

  constructor(options: DashboardOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLogger;
    this.#access = new Access(options);
    this.#feed = new LiveFeed(options.monitor, options.alerts, this.#log);
    this.#pictures = new TaskPictures(options);
  }

  // Frameworks take it as a plain function.
  readonly fetch = async (request: Request): Promise<Response> => {
    try {
      return await this.#answer(request);
    } catch (error) {
      if (error instanceof RequestError) return json({ error: error.message }, { status: error.status });
      this.#log.warn("dashboard request failed", { error });
      // Redis may be away: the page shows the message and keeps what it has.
      return json({ error: summarizeError(error).message }, { status: 503 });
    }
  };

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#feed.close();
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const { basePath = "" } = this.#options;
    const path = segments(url.pathname, basePath);
    const [first = "", second = ""] = path;
    if (request.method !== "GET" && request.method !== "HEAD" && request.method !== "POST") {
      throw new RequestError(405, "Only GET and POST are served.");
    }
    // What needs no role: files that hold no data, the way in, and a probe that tells one word.
    if (first === "assets") return asset(second, request);
    if (first === "login" && request.method === "POST") return this.#logIn(request, basePath);
    if (first === "health") return this.#health();
    const token = url.searchParams.get("token");
    if (first === "" && token !== null && this.#access.usesTokens)
      return this.#openWith(token, url, basePath);

    const role = await this.#access.roleOf(request);
    if (role === undefined) {
      if (first === "" || first === "login") return loginPage(false, this.#options.basePath ?? "");
      throw new RequestError(401, "Log in first.");
    }
    const visit: Visit = { request, path, query: url.searchParams, role };
    return request.method === "POST" ? this.#change(visit) : this.#show(visit);
  }

  async #show({ request, path, query, role }: Visit): Promise<Response> {
    const { alerts, monitor } = this.#options;
    const [area = "", what = "", queue = "", id = "", extra = ""] = path;
    if (area === "") return pageHtml(this.#options.basePath ?? "");
    if (area === "login") return redirect(this.#options.basePath || "./");
    if (area === "metrics") return respond(await monitor.prometheus(), prometheusContentType);
    if (area === "backlog") return json(await monitor.backlog());
    if (area !== "api") throw new RequestError(404, "There is no such page.");
    switch (what) {
      case "session":
        return json({ role, csrf: this.#access.csrfToken(request), canLogOut: this.#access.usesTokens });
      case "events":
        return eventStream(this.#feed, AbortSignal.any([request.signal, this.#closed.signal]));
      case "snapshot":
        return json(await monitor.snapshot());
      case "tasks":
        return json(
          id === "" ? await listTasks(this.#options, query) : await taskDetail(this.#options, queue, id),
        );
      case "search":
        return json(await findTasks(this.#options, query.get("id") ?? ""));
      case "pictures":
        return this.#picture(queue, id, extra);
      case "dead":
        return json(await Promise.all(this.#options.queues.map((each) => deadLetters(each))));
      case "days":
        return json(await daysOf(this.#options));
      case "alerts":
        return json({
          watching: alerts !== undefined,
          active: (await alerts?.active()) ?? [],
          history: (await alerts?.history()) ?? [],
        });
      case "doctor":
        return json((await this.#options.doctor?.()) ?? findingsOf(await monitor.snapshot()));
      default:
        throw new RequestError(404, "There is no such page.");
    }
  }

  async #change({ request, path, role }: Visit): Promise<Response> {
    // Where it comes from is asked first: another site must learn nothing, not even whether it could.
    if (!this.#access.isSameOrigin(request) || !this.#access.hasCsrfToken(request)) {
      throw new RequestError(
        403,
        "This change was not asked for by the dashboard's own page. Load the page again.",
      );
    }
    const [area, what] = path;
    if (area === "logout") return json({}, { headers: { "set-cookie": this.#access.closeSession() } });
    if (role !== "operator") throw new RequestError(403, "You may look, but not change anything.");
    if (area !== "api" || what !== "actions") throw new RequestError(404, "There is no such action.");
    const action = parseAction(await bodyJson(request));
    const report = await perform(this.#options, action);
    this.#log.info("changed from the dashboard", { ...action });
    return json(report);
  }

  async #picture(queue: string, id: string, key: string): Promise<Response> {
    const { task } = await taskDetail(this.#options, queue, id);
    if (key === "") return json(await this.#pictures.list(task));
    const thumbnail = await this.#pictures.thumbnail(task, key);
    if (thumbnail === undefined || !/^image\/(jpeg|png|webp|avif)$/.test(thumbnail.contentType)) {
      throw new RequestError(404, "There is no such picture.");
    }
    return respond(new Uint8Array(thumbnail.body), thumbnail.contentType);
  }

  async #health(): Promise<Response> {
    const { redis } = await this.#options.monitor.snapshot();
    const well = redis?.reachable !== false;
    return respond(well ? "ok\n" : "Redis is unreachable\n", "text/plain; charset=utf-8", {
      status: well ? 200 : 503,
    });
  }

  async #logIn(request: Request, basePath: string): Promise<Response> {
    if (!this.#access.isSameOrigin(request))
      throw new RequestError(403, "Log in on the dashboard's own page.");
    const token = new URLSearchParams(await bodyText(request)).get("token") ?? "";
    return this.#openWith(token, new URL(request.url), basePath);
  }

  async #openWith(token: string, url: URL, basePath: string): Promise<Response> {
    const role = this.#access.roleOfToken(token);
    if (role === undefined) {
      // Guessing is slowed down; whoever knows the token never waits.
      await sleep(300);
      return loginPage(true, basePath);
    }
    const secure = (this.#options.origin ?? url.origin).startsWith("https:");
    return redirect(basePath || "/", { "set-cookie": this.#access.openSession(role, secure) });
  }
}

/** The parts of a path below `basePath`. A framework may have stripped it already. */
function segments(pathname: string, basePath: string): string[] {
  const mounted = basePath !== "" && `${pathname}/`.startsWith(`${basePath}/`);
  const below = mounted ? pathname.slice(basePath.length) : pathname;
  try {
    return below.split("/").slice(1).map(decodeURIComponent);
  } catch {
    throw new RequestError(400, "The path is not well formed.");
  }
}
