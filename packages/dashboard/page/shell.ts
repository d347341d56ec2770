import { currentSession, post } from "./api.ts";
import { type Connection, type Live, onConnection, onLive } from "./live.ts";
import { alertsPage } from "./pages/alerts.ts";
import { deadPage } from "./pages/dead.ts";
import { doctorPage } from "./pages/doctor.ts";
import { overviewPage } from "./pages/overview.ts";
import { taskPage } from "./pages/task.ts";
import { tasksPage } from "./pages/tasks.ts";
import { workersPage } from "./pages/workers.ts";
import { currentPlace, type Place, type View } from "./router.ts";
import { fill, h, setAttribute, setText } from "./ui/dom.ts";
import { count, duration } from "./ui/format.ts";
import { themeButton } from "./ui/theme.ts";
import { toastShelf } from "./ui/toast.ts";

const sections = [
  { name: "overview", label: "Overview", hash: "#/" },
  { name: "tasks", label: "Tasks", hash: "#/tasks" },
  { name: "workers", label: "Workers", hash: "#/workers" },
  { name: "dead", label: "Dead letters", hash: "#/dead" },
  { name: "alerts", label: "Alerts", hash: "#/alerts" },
  { name: "doctor", label: "Doctor", hash: "#/doctor" },
] as const;

/** The frame around the pages: navigation, health, and the page that the address names. */
export function shell(): Node[] {
  const main = h("main", { id: "content", tabindex: "-1" });
  const { element: nav, update: updateNav } = navigation();
  let view: View | undefined;

  const show = (moved: boolean): void => {
    view?.destroy?.();
    const place = currentPlace();
    view = viewOf(place);
    fill(main, h("h1", {}, view.title), view.element);
    document.title = `${view.title} · imgq`;
    updateNav(place.path[0] ?? "overview");
    if (moved) {
      scrollTo(0, 0);
      // A screen reader begins to read at the new page, not where the link was.
      main.focus({ preventScroll: true });
    }
  };
  addEventListener("hashchange", () => show(true));
  addEventListener("keydown", focusSearch);
  show(false);

  const skip = h("a", { href: "#content", class: "skip" }, "Skip to content");
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  const header = h(
    "header",
    { class: "top" },
    h("a", { href: "#/", class: "brand" }, brandMark(), "imgq"),
    health(),
    h("div", { class: "tools" }, roleNote(), themeButton(), logOutButton()),
  );
  return [skip, header, nav, h("div", { class: "page" }, banner(), main), toastShelf()];
}

function viewOf({ path, query }: Place): View {
  const [section = "overview", queue, id] = path;
  switch (section) {
    case "overview":
      return overviewPage();
    case "tasks":
      return queue !== undefined && id !== undefined ? taskPage(queue, id) : tasksPage(query);
    case "workers":
      return workersPage();
    case "dead":
      return deadPage();
    case "alerts":
      return alertsPage();
    case "doctor":
      return doctorPage();
    default:
      return {
        title: "Nothing here",
        element: h("p", {}, "There is no such page. ", h("a", { href: "#/" }, "Overview")),
      };
  }
}

function navigation(): { element: HTMLElement; update: (section: string) => void } {
  const links = sections.map(({ name, label, hash }) => {
    const badge = h("span", { class: "badge", hidden: true });
    return { name, badge, element: h("a", { href: hash }, h("span", {}, label), badge) };
  });
  const badgeOf = (name: string, live: Live): { text: string; tone: string } | undefined => {
    const { queues, workers } = live.snapshot;
    const dead = queues.reduce((sum, queue) => sum + queue.counts.dead, 0);
    if (name === "dead" && dead > 0) return { text: count(dead), tone: "neutral" };
    if (name === "alerts" && live.alerts.length > 0) return { text: String(live.alerts.length), tone: "bad" };
    return name === "workers" && workers.alive > 0
      ? { text: count(workers.alive), tone: "neutral" }
      : undefined;
  };
  onLive((live) => {
    for (const { name, badge } of links) {
      const shown = badgeOf(name, live);
      badge.hidden = shown === undefined;
      setText(badge, shown?.text ?? "");
      setAttribute(badge, "data-tone", shown?.tone ?? "neutral");
    }
  });
  return {
    element: h(
      "nav",
      { "aria-label": "Pages" },
      links.map((link) => link.element),
    ),
    update(section) {
      for (const { name, element } of links) {
        if (name === section) {
          element.setAttribute("aria-current", "page");
          // On a phone the row of links is longer than the screen.
          element.scrollIntoView({ block: "nearest", inline: "center" });
        } else element.removeAttribute("aria-current");
      }
    },
  };
}

/** One dot and a few words: is all well? */
function health(): HTMLElement {
  const dot = h("i", { class: "dot" });
  const text = h("span", {}, "Connecting…");
  const element = h("p", { class: "health", "data-tone": "neutral" }, dot, text);
  let connection: Connection = "connecting";
  let last: Live | undefined;
  const show = (): void => {
    const { tone, words } = healthOf(connection, last);
    setAttribute(element, "data-tone", tone);
    setText(text, words);
  };
  onConnection((now) => {
    connection = now;
    show();
  });
  onLive((live) => {
    last = live;
    show();
  });
  return element;
}

function healthOf(connection: Connection, live: Live | undefined): { tone: string; words: string } {
  if (connection === "lost") return { tone: "bad", words: "Connection lost" };
  if (live === undefined) return { tone: "neutral", words: "Connecting…" };
  const { redis, workers } = live.snapshot;
  if (redis?.reachable === false) return { tone: "bad", words: "Redis is unreachable" };
  if (live.alerts.length > 0) {
    return {
      tone: "bad",
      words: live.alerts.length === 1 ? "1 alert fires" : `${live.alerts.length} alerts fire`,
    };
  }
  return workers.alive === 0
    ? { tone: "warn", words: "No worker is alive" }
    : { tone: "good", words: "All is well" };
}

/** What must not be overlooked: the numbers below are old. */
function banner(): HTMLElement {
  const text = h("span", {});
  const element = h("div", { class: "banner", role: "alert", hidden: true }, text);
  let connection: Connection = "connecting";
  let last: Live | undefined;
  const show = (): void => {
    const words = bannerOf(connection, last);
    element.hidden = words === undefined;
    setText(text, words ?? "");
  };
  onConnection((now) => {
    connection = now;
    show();
  });
  onLive((live) => {
    last = live;
    show();
  });
  return element;
}

function bannerOf(connection: Connection, live: Live | undefined): string | undefined {
  if (connection === "lost")
    return "The dashboard's server does not answer. Trying again; the numbers are the last known.";
  const redis = live?.snapshot.redis;
  if (live === undefined || redis?.reachable !== false) return undefined;
  const since = Math.floor((live.snapshot.at - redis.since) / 1000) * 1000;
  return `Redis is unreachable${since >= 1000 ? ` since ${duration(since)}` : ""}. The numbers are the last known.`;
}

function roleNote(): HTMLElement | false {
  return (
    currentSession().role === "viewer" && h("span", { class: "chip", "data-tone": "neutral" }, "read-only")
  );
}

function logOutButton(): HTMLElement | false {
  return (
    currentSession().canLogOut &&
    h(
      "button",
      {
        type: "button",
        class: "quiet",
        onclick: () => void post("logout", {}).finally(() => location.reload()),
      },
      "Log out",
    )
  );
}

function brandMark(): Element {
  return h("span", { class: "brand-mark", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
}

/** "/" leads to the search field, as people expect. */
function focusSearch(event: KeyboardEvent): void {
  const target = event.target;
  const typing =
    target instanceof HTMLInputElement ||
    target instanceof HTMLSelectElement ||
    target instanceof HTMLTextAreaElement;
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const field = document.querySelector<HTMLInputElement>("input[type=search]");
  if (field === null) location.hash = "#/tasks";
  else field.focus();
}
