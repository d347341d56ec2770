import type { TaskState } from "@imgq/queue";
import { listedWorkers, type TopData } from "./top-data.ts";
import { taskStates } from "../vocabulary.ts";

export const views = ["overview", "workers", "tasks", "dead"] as const;
export type View = (typeof views)[number];

/** Something to be done outside of the screen. */
export type TopAction =
  | { readonly type: "quit" }
  | { readonly type: "suspend" }
  | { readonly type: "refresh" }
  | { readonly type: "pause-queue" }
  | { readonly type: "resume-queue" }
  | { readonly type: "quiet-worker" | "resume-worker" | "stop-worker"; readonly id: string }
  | { readonly type: "cancel-task" | "redrive-task" | "purge-task"; readonly id: string }
  /** All dead letters with one cause; `id` stands for it. */
  | { readonly type: "redrive-group" | "purge-group"; readonly id: string }
  | { readonly type: "redrive-all" };

/** What the person has done to the screen so far. */
export interface TopState {
  readonly view: View;
  /** Which queue, counted around the list of them. */
  readonly queue: number;
  /** Marked row of each view. */
  readonly selected: Readonly<Record<View, number>>;
  /** Which tasks the view of tasks lists. */
  readonly filter: TaskState | "all";
  /** The cause whose dead letters are listed; without one, the causes are. */
  readonly group: string | undefined;
  /** A task or worker that is looked at closely. */
  readonly detail: { readonly type: "task" | "worker"; readonly id: string } | undefined;
  /** Something destructive that waits for a yes. */
  readonly question: { readonly text: string; readonly action: TopAction } | undefined;
  /** What came of the last action. */
  readonly notice: { readonly text: string; readonly bad: boolean } | undefined;
  readonly help: boolean;
}

export const initialState: TopState = {
  view: "overview",
  queue: 0,
  selected: { overview: 0, workers: 0, tasks: 0, dead: 0 },
  filter: "all",
  group: undefined,
  detail: undefined,
  question: undefined,
  notice: undefined,
  help: false,
};

/** A key as Node names it: `up`, `return`, `q`, `R` (with shift). */
export interface Key {
  readonly name: string;
  readonly ctrl: boolean;
}

export interface Step {
  readonly state: TopState;
  readonly action?: TopAction;
}

/** What a key does. Pure: the action, if there is one, is carried out by the caller. */
export function press(state: TopState, key: Key, data: TopData | undefined): Step {
  if (key.ctrl) {
    if (key.name === "c") return { state, action: { type: "quit" } };
    if (key.name === "z") return { state, action: { type: "suspend" } };
    if (key.name === "l") return { state, action: { type: "refresh" } };
    return { state };
  }
  if (state.question !== undefined) return answer(state, key);
  const fresh: TopState = { ...state, notice: undefined };
  if (state.help) return { state: { ...fresh, help: false } };
  return navigate(fresh, key, data) ?? act(fresh, key, data) ?? { state: fresh };
}

function answer(state: TopState, key: Key): Step {
  const answered = { ...state, question: undefined };
  return key.name === "y" && state.question !== undefined
    ? { state: answered, action: state.question.action }
    : { state: answered };
}

function navigate(state: TopState, key: Key, data: TopData | undefined): Step | undefined {
  switch (key.name) {
    case "q":
      return state.detail === undefined && state.group === undefined
        ? { state, action: { type: "quit" } }
        : back(state);
    case "escape":
    case "backspace":
    case "left":
      return back(state);
    case "?":
    case "h":
      return { state: { ...state, help: true } };
    case "tab":
      return open(state, views[(views.indexOf(state.view) + 1) % views.length]);
    case "1":
    case "2":
    case "3":
    case "4":
      return open(state, views[Number(key.name) - 1]);
    case "n":
      return {
        state: {
          ...state,
          queue: state.queue + 1,
          selected: initialState.selected,
          group: undefined,
          detail: undefined,
        },
        action: { type: "refresh" },
      };
    case "up":
    case "k":
      return { state: move(state, -1, data) };
    case "down":
    case "j":
      return { state: move(state, 1, data) };
    case "pageup":
      return { state: move(state, -10, data) };
    case "pagedown":
    case "space":
      return { state: move(state, 10, data) };
    case "home":
    case "g":
      return { state: move(state, Number.NEGATIVE_INFINITY, data) };
    case "end":
    case "G":
      return { state: move(state, Number.POSITIVE_INFINITY, data) };
    case "return":
    case "enter":
    case "right":
      return { state: look(state, data), action: { type: "refresh" } };
    default:
      return undefined;
  }
}

function act(state: TopState, key: Key, data: TopData | undefined): Step | undefined {
  const id = chosen(state, data);
  switch (`${state.view} ${key.name}`) {
    case "overview p":
      return {
        state,
        action: { type: data?.snapshot.queues[0]?.paused === true ? "resume-queue" : "pause-queue" },
      };
    case "workers z":
      return id === undefined ? undefined : { state, action: { type: "quiet-worker", id } };
    case "workers r":
      return id === undefined ? undefined : { state, action: { type: "resume-worker", id } };
    case "workers s":
      return id === undefined ? undefined : ask(state, `Stop worker ${id}?`, { type: "stop-worker", id });
    case "tasks f":
      return {
        state: { ...state, filter: nextFilter(state.filter), selected: { ...state.selected, tasks: 0 } },
        action: { type: "refresh" },
      };
    case "tasks c":
      return id === undefined ? undefined : ask(state, `Cancel task ${id}?`, { type: "cancel-task", id });
    case "dead r":
      if (id === undefined) return undefined;
      return state.group === undefined
        ? ask(state, `Redrive ${sizeOf(id, data)}?`, { type: "redrive-group", id })
        : { state, action: { type: "redrive-task", id } };
    case "dead R":
      return ask(state, `Redrive all ${data?.snapshot.queues[0]?.counts.dead ?? 0} dead letters?`, {
        type: "redrive-all",
      });
    case "dead d":
      if (id === undefined) return undefined;
      return state.group === undefined
        ? ask(state, `Remove ${sizeOf(id, data)} for good?`, { type: "purge-group", id })
        : ask(state, `Remove task ${id} for good?`, { type: "purge-task", id });
    default:
      return undefined;
  }
}

function ask(state: TopState, text: string, action: TopAction): Step {
  return { state: { ...state, question: { text, action } } };
}

function sizeOf(group: string, data: TopData | undefined): string {
  const count = data?.groups.find(({ key }) => key === group)?.count ?? 0;
  return count === 1 ? "the dead letter of this cause" : `the ${count} dead letters of this cause`;
}

/** From a task to its list, from the list of a cause to the causes. */
function back(state: TopState): Step {
  if (state.detail !== undefined) return { state: { ...state, detail: undefined } };
  if (state.group === undefined) return { state };
  const selected = { ...state.selected, dead: 0 };
  return { state: { ...state, group: undefined, selected }, action: { type: "refresh" } };
}

function open(state: TopState, view: View | undefined): Step {
  if (view === undefined) return { state };
  return { state: { ...state, view, group: undefined, detail: undefined }, action: { type: "refresh" } };
}

/** Ids of the rows of the open view, as listed. */
function rowIds(state: TopState, data: TopData | undefined): readonly string[] {
  if (data === undefined) return [];
  if (state.view === "dead" && state.group === undefined) return data.groups.map(({ key }) => key);
  return state.view === "tasks" || state.view === "dead"
    ? data.tasks.map((task) => task.id)
    : listedWorkers(data).map((worker) => worker.id);
}

function move(state: TopState, by: number, data: TopData | undefined): TopState {
  if (state.detail !== undefined) return state;
  const last = Math.max(0, rowIds(state, data).length - 1);
  const row = Math.min(last, Math.max(0, Math.min(last, state.selected[state.view]) + by));
  return { ...state, selected: { ...state.selected, [state.view]: row } };
}

function chosen(state: TopState, data: TopData | undefined): string | undefined {
  return state.detail?.id ?? rowIds(state, data)[state.selected[state.view]];
}

function look(state: TopState, data: TopData | undefined): TopState {
  const id = chosen(state, data);
  if (id === undefined) return state;
  if (state.view === "dead" && state.group === undefined) {
    return { ...state, group: id, selected: { ...state.selected, dead: 0 } };
  }
  const type = state.view === "tasks" || state.view === "dead" ? "task" : "worker";
  return { ...state, detail: { type, id } };
}

function nextFilter(filter: TopState["filter"]): TopState["filter"] {
  const filters: readonly TopState["filter"][] = ["all", ...taskStates];
  return filters[(filters.indexOf(filter) + 1) % filters.length] ?? "all";
}
