import type { Reporter, TestCase } from "vitest/node";

/**
 * Lists the tests that failed and then passed, with what they failed with. A second try keeps a busy machine from
 * failing a whole run; it must not hide a fault, least of all one that a random test found with its seed.
 */
export class FlakyReporter implements Reporter {
  readonly #flaky: TestCase[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky === true) this.#flaky.push(test);
  }

  onTestRunEnd(): void {
    for (const test of this.#flaky) {
      console.error(
        `\nFLAKY ${test.module.relativeModuleId} > ${test.fullName}: passed at the second try. First:`,
      );
      for (const error of test.result().errors ?? []) console.error(error.stack ?? error.message);
    }
  }
}
