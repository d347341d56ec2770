/** Repeated measurements of one thing, in the order they were taken. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly samples: readonly number[];
}

export function summarize(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new Error("A summary needs at least one sample.");
  return {
    median: quantile(samples, 0.5),
    min: Math.min(...samples),
    max: Math.max(...samples),
    samples,
  };
}

/** The value below which the share `q` (0 to 1) of the samples lies, interpolated between neighbours. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * The median of the ratios `ours[i] / theirs[i]` of samples taken right after each other: a slow spell of the machine
 * hits both, so this is steadier than the ratio of the medians.
 */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  const ratios = ours.flatMap((value, index) => {
    const other = theirs[index];
    return other === undefined || other === 0 ? [] : [value / other];
  });
  return ratios.length === 0 ? Number.NaN : quantile(ratios, 0.5);
}
