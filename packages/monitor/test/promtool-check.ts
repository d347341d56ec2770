/**
 * What `promtool check metrics` complains about, and what Prometheus would refuse to scrape. Empty: all is well. Where
 * promtool itself is there, promtool.test.ts asks it too.
 */
export function promtoolCheck(text: string): string[] {
  const complaints: string[] = [];
  const families = new Map<string, { help?: string; type?: string; samples: ParsedSample[] }>();
  const series = new Set<string>();
  let current = "";
  if (text !== "" && !text.endsWith("\n")) complaints.push("the text must end with a line feed");
  for (const line of text.split("\n").slice(0, -1)) {
    const comment = /^# (HELP|TYPE) ([^ ]+) (.*)$/.exec(line);
    if (comment !== null) {
      const [, kind = "", name = "", rest = ""] = comment;
      const family = families.get(name) ?? { samples: [] };
      if (kind === "HELP" && family.help !== undefined) complaints.push(`second HELP for ${name}`);
      if (kind === "TYPE" && (family.type !== undefined || family.samples.length > 0)) {
        complaints.push(`second or late TYPE for ${name}`);
      }
      if (kind === "HELP") family.help = rest;
      else family.type = rest;
      families.set(name, family);
      current = name;
      continue;
    }
    const sample = parseSample(line);
    if (sample === undefined) {
      complaints.push(`not a sample: ${line}`);
      continue;
    }
    const family = families.get(current);
    const suffix = sample.name.slice(current.length);
    const allowed = family?.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
    if (family === undefined || !sample.name.startsWith(current) || !allowed.includes(suffix)) {
      complaints.push(`${sample.name} stands under ${current}`);
      continue;
    }
    const key = sample.name + JSON.stringify(sample.labels, Object.keys(sample.labels).toSorted(byText));
    if (series.has(key)) complaints.push(`twice: ${line}`);
    series.add(key);
    family.samples.push(sample);
  }
  for (const [name, family] of families) complaints.push(...lintFamily(name, family));
  return complaints;
}

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One line of the text format; undefined when it is none. */
export function parseSample(line: string): ParsedSample | undefined {
  const head = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{)?/.exec(line);
  if (head === null) return undefined;
  const [matched, name = "", brace] = head;
  let rest = line.slice(matched.length);
  const labels: Record<string, string> = {};
  if (brace !== undefined) {
    const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|\})/;
    for (;;) {
      const found = label.exec(rest);
      if (found === null) return undefined;
      const [whole, key = "", escaped = "", end] = found;
      if (key in labels) return undefined;
      labels[key] = escaped.replace(/\\([\\"n])/g, (_, char: string) => (char === "n" ? "\n" : char));
      rest = rest.slice(whole.length);
      if (end === "}") break;
    }
  }
  const value = /^ (NaN|[+-]Inf|[+-]?[0-9.]+(?:e[+-]?[0-9]+)?)$/i.exec(rest)?.[1];
  if (value === undefined) return undefined;
  return { name, labels, value: Number(value.replace("Inf", "Infinity")) };
}

function lintFamily(
  name: string,
  family: { help?: string; type?: string; samples: readonly ParsedSample[] },
): string[] {
  const complaints: string[] = [];
  const complain = (what: string): void => void complaints.push(`${name}: ${what}`);
  if (!/^[a-z][a-z0-9_]*$/.test(name)) complain("names are in snake case");
  if (!name.startsWith("imgq_")) complain("names begin with imgq_");
  if ((family.help ?? "") === "") complain("no help text");
  if (family.type === undefined) complain("no type");
  if (family.samples.length === 0) complain("no samples");
  if ((family.type === "counter") !== name.endsWith("_total"))
    complain("counters, and only they, end with _total");
  if (/_(count|sum|bucket|info_total)$/.test(name)) complain("reserved ending");
  if (/(milli|micro|nano)|_(ms|us|ns|minutes|hours|days|kb|mb|kib|mib|percent)(_|$)/.test(name))
    complain("use base units");
  if (/(gauge|counter|histogram|summary)/.test(name)) complain("the type does not belong into the name");
  for (const { labels, value } of family.samples) {
    if (family.type === "counter" && !(value >= 0)) complain(`counter with ${value}`);
    if (family.type !== "histogram" && "le" in labels) complain("le belongs to histograms");
    if (family.type !== "summary" && "quantile" in labels) complain("quantile belongs to summaries");
    for (const label of Object.keys(labels)) if (label.startsWith("__")) complain("reserved label");
  }
  if (family.type === "histogram") complaints.push(...lintHistogram(name, family.samples));
  return complaints;
}

function lintHistogram(name: string, samples: readonly ParsedSample[]): string[] {
  const complaints: string[] = [];
  const groups = groupBy(samples, ({ labels }) => JSON.stringify({ ...labels, le: undefined }));
  for (const [labels, group] of groups) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    const count = group.find((sample) => sample.name === `${name}_count`)?.value;
    const bounds = buckets.map((bucket) => Number((bucket.labels.le ?? "").replace("Inf", "Infinity")));
    if (bounds.some((bound, index) => !(bound > (bounds[index - 1] ?? -1))))
      complaints.push(`${labels}: bounds out of order`);
    if (buckets.some((bucket, index) => bucket.value < (buckets[index - 1]?.value ?? 0)))
      complaints.push(`${labels}: buckets must be cumulative`);
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY || buckets.at(-1)?.value !== count)
      complaints.push(`${labels}: +Inf must equal the count`);
    if (!group.some((sample) => sample.name === `${name}_sum`)) complaints.push(`${labels}: no sum`);
  }
  return complaints;
}

/** `Map.groupBy` is not in Node 20. */
function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

function byText(one: string, other: string): number {
  return one < other ? -1 : 1;
}
