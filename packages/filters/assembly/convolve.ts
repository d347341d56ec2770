import { alphaMask } from "./alpha";
import { toBytes } from "./affine";

/**
 * Weighted sum over any neighbourhood, in single precision, in the order of the taps: bias + Σ weight × pixel, alpha
 * kept. `taps` holds pairs of (i32 byte offset from the tile's first byte, f32 weight); `centre` is the byte offset
 * of the pixel itself. `source` is the tile with its border, `target` the tile without it.
 */
export function convolve(
  source: usize,
  target: usize,
  rowBytes: i32,
  rows: i32,
  stride: i32,
  channels: i32,
  taps: usize,
  count: i32,
  bias: f32,
  centre: i32,
): void {
  const keep = alphaMask(channels);
  const lastTap = taps + ((<usize>count) << 3);
  const start = f32x4.splat(bias);
  for (let row = 0; row < rows; row++) {
    let from = source + <usize>row * <usize>stride;
    let at = target + <usize>row * <usize>stride;
    const end = at + <usize>rowBytes;
    while (at < end) {
      let first = start;
      let second = start;
      let third = start;
      let fourth = start;
      for (let tap = taps; tap < lastTap; tap += 8) {
        const pixel = from + <usize>load<i32>(tap);
        const weight = v128.load32_splat(tap, 4);
        const low = v128.load8x8_u(pixel);
        const high = v128.load8x8_u(pixel, 8);
        first = f32x4.add(first, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low))));
        second = f32x4.add(second, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low))));
        third = f32x4.add(third, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high))));
        fourth = f32x4.add(fourth, f32x4.mul(weight, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high))));
      }
      const changed = i8x16.narrow_i16x8_u(
        i16x8.narrow_i32x4_u(toBytes(first), toBytes(second)),
        i16x8.narrow_i32x4_u(toBytes(third), toBytes(fourth)),
      );
      v128.store(at, v128.bitselect(v128.load(from + <usize>centre), changed, keep));
      from += 16;
      at += 16;
    }
  }
}
