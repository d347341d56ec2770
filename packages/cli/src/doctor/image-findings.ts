import type { Finding } from "@imgq/monitor";
import { ok, problem, warning } from "./finding.ts";

const formats = ["jpeg", "png", "webp", "gif", "tiff", "heif"] as const;

/** What sharp and the libvips under it can do here. Loads sharp; a sharp that does not load is a finding, not an error. */
export async function imageFindings(): Promise<Finding[]> {
  const loaded = await import("sharp").then(
    (module) => ({ sharp: module.default, error: undefined }),
    (error: unknown) => ({ sharp: undefined, error }),
  );
  if (loaded.sharp === undefined) {
    const reason =
      loaded.error instanceof Error ? (loaded.error.message.split("\n")[0] ?? "") : String(loaded.error);
    return [
      problem(
        "sharp",
        `sharp cannot be loaded: ${reason}`,
        "Run npm install sharp on this machine, for this Node.js version.",
      ),
    ];
  }
  const { sharp } = loaded;
  const missing = formats.filter(
    (format) => !sharp.format[format].input.buffer || !sharp.format[format].output.buffer,
  );
  return [
    ok("sharp", `sharp ${sharp.versions.sharp}`),
    atLeast(sharp.versions.vips, 8, 17)
      ? ok("libvips", `libvips ${sharp.versions.vips}${sharp.simd() ? ", with SIMD" : ""}`)
      : warning(
          "libvips",
          `libvips ${sharp.versions.vips} is old`,
          "Use the libvips that comes with sharp: remove the global one, or update it.",
        ),
    missing.length === 0
      ? ok("formats", "reads and writes jpeg, png, webp, gif, tiff, avif")
      : warning(
          "formats",
          `this libvips lacks ${missing.join(", ")}`,
          "Use the libvips that comes with sharp.",
        ),
  ];
}

function atLeast(version: string, major: number, minor: number): boolean {
  const [foundMajor = 0, foundMinor = 0] = version.split(".").map(Number);
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}
