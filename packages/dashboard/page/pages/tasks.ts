import type { Page, TaskCounts, TaskState } from "@imgq/queue";
import type { TaskLine } from "../../src/api/tasks.ts";
import { getJson } from "../api.ts";
import { onLive, serverNow } from "../live.ts";
import { address, type View } from "../router.ts";
import { fill, h, setAttribute, setText } from "../ui/dom.ts";
import { ago, count, duration, nothing, percent } from "../ui/format.ts";
import { type Item, KeyedList } from "../ui/keyed-list.ts";
import { toast } from "../ui/toast.ts";
import { poll } from "./poll.ts";

const states = [
  "pending",
  "processing",
  "scheduled",
  "completed",
  "dead",
  "cancelled",
] as const satisfies readonly TaskState[];
const LIMIT = 50;

/** Tasks of one queue by state, with paging, and a search by id over all queues. */
export function tasksPage(query: URLSearchParams): View {
  const state = states.find((each) => each === query.get("state")) ?? "processing";
  const wanted = query.get("queue") ?? undefined;
  const after = query.get("after") ?? undefined;
  const choice = h("select", { "aria-label": "Queue" });
  const tabs = stateTabs(state, () => ({ queue: choice.value }));
  const body = h("tbody");
  const list = new KeyedList<TaskLine>(body, (task) => task.id, taskRow);
  const empty = h("p", { class: "empty", hidden: true }, `No ${state} tasks.`);
  const paging = h("div", { class: "actions" });

  const polling = poll(async (signal) => {
    if (choice.value === "") return;
    const path = `api/tasks?${new URLSearchParams({ queue: choice.value, state, limit: String(LIMIT), ...(after === undefined ? {} : { after }) })}`;
    const page = await getJson<Page<TaskLine>>(path, signal);
    list.update(page.items);
    empty.hidden = page.items.length > 0;
    fill(
      paging,
      after !== undefined &&
        h("a", { class: "button quiet", href: address(["tasks"], { queue: choice.value, state }) }, "Newest"),
      page.next !== undefined &&
        h(
          "a",
          {
            class: "button quiet",
            href: address(["tasks"], { queue: choice.value, state, after: page.next }),
          },
          "Older",
        ),
    );
  }, 2000);

  choice.addEventListener("change", () => {
    location.hash = address(["tasks"], { queue: choice.value, state });
  });
  const stop = onLive(({ snapshot: { queues } }) => {
    const names = queues.map((queue) => queue.name);
    if ([...choice.options].map((option) => option.value).join("\n") !== names.join("\n")) {
      choice.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
      choice.value = wanted !== undefined && names.includes(wanted) ? wanted : (names[0] ?? "");
      choice.hidden = names.length < 2;
      polling.now();
    }
    const counts = queues.find((queue) => queue.name === choice.value)?.counts;
    if (counts !== undefined) tabs.update(counts);
  });

  // On a narrow screen the row of states is longer than the screen.
  requestAnimationFrame(() => tabs.showCurrent());
  const heads = ["Task", "Picture", "Attempt", "Priority", "Worker", "Added", "Details"];
  return {
    title: "Tasks",
    element: h(
      "div",
      { class: "stack" },
      h("div", { class: "section-head" }, tabs.element, choice, searchForm()),
      h(
        "section",
        { class: "card" },
        h(
          "div",
          { class: "scroll" },
          h(
            "table",
            { class: "stacking" },
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                heads.map((head) => h("th", { scope: "col" }, head)),
              ),
            ),
            body,
          ),
        ),
        empty,
        paging,
      ),
    ),
    destroy() {
      stop();
      polling.stop();
    },
  };
}

function stateTabs(
  current: TaskState,
  query: () => { queue: string },
): { element: HTMLElement; update(counts: TaskCounts): void; showCurrent(): void } {
  const links = states.map((state) => {
    const number = h("span", { class: "badge", "data-tone": "neutral" });
    const link = h("a", { "aria-current": state === current ? "page" : undefined }, state, number);
    return { state, link, number };
  });
  return {
    element: h(
      "nav",
      { class: "tabs", "aria-label": "States" },
      links.map(({ link }) => link),
    ),
    showCurrent: () =>
      links.find(({ state }) => state === current)?.link.scrollIntoView({ block: "nearest" }),
    update(counts) {
      for (const { state, link, number } of links) {
        setAttribute(link, "href", address(["tasks"], { ...query(), state }));
        setText(number, count(counts[state]));
      }
    },
  };
}

function searchForm(): HTMLElement {
  const field = h("input", {
    type: "search",
    name: "id",
    placeholder: "Find a task by its id",
    "aria-label": "Task id",
    autocomplete: "off",
    spellcheck: "false",
  });
  const form = h("form", { class: "search", role: "search" }, field, h("button", { class: "quiet" }, "Find"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void find(field.value.trim());
  });
  return form;
}

async function find(id: string): Promise<void> {
  if (id === "") return;
  try {
    const [found] = await getJson<readonly TaskLine[]>(`api/search?${new URLSearchParams({ id })}`);
    if (found === undefined) toast(`There is no task ${id}.`, "bad");
    else location.hash = address(["tasks", found.queue, found.id]);
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), "bad");
  }
}

function taskRow(task: TaskLine): Item<TaskLine> {
  const [picture, attempt, priority, worker, added, what] = [
    h("td", { class: "picture" }),
    h("td"),
    h("td"),
    h("td", { class: "mono" }),
    h("td"),
    h("td", { class: "what" }),
  ];
  const element = h(
    "tr",
    {},
    h(
      "th",
      { scope: "row", class: "mono" },
      h("a", { href: address(["tasks", task.queue, task.id]) }, task.id),
    ),
    picture,
    attempt,
    priority,
    worker,
    added,
    what,
  );
  return {
    element,
    update(now) {
      setText(picture, now.title ?? nothing);
      setAttribute(picture, "title", now.title ?? "");
      setText(attempt, `${now.attempt} of ${now.maxRetries + 1}`);
      setText(priority, now.priority);
      setText(worker, now.worker ?? nothing);
      setText(added, ago(now.addedAt, serverNow()));
      setText(what, whatOf(now));
    },
  };
}

/** What there is to say about a task in its state. */
function whatOf(task: TaskLine): string {
  switch (task.state) {
    case "processing": {
      const running = task.claimedAt === undefined ? "" : `for ${duration(serverNow() - task.claimedAt)}`;
      return task.progress === undefined
        ? running
        : `${percent(task.progress.fraction)} ${task.progress.note ?? ""} ${running}`;
    }
    case "scheduled": {
      const due = task.dueAt === undefined ? "" : `due in ${duration(Math.max(0, task.dueAt - serverNow()))}`;
      return task.lastError === undefined ? due : `${due}, after ${task.lastError.message}`;
    }
    case "completed":
      return task.finishedAt === undefined
        ? ""
        : `took ${duration(task.finishedAt - (task.claimedAt ?? task.addedAt))}`;
    case "dead":
      return `${task.deadReason ?? ""}: ${task.lastError?.message ?? nothing}`;
    case "pending":
    case "cancelled":
      return task.lastError?.message ?? "";
  }
}
