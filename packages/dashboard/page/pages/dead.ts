import type { DeadCause, DeadLetters, DeadSample } from "../../src/api/dead-letters.ts";
import { act, getJson, mayChange } from "../api.ts";
import { serverNow } from "../live.ts";
import { address, type View } from "../router.ts";
import { chip } from "../ui/chip.ts";
import { confirmed } from "../ui/confirm.ts";
import { h, setText } from "../ui/dom.ts";
import { ago, count } from "../ui/format.ts";
import { type Item, KeyedList } from "../ui/keyed-list.ts";
import { poll } from "./poll.ts";

/** Tasks that were given up, by what went wrong, with ways to try all of a kind again. */
export function deadPage(): View {
  const queues = h("div", { class: "stack" });
  const empty = h("p", { class: "empty", role: "status" }, "Loading…");
  const polling = poll(async (signal) => {
    const all = await getJson<readonly DeadLetters[]>("api/dead", signal);
    const present = all.filter((queue) => queue.total > 0);
    list.update(present);
    empty.hidden = present.length > 0;
    setText(empty, "No dead letters. Every task found its way.");
  }, 2000);
  const list = new KeyedList<DeadLetters>(
    queues,
    (queue) => queue.queue,
    (queue) => queueSection(queue, polling.now),
  );
  return { title: "Dead letters", element: h("div", {}, empty, queues), destroy: polling.stop };
}

function queueSection({ queue }: DeadLetters, changed: () => void): Item<DeadLetters> {
  const note = h("span", { class: "note grow" });
  const groups = h("div", { class: "stack" });
  const list = new KeyedList<DeadCause>(
    groups,
    (group) => group.key,
    (group) => groupCard(queue, group, changed),
  );
  let total = 0;
  const buttons = changeButtons(queue, undefined, () => total, changed);
  return {
    element: h(
      "section",
      { class: "stack" },
      h("div", { class: "section-head" }, h("h2", {}, queue), note, buttons),
      groups,
    ),
    update(now) {
      total = now.total;
      setText(
        note,
        now.seen < now.total
          ? `${count(now.total)} in all; grouped are the newest ${count(now.seen)}`
          : `${count(now.total)} in ${now.groups.length === 1 ? "1 group" : `${now.groups.length} groups`}`,
      );
      list.update(now.groups);
    },
  };
}

function groupCard(queue: string, group: DeadCause, changed: () => void): Item<DeadCause> {
  const number = h("span", { class: "group-count" });
  const message = h("p", { class: "mono error-line" });
  const when = h("span", { class: "note" });
  const ids = h("ul", { class: "ids" });
  const idList = new KeyedList<DeadSample>(
    ids,
    ({ id }) => id,
    ({ id, title }) => ({
      element: h("li", {}, h("a", { class: "mono", href: address(["tasks", queue, id]) }, title ?? id)),
      update: () => {},
    }),
  );
  let total = group.count;
  const code = group.code === undefined ? "" : ` · ${group.code}`;
  return {
    element: h(
      "article",
      { class: "card group" },
      h(
        "div",
        { class: "section-head" },
        number,
        chip("dead", group.reason),
        h("b", { class: "grow" }, `${group.error}${code}`),
        changeButtons(queue, group.key, () => total, changed),
      ),
      message,
      when,
      ids,
    ),
    update(now) {
      total = now.count;
      setText(number, count(now.count));
      setText(message, now.message);
      setText(when, `last ${ago(now.lastAt, serverNow())}, first ${ago(now.firstAt, serverNow())}`);
      idList.update(now.samples);
    },
  };
}

function changeButtons(
  queue: string,
  group: string | undefined,
  total: () => number,
  changed: () => void,
): HTMLElement | false {
  if (!mayChange()) return false;
  const which = group === undefined ? { queue } : { queue, group };
  const run = async (
    action: "dead.redrive" | "dead.purge",
    question: string,
    explanation: string,
    verb: string,
  ): Promise<void> => {
    if (await confirmed(question, explanation, verb)) await act({ action, ...which });
    changed();
  };
  const what = (): string =>
    group === undefined
      ? `all ${count(total())} dead letters of ${queue}`
      : `the ${count(total())} dead letters of this group`;
  return h(
    "div",
    { class: "actions" },
    h(
      "button",
      {
        type: "button",
        class: group === undefined ? "primary" : "quiet",
        onclick: () =>
          void run(
            "dead.redrive",
            `Redrive ${what()}?`,
            "They become pending again, with all their attempts.",
            "Redrive",
          ),
      },
      group === undefined ? "Redrive all" : "Redrive",
    ),
    h(
      "button",
      {
        type: "button",
        class: "quiet",
        onclick: () =>
          void run(
            "dead.purge",
            `Purge ${what()}?`,
            "They are removed with their history. This cannot be undone.",
            "Purge",
          ),
      },
      group === undefined ? "Purge all" : "Purge",
    ),
  );
}
