import { machineSentence } from "../report/machine.ts";
import type { ResultsHeader } from "../report/results-file.ts";
import { quantile } from "../report/statistics.ts";
import { figure, table } from "../report/table.ts";

/** Milliseconds from SIGKILL to the task running elsewhere, over all kills. */
export interface Distribution {
  readonly kills: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly min: number;
  readonly max: number;
  readonly samples: readonly number[];
}

export interface RecoveryResults extends ResultsHeader {
  readonly seed: number;
  /** Nobody but Redis notices: the lease has to run out. */
  readonly alone: Distribution;
  /** A parent process sees its child exit. */
  readonly supervised: Distribution;
}

export function distributionOf(samples: readonly number[]): Distribution {
  return {
    kills: samples.length,
    p50: quantile(samples, 0.5),
    p90: quantile(samples, 0.9),
    p99: quantile(samples, 0.99),
    min: Math.min(...samples),
    max: Math.max(...samples),
    samples: samples.map(Math.round),
  };
}

export function sectionOf(results: RecoveryResults): string {
  const row = (name: string, spread: Distribution): string[] => [
    name,
    String(spread.kills),
    ...[spread.min, spread.p50, spread.p90, spread.p99, spread.max].map((ms) => figure(ms / 1000)),
  ];
  return [
    "## From `kill -9` of a worker to its task running elsewhere",
    "",
    "Default settings (lease 4 s, a beat a second, a round of recovery when a lease runs out), one task in hand, another worker idle; kills at random instants.",
    "",
    table(
      ["seconds", "kills", "min", "p50", "p90", "p99", "max"],
      [row("nobody saw it", results.alone), row("a supervising parent saw it", results.supervised)],
    ),
    "",
    machineSentence(results.machine),
  ].join("\n");
}
