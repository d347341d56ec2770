import type { Task } from "@imgq/queue";
import { titleOf } from "../../src/api/task-title.ts";
import type { TaskDetail } from "../../src/api/tasks.ts";
import type { PictureInfo } from "../../src/pictures/task-pictures.ts";
import { act, getJson, mayChange } from "../api.ts";
import { at } from "../base.ts";
import { serverNow } from "../live.ts";
import { address, type View } from "../router.ts";
import { chip } from "../ui/chip.ts";
import { confirmed } from "../ui/confirm.ts";
import { fill, h } from "../ui/dom.ts";
import { ago, bytes, duration, fullTime, nothing, percent } from "../ui/format.ts";
import { stepsText } from "../ui/steps-text.ts";
import { poll } from "./poll.ts";
import { timeline } from "./timeline.ts";

/** Everything about one task. */
export function taskPage(queue: string, id: string): View {
  const head = h("div", { class: "section-head" });
  const facts = h("dl", { class: "facts card" });
  const history = h("section", { class: "card" });
  const pictures = h("section", { class: "card", hidden: true });
  const texts = h("div", { class: "stack" });
  const notice = h("p", { class: "empty", role: "status" }, "Loading…");
  const content = h("div", { class: "stack", hidden: true }, head, facts, history, pictures, texts);
  let shown = "";
  let shownPictures = "";

  const polling = poll(async (signal) => {
    const path = `${encodeURIComponent(queue)}/${encodeURIComponent(id)}`;
    let detail: TaskDetail;
    try {
      detail = await getJson<TaskDetail>(`api/tasks/${path}`, signal);
    } catch (error) {
      // A task that was shown stays shown: Redis may only be away for a moment.
      if (shown === "" && !signal.aborted)
        notice.textContent = error instanceof Error ? error.message : String(error);
      throw error;
    }
    notice.hidden = true;
    content.hidden = false;
    fill(facts, factsOf(detail));
    showTimeline(history, detail.task);
    // Buttons and texts are made anew only when the task moved, so that focus and selection last.
    const version = JSON.stringify([detail.task.state, detail.task.attempts.length, detail.task.finishedAt]);
    if (version !== shown) {
      shown = version;
      fill(head, headOf(detail.task, polling.now));
      fill(texts, textsOf(detail.task));
      const listed = await getJson<readonly PictureInfo[]>(`api/pictures/${path}`, signal);
      const listedText = JSON.stringify(listed);
      if (listedText === shownPictures) return;
      shownPictures = listedText;
      pictures.hidden = listed.length === 0;
      fill(
        pictures,
        h("h2", {}, "Pictures"),
        h(
          "div",
          { class: "pictures" },
          listed.map((picture) => pictureOf(path, picture)),
        ),
      );
    }
  }, 1500);

  return {
    title: "Task",
    element: h("div", {}, notice, content),
    destroy: polling.stop,
  };
}

/** Made anew with each look, since bars grow; what was unfolded stays so. */
function showTimeline(section: HTMLElement, task: Task): void {
  const unfolded = [...section.querySelectorAll("details")].map((details) => details.open);
  fill(section, h("h2", {}, "Timeline"), timeline(task, serverNow()));
  section.querySelectorAll("details").forEach((details, index) => {
    details.open = unfolded[index] ?? false;
  });
}

function headOf(task: Task, changed: () => void): (Node | false)[] {
  const { queue, id, state } = task;
  const button = (text: string, run: () => Promise<boolean>, style = "quiet"): HTMLElement =>
    h(
      "button",
      { type: "button", class: style, onclick: () => void run().then((done) => done && changed()) },
      text,
    );
  const buttons = [
    (state === "pending" || state === "scheduled" || state === "processing") &&
      button("Cancel", async () =>
        (await confirmed(
          "Cancel this task?",
          "It ends as cancelled. A worker that runs it is asked to stop.",
          "Cancel task",
        ))
          ? act({ action: "task.cancel", queue, id })
          : false,
      ),
    state === "dead" && button("Redrive", () => act({ action: "task.redrive", queue, id }), "primary"),
    state === "dead" && button("Purge", () => purge(queue, id)),
  ];
  return [
    h("p", { class: "mono id" }, id),
    chip(state),
    mayChange() && h("div", { class: "actions" }, buttons),
  ];
}

async function purge(queue: string, id: string): Promise<boolean> {
  const explanation = "It is removed with its history. This cannot be undone.";
  if (!(await confirmed("Purge this task?", explanation, "Purge"))) return false;
  // There is nothing left to look at here.
  if (await act({ action: "task.purge", queue, id })) location.hash = address(["dead"]);
  return false;
}

function factsOf({ task, holder, leaseMs }: TaskDetail): HTMLElement[] {
  const now = serverNow();
  const fact = (name: string, ...value: (string | Node)[]): HTMLElement =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value));
  const optional = (name: string, value: string | undefined): HTMLElement[] =>
    value === undefined ? [] : [fact(name, value)];
  const wide = (name: string, value: string | undefined): HTMLElement[] =>
    value === undefined
      ? []
      : [h("div", { class: "wide" }, h("dt", {}, name), h("dd", { class: "mono" }, value))];
  return [
    ...wide("Picture", titleOf(task.payload)),
    ...wide("Filters", stepsText(task.payload)),
    fact("Queue", h("a", { href: address(["tasks"], { queue: task.queue, state: task.state }) }, task.queue)),
    fact("Attempt", `${task.attempt} of ${task.maxRetries + 1}`),
    fact("Priority", task.priority),
    fact("Added", `${fullTime(task.addedAt)} (${ago(task.addedAt, now)})`),
    ...optional(
      "Due",
      task.dueAt === undefined || task.state !== "scheduled"
        ? undefined
        : `in ${duration(Math.max(0, task.dueAt - now))}`,
    ),
    ...optional(
      "Finished",
      task.finishedAt === undefined
        ? undefined
        : `${fullTime(task.finishedAt)} (${ago(task.finishedAt, now)}), ${duration(task.finishedAt - task.addedAt)} after it was added`,
    ),
    ...optional(
      "Running",
      task.state === "processing" && task.claimedAt !== undefined
        ? `${duration(now - task.claimedAt)} of ${duration(task.timeoutMs)}`
        : undefined,
    ),
    ...optional(
      "Progress",
      task.progress === undefined
        ? undefined
        : `${percent(task.progress.fraction)} ${task.progress.note ?? ""}`,
    ),
    ...optional("Worker", task.worker),
    ...optional(
      "Lease",
      holder === undefined
        ? undefined
        : `${holder.state}, last beat ${duration(holder.timeSinceHeartbeatMs)} ago, lost after ${duration(leaseMs)} of silence`,
    ),
    ...optional("Timeout", task.state === "processing" ? undefined : duration(task.timeoutMs)),
    ...optional("Dead because", task.deadReason),
    ...optional("Crashes", task.crashes === 0 ? undefined : String(task.crashes)),
  ];
}

function textsOf(task: Task): (Node | false)[] {
  const block = (title: string, text: string): HTMLElement =>
    h("section", { class: "card" }, h("h2", {}, title), h("pre", { tabindex: "0" }, text));
  const { lastError } = task;
  // The timeline shows it with its stack, unless the attempt is forgotten.
  const isInTimeline = task.attempts.some(({ error }) => error?.message === lastError?.message);
  return [
    lastError !== undefined &&
      !isInTimeline &&
      block(
        "Last error",
        lastError.stack ??
          `${lastError.name}: ${lastError.message}${lastError.code === undefined ? "" : ` (${lastError.code})`}`,
      ),
    h(
      "div",
      { class: "pair" },
      block("Payload", JSON.stringify(task.payload, null, 2) ?? nothing),
      task.result !== undefined && block("Result", JSON.stringify(task.result, null, 2)),
    ),
  ];
}

function pictureOf(path: string, picture: PictureInfo): HTMLElement {
  const title =
    { input: "Before", output: "After" }[picture.key] ?? picture.key.replace("variant-", "Variant ");
  return h(
    "figure",
    {},
    h("img", {
      src: at(`api/pictures/${path}/${encodeURIComponent(picture.key)}`),
      alt: `${title}: ${picture.path}`,
      loading: "lazy",
    }),
    h(
      "figcaption",
      {},
      h("b", {}, title),
      ` ${picture.width} × ${picture.height}, ${bytes(picture.bytes)}`,
      h("span", { class: "mono note" }, picture.path),
    ),
  );
}
