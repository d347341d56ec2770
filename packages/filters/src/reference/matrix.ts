import type { RawImage } from "../raw-image.ts";
import { mapPixels, toByte } from "./samples.ts";

type Row = readonly [number, number, number, number];

/** Each colour a weighted sum of red, green and blue and an offset, every step in single precision. */
export function referenceMatrix(image: RawImage, rows: readonly [Row, Row, Row]): RawImage {
  const mixed = mapPixels(image, ({ rgb, alpha }) => {
    const [red, green, blue] = rgb;
    const sum = ([byRed, byGreen, byBlue, offset]: Row): number => {
      const two = Math.fround(times(red, byRed) + times(green, byGreen));
      return toByte(Math.fround(Math.fround(two + times(blue, byBlue)) + Math.fround(offset)));
    };
    return { rgb: [sum(rows[0]), sum(rows[1]), sum(rows[2])], alpha };
  });
  return image.channels < 3 ? greyWhereAlwaysGrey(mixed, rows) : mixed;
}

function times(sample: number, weight: number): number {
  return Math.fround(sample * Math.fround(weight));
}

/** A matrix that leaves every grey grey keeps the layout of a grey image. */
function greyWhereAlwaysGrey(image: RawImage, rows: readonly [Row, Row, Row]): RawImage {
  const allGreys = { data: Uint8Array.from({ length: 768 }, (_, index) => index / 3), width: 256, height: 1 };
  const { data } = referenceMatrix({ ...allGreys, channels: 3 }, rows);
  const neutral = data.every((sample, index) => sample === data[index - (index % 3)]);
  if (!neutral) return image;
  const channels = image.channels === 4 ? 2 : 1;
  const kept = image.data.filter((_, index) => index % image.channels === 0 || index % image.channels === 3);
  return { ...image, data: kept, channels };
}
