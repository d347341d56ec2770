import * as queue from "@imgq/queue";
import { expect, it } from "vitest";
import { deadReasons, priorities, taskStates } from "./vocabulary.ts";

it("the command knows every state, priority and reason that the queue knows", () => {
  expect(taskStates).toEqual(queue.taskStates);
  expect(priorities).toEqual(queue.priorities);
  expect(deadReasons).toEqual(queue.deadReasons);
});
