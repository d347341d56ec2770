import { afterEach, expect } from "vitest";
import { runningProcesses } from "../node-process.ts";
import type { SeededRandom } from "../seeded-random.ts";
import { type Scenario, type ScenarioOptions, startScenario } from "./scenario.ts";

/** Opens scenarios for the tests of one file and closes each after its test; no process may survive it. */
export function scenariosForTests(
  random: SeededRandom,
): (options?: Omit<ScenarioOptions, "random">) => Promise<Scenario> {
  const open: Scenario[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((scenario) => scenario.close()));
    expect(runningProcesses(), "processes left running").toEqual([]);
  });
  return async (options = {}) => {
    const scenario = await startScenario({
      ...options,
      random: random.fork(expect.getState().currentTestName ?? ""),
    });
    open.push(scenario);
    return scenario;
  };
}
