import type { RawImage } from "../raw-image.ts";
import { luma } from "./luma.ts";
import { mapPixels, type Pixel, readPixels } from "./samples.ts";

/** The luma of each pixel replaced by the colour at its place in a list of 256. */
export function referenceRamp(image: RawImage, colors: readonly Pixel["rgb"][]): RawImage {
  return mapPixels(luma(image), ({ rgb, alpha }) => ({ rgb: colors[rgb[0]] ?? [0, 0, 0], alpha }));
}

/** An opaque alpha channel where there was none. */
export function referenceAddAlpha(image: RawImage): RawImage {
  if (image.channels % 2 === 0) return image;
  const pixels = readPixels(image);
  const grey = image.channels === 1;
  const data = pixels.flatMap(({ rgb }) => (grey ? [rgb[0], 255] : [...rgb, 255]));
  return { ...image, data: Uint8Array.from(data), channels: grey ? 2 : 4 };
}

/** The image over an opaque colour, by the definition of "over", rounded half up. */
export function referenceFlatten(image: RawImage, color: Pixel["rgb"]): RawImage {
  if (image.channels % 2 === 1) return image;
  const over = (value: number, ground: number, alpha: number): number =>
    Math.floor((value * alpha + ground * (255 - alpha)) / 255 + 0.5);
  const flat = readPixels(image).map(({ rgb, alpha }) => [
    over(rgb[0], color[0], alpha),
    over(rgb[1], color[1], alpha),
    over(rgb[2], color[2], alpha),
  ]);
  const grey = image.channels === 2 && color[0] === color[1] && color[1] === color[2];
  const data = grey ? flat.map(([value = 0]) => value) : flat.flat();
  return { ...image, data: Uint8Array.from(data), channels: grey ? 1 : 3 };
}

/** One channel by its name. */
export function referenceChannel(image: RawImage, name: "red" | "green" | "blue" | "alpha"): RawImage {
  const data = readPixels(image).map(({ rgb, alpha }) => {
    if (name === "alpha") return alpha;
    return rgb[name === "red" ? 0 : name === "green" ? 1 : 2];
  });
  return { ...image, data: Uint8Array.from(data), channels: 1 };
}
