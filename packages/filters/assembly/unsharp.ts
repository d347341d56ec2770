import { alphaMask } from "./alpha";
import { toBytes } from "./affine";

@inline
function sharpened(values: v128, softened: v128, amount: v128): v128 {
  const difference = f32x4.convert_i32x4_s(i32x4.sub(values, softened));
  return toBytes(f32x4.add(f32x4.convert_i32x4_s(values), f32x4.mul(difference, amount)));
}

@inline
function sharpenedEight(values: v128, softened: v128, amount: v128): v128 {
  return i16x8.narrow_i32x4_u(
    sharpened(i32x4.extend_low_i16x8_u(values), i32x4.extend_low_i16x8_u(softened), amount),
    sharpened(i32x4.extend_high_i16x8_u(values), i32x4.extend_high_i16x8_u(softened), amount),
  );
}

/**
 * value + (value − soft) × amount in single precision, in place, where value and soft differ by at least `least`
 * levels; alpha is kept. `soft` holds the blurred picture in the same layout. In steps of 16 bytes.
 */
export function unsharp(at: usize, soft: usize, bytes: i32, channels: i32, amount: f32, least: i32): void {
  const end = at + <usize>bytes;
  const alpha = alphaMask(channels);
  const by = f32x4.splat(amount);
  const enough = i8x16.splat(<i8>least);
  while (at < end) {
    const source = v128.load(at);
    const softened = v128.load(soft);
    const distance = v128.or(i8x16.sub_sat_u(source, softened), i8x16.sub_sat_u(softened, source));
    const changed = i8x16.narrow_i16x8_u(
      sharpenedEight(i16x8.extend_low_i8x16_u(source), i16x8.extend_low_i8x16_u(softened), by),
      sharpenedEight(i16x8.extend_high_i8x16_u(source), i16x8.extend_high_i8x16_u(softened), by),
    );
    const counts = v128.andnot(i8x16.ge_u(distance, enough), alpha);
    v128.store(at, v128.bitselect(changed, source, counts));
    at += 16;
    soft += 16;
  }
}
