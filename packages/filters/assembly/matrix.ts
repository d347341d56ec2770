import { toBytes } from "./affine";

@inline
function lanes(pixels: v128, picks: v128): v128 {
  return f32x4.convert_i32x4_s(i8x16.swizzle(pixels, picks));
}

@inline
function mixed(red: v128, green: v128, blue: v128, row: usize): v128 {
  const sum = f32x4.add(
    f32x4.add(f32x4.mul(red, v128.load32_splat(row)), f32x4.mul(green, v128.load32_splat(row, 4))),
    f32x4.mul(blue, v128.load32_splat(row, 8)),
  );
  return toBytes(f32x4.add(sum, v128.load32_splat(row, 12)));
}

/**
 * Mixes colours in place: each of red, green and blue becomes r × red + g × green + b × blue + offset in single
 * precision, summed in this order; alpha is kept. `rows` holds three times the four f32 r, g, b, offset. For 3 and 4
 * channels, in steps of 4 pixels.
 */
export function matrix(at: usize, pixels: i32, channels: i32, rows: usize): void {
  const end = at + <usize>(pixels * channels);
  const step = channels;
  const reds = step == 3 ? i8x16(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1) : i8x16(0, -1, -1, -1, 4, -1, -1, -1, 8, -1, -1, -1, 12, -1, -1, -1);
  const greens = step == 3 ? i8x16(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1) : i8x16(1, -1, -1, -1, 5, -1, -1, -1, 9, -1, -1, -1, 13, -1, -1, -1);
  const blues = step == 3 ? i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1) : i8x16(2, -1, -1, -1, 6, -1, -1, -1, 10, -1, -1, -1, 14, -1, -1, -1);
  while (at < end) {
    const four = v128.load(at);
    const red = lanes(four, reds);
    const green = lanes(four, greens);
    const blue = lanes(four, blues);
    const colours = v128.or(
      v128.or(mixed(red, green, blue, rows), i32x4.shl(mixed(red, green, blue, rows + 16), 8)),
      i32x4.shl(mixed(red, green, blue, rows + 32), 16),
    );
    if (step == 4) {
      v128.store(at, v128.or(colours, v128.and(four, i32x4.splat(<i32>0xff000000))));
      at += 16;
    } else {
      // Not a byte more than the four pixels: the next ones are still to be read.
      const packed = i8x16.swizzle(colours, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
      v128.store64_lane(at, packed, 0);
      v128.store32_lane(at, packed, 2, 8);
      at += 12;
    }
  }
}
