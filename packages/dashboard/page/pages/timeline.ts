import type { Attempt, Task } from "@imgq/queue";
import { chip } from "../ui/chip.ts";
import { h } from "../ui/dom.ts";
import { duration, time } from "../ui/format.ts";

interface Span {
  readonly from: number;
  readonly to: number;
  readonly tone: "wait" | "good" | "bad" | "neutral" | "accent";
}

/** The life of a task: one bar for the whole of it, then every attempt with what became of it. */
export function timeline(task: Task, now: number): HTMLElement {
  const running = task.state === "processing" && task.claimedAt !== undefined;
  const start = task.addedAt;
  const end = Math.max(task.finishedAt ?? now, start + 1);
  const spans: Span[] = task.attempts.map((attempt) => ({
    from: attempt.startedAt,
    to: attempt.endedAt,
    tone: toneOf(attempt),
  }));
  if (running && task.claimedAt !== undefined) spans.push({ from: task.claimedAt, to: end, tone: "accent" });
  const bar = h("div", {
    class: "lifebar",
    role: "img",
    "aria-label": `${task.attempts.length} attempts in ${duration(end - start)}`,
  });
  for (const span of spans) {
    const piece = h("i", { "data-tone": span.tone });
    piece.style.setProperty("--from", String((span.from - start) / (end - start)));
    piece.style.setProperty("--size", String((span.to - span.from) / (end - start)));
    bar.append(piece);
  }
  const steps = [
    step(time(task.addedAt), "added", [
      h("p", {}, waitText(task, task.attempts[0]?.startedAt ?? task.claimedAt, now)),
    ]),
    ...task.attempts.map((attempt, index) =>
      attemptStep(attempt, task.attempts[index + 1]?.startedAt ?? (running ? task.claimedAt : undefined)),
    ),
  ];
  if (running && task.claimedAt !== undefined) {
    steps.push(
      step(time(task.claimedAt), "processing", [
        h(
          "p",
          {},
          `Attempt ${task.attempt}, running for ${duration(now - task.claimedAt)} on `,
          h("span", { class: "mono" }, task.worker ?? "a worker"),
          ".",
        ),
      ]),
    );
  }
  // A completed attempt says it all.
  if (task.finishedAt !== undefined && task.state !== "completed")
    steps.push(
      step(time(task.finishedAt), task.state, [
        h("p", {}, `${duration(task.finishedAt - task.addedAt)} after it was added.`),
      ]),
    );
  return h("div", { class: "stack" }, bar, h("ol", { class: "steps" }, steps));
}

function attemptStep(attempt: Attempt, nextAt: number | undefined): HTMLElement {
  const { error } = attempt;
  const details: Node[] = [
    h(
      "p",
      {},
      `Attempt ${attempt.attempt} took ${duration(attempt.endedAt - attempt.startedAt)} on `,
      h("span", { class: "mono" }, attempt.worker),
      ".",
    ),
  ];
  if (error !== undefined) {
    const code = error.code === undefined ? "" : ` (${error.code})`;
    const line = h("span", { class: "mono" }, `${error.name}: ${error.message}${code}`);
    details.push(
      error.stack === undefined
        ? h("p", { class: "error-line" }, line)
        : h(
            "details",
            { class: "error-line" },
            h("summary", {}, line),
            h("pre", { tabindex: "0" }, error.stack),
          ),
    );
  }
  if (nextAt !== undefined)
    details.push(h("p", { class: "note" }, `Next attempt ${duration(nextAt - attempt.endedAt)} later.`));
  return step(time(attempt.startedAt), attempt.outcome, details);
}

function step(at: string, word: string, details: readonly Node[]): HTMLElement {
  return h("li", {}, h("time", {}, at), chip(word), h("div", { class: "step" }, [...details]));
}

function waitText(task: Task, claimedAt: number | undefined, now: number): string {
  if (claimedAt !== undefined) return `Waited ${duration(claimedAt - task.addedAt)} for a worker.`;
  return task.finishedAt === undefined ? `Waiting for ${duration(now - task.addedAt)}.` : "Never ran.";
}

function toneOf({ outcome }: Attempt): Span["tone"] {
  if (outcome === "completed") return "good";
  return outcome === "released" || outcome === "cancelled" ? "neutral" : "bad";
}
