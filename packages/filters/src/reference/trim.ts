import type { RawImage } from "../raw-image.ts";
import { isAlpha, type Place, sampleAt } from "./samples.ts";

/** The rectangle around all pixels that are unlike the top left one; all of the image when there are none. */
export function referenceTrim(image: RawImage, threshold: number): RawImage {
  const { width, height, channels } = image;
  const places = Array.from({ length: width * height }, (_, pixel) => ({
    x: pixel % width,
    y: Math.floor(pixel / width),
  }));
  const unlike = places.filter((place) => isUnlike(image, place, threshold));
  if (unlike.length === 0) return image;
  const [left, right] = [Math.min(...unlike.map(({ x }) => x)), Math.max(...unlike.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...unlike.map(({ y }) => y)), Math.max(...unlike.map(({ y }) => y))];
  const data = image.data.filter((_, index) => {
    const pixel = Math.floor(index / channels);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    return x >= left && x <= right && y >= top && y <= bottom;
  });
  return { ...image, data, width: right - left + 1, height: bottom - top + 1 };
}

function isUnlike(image: RawImage, { x, y }: Omit<Place, "channel">, threshold: number): boolean {
  const { channels } = image;
  const channelsOfIt = Array.from({ length: channels }, (_, channel) => channel);
  const pairs = channelsOfIt.map((channel) => [
    sampleAt(image, { x, y, channel }),
    sampleAt(image, { x: 0, y: 0, channel }),
  ]);
  const bothClear = isAlpha(channels - 1, channels) && pairs.at(-1)?.every((alpha) => alpha === 0) === true;
  return !bothClear && pairs.some(([one = 0, first = 0]) => Math.abs(one - first) > threshold);
}
