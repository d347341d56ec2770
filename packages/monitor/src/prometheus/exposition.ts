/** One line of a metric. `suffix` is for the parts of a histogram. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
  readonly suffix?: "_bucket" | "_sum" | "_count";
}

export interface MetricFamily {
  readonly name: string;
  /** A summary without sum and count: percentiles of the recent past. Only a summary may have the label `quantile`. */
  readonly type: "gauge" | "counter" | "histogram" | "summary";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** The `content-type` of {@link renderExposition}'s text. */
export const prometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

/** Writes families in Prometheus' text format 0.0.4. Families without samples are left out. */
export function renderExposition(families: readonly MetricFamily[]): string {
  return families
    .filter((family) => family.samples.length > 0)
    .map(renderFamily)
    .join("");
}

function renderFamily({ name, type, help, samples }: MetricFamily): string {
  const lines = samples.map(
    (sample) =>
      `${name}${sample.suffix ?? ""}${renderLabels(sample.labels ?? {})} ${renderValue(sample.value)}\n`,
  );
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function renderLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function renderValue(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return String(value);
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
