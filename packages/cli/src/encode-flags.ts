import { Option } from "@commander-js/extra-typings";
import type { EncodeOptions, OutputFormat } from "@imgq/pipeline";
import { UsageError } from "./errors.ts";
import { wholeNumber } from "./options.ts";

// Written out: taking them from @imgq/pipeline would load sharp for every command.
const formats = ["jpeg", "png", "webp", "avif", "tiff", "gif"] as const satisfies readonly OutputFormat[];
const extensions: Readonly<Record<OutputFormat, string>> = {
  jpeg: "jpg",
  png: "png",
  webp: "webp",
  avif: "avif",
  tiff: "tiff",
  gif: "gif",
};

export function formatOption(): Option<"--format <format>", undefined, undefined, OutputFormat> {
  const read = (text: string): OutputFormat => {
    const name = text.toLowerCase().replace(/^jpg$/, "jpeg").replace(/^tif$/, "tiff");
    const format = formats.find((known) => known === name);
    if (format === undefined) throw new UsageError(`--format takes ${formats.join(", ")}; got "${text}".`);
    return format;
  };
  const option = new Option("--format <format>", "of the outputs (default: that of the input)").argParser(
    read,
  );
  option.argChoices = [...formats]; // for completion only: the parser is more generous
  return option;
}

export function qualityOption(): Option<"--quality <1-100>", undefined, undefined, number> {
  return new Option("--quality <1-100>", "of jpeg, webp and avif").argParser(
    wholeNumber("--quality", 1, 100),
  );
}

/** What the flags say about encoding; undefined when they say nothing. */
export function encodeFrom(flags: {
  readonly format?: OutputFormat | undefined;
  readonly quality?: number | undefined;
}): EncodeOptions | undefined {
  const { format, quality } = flags;
  if (format === undefined && quality === undefined) return undefined;
  return { ...(format === undefined ? {} : { format }), ...(quality === undefined ? {} : { quality }) };
}

/** How the names of such files end. */
export function extensionOf(format: OutputFormat | undefined): string | undefined {
  return format === undefined ? undefined : extensions[format];
}
