import sharp from "sharp";

// The loaders of the formats that are read, and nothing else: libvips' other loaders (SVG, PDF, ImageMagick, its own
// format, …) have been remote holes, and follow references to other files.
const allowedLoaders = ["Jpeg", "Png", "Webp", "Nsgif", "Tiff", "Heif"];

let configuredThreads: number | undefined;

/**
 * Sets libvips up for untrusted input and steady memory. These settings hold for the whole process, so they are made
 * when a pipeline is created, not on import.
 */
export function configureSharp(threads: number): void {
  if (configuredThreads === undefined) {
    sharp.block({ operation: ["VipsForeignLoad"] });
    sharp.unblock({ operation: allowedLoaders.map((name) => `VipsForeignLoad${name}`) });
    // Every picture is seen once: a cache of operations only holds memory.
    sharp.cache(false);
  }
  if (configuredThreads !== threads) sharp.concurrency(threads);
  configuredThreads = threads;
}
