/*
 * Means of square blocks in two steps: rows are added up sample by sample, then the sums of a block's columns are.
 */

/**
 * Adds rows to one u32 for each sample; at most 257 rows at once, whose sums fit 16 bits. For images without alpha, in
 * steps of 16 samples.
 */
export function addRows(source: usize, rows: i32, stride: i32, samples: i32, sums: usize): void {
  for (let sample = 0; sample < samples; sample += 16) {
    let from = source + <usize>sample;
    let low = i16x8.splat(0);
    let high = i16x8.splat(0);
    for (let row = 0; row < rows; row++) {
      const sixteen = v128.load(from);
      low = i16x8.add(low, i16x8.extend_low_i8x16_u(sixteen));
      high = i16x8.add(high, i16x8.extend_high_i8x16_u(sixteen));
      from += <usize>stride;
    }
    const at = sums + (<usize>sample << 2);
    v128.store(at, i32x4.add(v128.load(at), i32x4.extend_low_i16x8_u(low)));
    v128.store(at, i32x4.add(v128.load(at, 16), i32x4.extend_high_i16x8_u(low)), 16);
    v128.store(at, i32x4.add(v128.load(at, 32), i32x4.extend_low_i16x8_u(high)), 32);
    v128.store(at, i32x4.add(v128.load(at, 48), i32x4.extend_high_i16x8_u(high)), 48);
  }
}

/** The same for 2 and 4 channels: colours as often as their pixel's alpha says, alpha once. */
export function addRowsAlpha(
  source: usize,
  rows: i32,
  stride: i32,
  samples: i32,
  channels: i32,
  sums: usize,
): void {
  const alphas =
    channels == 2
      ? i8x16(1, -1, 3, -1, 5, -1, 7, -1, 9, -1, 11, -1, 13, -1, 15, -1)
      : i8x16(3, 3, 3, -1, 7, 7, 7, -1, 11, 11, 11, -1, 15, 15, 15, -1);
  const once = channels == 2 ? i16x8.splat(0x100) : i32x4.splat(0x1000000);
  for (let sample = 0; sample < samples; sample += 16) {
    let from = source + <usize>sample;
    const at = sums + (<usize>sample << 2);
    let first = v128.load(at);
    let second = v128.load(at, 16);
    let third = v128.load(at, 32);
    let fourth = v128.load(at, 48);
    for (let row = 0; row < rows; row++) {
      const sixteen = v128.load(from);
      const weights = v128.or(i8x16.swizzle(sixteen, alphas), once);
      const low = i16x8.extmul_low_i8x16_u(sixteen, weights);
      const high = i16x8.extmul_high_i8x16_u(sixteen, weights);
      first = i32x4.add(first, i32x4.extend_low_i16x8_u(low));
      second = i32x4.add(second, i32x4.extend_high_i16x8_u(low));
      third = i32x4.add(third, i32x4.extend_low_i16x8_u(high));
      fourth = i32x4.add(fourth, i32x4.extend_high_i16x8_u(high));
      from += <usize>stride;
    }
    v128.store(at, first);
    v128.store(at, second, 16);
    v128.store(at, third, 32);
    v128.store(at, fourth, 48);
  }
}

/** One channel of a block's columns. */
@inline
function sumOf(sums: usize, pixels: i32, channels: i32): f64 {
  let sum: u64 = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    sum += <u64>load<u32>(sums);
    sums += <usize>channels << 2;
  }
  return <f64>sum;
}

/** Rounded half up; 0 for a mean of nothing. */
@inline
function mean(sum: f64, count: f64): u8 {
  return count == 0 ? 0 : <u8>(sum / count + 0.5);
}

/** Writes a row of `pixels` pixels in which each run of `size` has the mean of its sums, made of `rows` rows. */
export function fillBlocks(
  target: usize,
  pixels: i32,
  channels: i32,
  size: i32,
  rows: i32,
  sums: usize,
): void {
  const alpha = (channels & 1) == 0 ? channels - 1 : channels;
  for (let pixel = 0; pixel < pixels; pixel += size) {
    const columns = min(size, pixels - pixel);
    const block = sums + (<usize>(pixel * channels) << 2);
    const first = target + <usize>(pixel * channels);
    const count = <f64>columns * <f64>rows;
    const weight = alpha == channels ? count : sumOf(block + (<usize>alpha << 2), columns, channels);
    for (let channel = 0; channel < alpha; channel++) {
      store<u8>(first + <usize>channel, mean(sumOf(block + (<usize>channel << 2), columns, channels), weight));
    }
    if (alpha != channels) store<u8>(first + <usize>alpha, mean(weight, count));
    const end = first + <usize>(columns * channels);
    for (let at = first + <usize>channels; at < end; at++) store<u8>(at, load<u8>(at - <usize>channels));
  }
}
