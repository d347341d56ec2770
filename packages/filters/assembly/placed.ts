import { alphaMask } from "./alpha";
import { toBytes } from "./affine";

/* Kernels that depend on where a pixel is; they run on one row at a time, in place, in steps of 4 pixels. */

/** One of the `channels` vectors of 4 samples that 4 pixels make, with each pixel's value on all its samples. */
@inline
function spread(values: v128, channels: i32, group: i32): v128 {
  if (channels == 1) return values;
  if (channels == 2) {
    return group == 0
      ? v128.shuffle<f32>(values, values, 0, 0, 1, 1)
      : v128.shuffle<f32>(values, values, 2, 2, 3, 3);
  }
  if (channels == 3) {
    if (group == 0) return v128.shuffle<f32>(values, values, 0, 0, 0, 1);
    if (group == 1) return v128.shuffle<f32>(values, values, 1, 1, 2, 2);
    return v128.shuffle<f32>(values, values, 2, 3, 3, 3);
  }
  if (group == 0) return v128.shuffle<f32>(values, values, 0, 0, 0, 0);
  if (group == 1) return v128.shuffle<f32>(values, values, 1, 1, 1, 1);
  if (group == 2) return v128.shuffle<f32>(values, values, 2, 2, 2, 2);
  return v128.shuffle<f32>(values, values, 3, 3, 3, 3);
}

/** Four samples at `at` combined with four values: multiplied or added; the bytes of `keep` stay. */
@inline
function combineFour(at: usize, values: v128, multiply: bool, keep: v128): void {
  const source = v128.load32_zero(at);
  const samples = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(source)));
  const changed = toBytes(multiply ? f32x4.mul(samples, values) : f32x4.add(samples, values));
  const short = i16x8.narrow_i32x4_u(changed, changed);
  v128.store32_lane(at, v128.bitselect(source, i8x16.narrow_i16x8_u(short, short), keep), 0);
}

@inline
function combine(at: usize, values: v128, channels: i32, multiply: bool, keep: v128): void {
  for (let group = 0; group < channels; group++) {
    combineFour(at + (<usize>group << 2), spread(values, channels, group), multiply, keep);
  }
}

/** 32 well-mixed bits for each number (the "lowbias32" integer hash). */
@inline
function scrambled(numbers: v128): v128 {
  let mixed = v128.xor(numbers, i32x4.shr_u(numbers, 16));
  mixed = i32x4.mul(mixed, i32x4.splat(0x7feb352d));
  mixed = v128.xor(mixed, i32x4.shr_u(mixed, 15));
  mixed = i32x4.mul(mixed, i32x4.splat(<i32>0x846ca68b));
  return v128.xor(mixed, i32x4.shr_u(mixed, 16));
}

/** The sum of four random bytes less its mean of 510: close to a normal distribution, deviation 147.8. */
@inline
function randomFour(numbers: v128): v128 {
  const bits = scrambled(numbers);
  const low = i32x4.splat(255);
  const sum = i32x4.add(
    i32x4.add(v128.and(bits, low), v128.and(i32x4.shr_u(bits, 8), low)),
    i32x4.add(v128.and(i32x4.shr_u(bits, 16), low), i32x4.shr_u(bits, 24)),
  );
  return f32x4.convert_i32x4_s(i32x4.sub(sum, i32x4.splat(510)));
}

/**
 * Adds random values: `scale` × the sum above, by the number of the sample (or pixel, when `grey`) in the image,
 * mixed with `seed`. `first` is the number of the row's first pixel.
 */
export function noise(at: usize, pixels: i32, channels: i32, first: i32, seed: i32, scale: f32, grey: i32): void {
  const keep = alphaMask(channels);
  const by = f32x4.splat(scale);
  const mix = i32x4.splat(seed);
  if (grey) {
    let numbers = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
    for (let pixel = 0; pixel < pixels; pixel += 4) {
      combine(at, f32x4.mul(randomFour(v128.xor(numbers, mix)), by), channels, false, keep);
      numbers = i32x4.add(numbers, i32x4.splat(4));
      at += <usize>channels << 2;
    }
    return;
  }
  let numbers = i32x4.add(i32x4.splat(first * channels), i32x4(0, 1, 2, 3));
  const samples = pixels * channels;
  for (let sample = 0; sample < samples; sample += 4) {
    combineFour(at, f32x4.mul(randomFour(v128.xor(numbers, mix)), by), false, keep);
    numbers = i32x4.add(numbers, i32x4.splat(4));
    at += 4;
  }
}

/**
 * Darkens with the distance from the centre: `column` is the first pixel's place in pixels right of the centre, so that
 * it is exact wherever a row begins; `y` is the row's in units in which a corner is at distance 1 from the centre, and
 * `perPixel` the size of a pixel in them. From the squared distance `start` to 1 the factor falls smoothly
 * from 1 to 1 − `strength`.
 */
export function vignette(
  at: usize,
  pixels: i32,
  channels: i32,
  column: f32,
  y: f32,
  perPixel: f32,
  start: f32,
  strength: f32,
): void {
  const keep = alphaMask(channels);
  const one = f32x4.splat(1);
  const down = f32x4.splat(y * y);
  const scale = f32x4.splat(<f32>1 / (<f32>1 - start));
  let columns = f32x4.add(f32x4.splat(column), f32x4(0, 1, 2, 3));
  for (let pixel = 0; pixel < pixels; pixel += 4) {
    const across = f32x4.mul(columns, f32x4.splat(perPixel));
    const distance = f32x4.add(f32x4.mul(across, across), down);
    const fall = f32x4.mul(f32x4.sub(distance, f32x4.splat(start)), scale);
    const part = f32x4.pmin(one, f32x4.pmax(f32x4.splat(0), fall));
    const smooth = f32x4.mul(
      f32x4.mul(part, part),
      f32x4.sub(f32x4.splat(3), f32x4.add(part, part)),
    );
    combine(at, f32x4.sub(one, f32x4.mul(smooth, f32x4.splat(strength))), channels, true, keep);
    columns = f32x4.add(columns, f32x4.splat(4));
    at += <usize>channels << 2;
  }
}
