/*
 * The mean of a square of side 2 × radius + 1, rounded half up, from running sums: down the columns, then along the
 * row, so that the cost does not depend on the radius. `sums` is scratch room of 4 bytes a sample of a padded row.
 */

/** Division by a constant as a product: exact for sums below 2^24. */
const SHIFT: u64 = 41;

@inline
function mean(sum: u32, half: u32, reciprocal: u64): u8 {
  return <u8>((<u64>(sum + half) * reciprocal) >> SHIFT);
}

/** Adds the row at `enter` to the column sums and takes the row at `leave` away, in steps of 8 samples. */
@inline
function slide(sums: usize, samples: i32, enter: usize, leave: usize): void {
  for (let sample: usize = 0; sample < <usize>samples; sample += 8) {
    const before = v128.load(sums + (sample << 1));
    const change = i16x8.sub(v128.load8x8_u(enter + sample), v128.load8x8_u(leave + sample));
    v128.store(sums + (sample << 1), i16x8.add(before, change));
  }
}

/** For images without alpha; the radius is at most 128, so that a column's sum fits 16 bits. */
export function boxBlur(
  source: usize,
  target: usize,
  width: i32,
  rows: i32,
  stride: i32,
  channels: i32,
  radius: i32,
  sums: usize,
): void {
  const side = radius * 2 + 1;
  const half = <u32>(side * side) >> 1;
  const reciprocal = ((<u64>1 << SHIFT) + <u64>(side * side) - 1) / <u64>(side * side);
  const samples = (width + 2 * radius) * channels;
  memory.fill(sums, 0, <usize>((samples + 8) * 2));
  for (let row = 0; row < side - 1; row++) {
    const enter = source + <usize>(row * stride);
    for (let sample: usize = 0; sample < <usize>samples; sample += 8) {
      const at = sums + (sample << 1);
      v128.store(at, i16x8.add(v128.load(at), v128.load8x8_u(enter + sample)));
    }
  }
  for (let row = 0; row < rows; row++) {
    const enter = source + <usize>((row + side - 1) * stride);
    if (row == 0) {
      for (let sample: usize = 0; sample < <usize>samples; sample += 8) {
        const at = sums + (sample << 1);
        v128.store(at, i16x8.add(v128.load(at), v128.load8x8_u(enter + sample)));
      }
    } else {
      slide(sums, samples, enter, source + <usize>((row - 1) * stride));
    }
    for (let channel = 0; channel < channels; channel++) {
      let sum: u32 = 0;
      let first = sums + <usize>(channel * 2);
      let last = first;
      for (let column = 0; column < side - 1; column++) {
        sum += <u32>load<u16>(last);
        last += <usize>(channels * 2);
      }
      let at = target + <usize>(row * stride + channel);
      for (let column = 0; column < width; column++) {
        sum += <u32>load<u16>(last);
        store<u8>(at, mean(sum, half, reciprocal));
        sum -= <u32>load<u16>(first);
        first += <usize>(channels * 2);
        last += <usize>(channels * 2);
        at += <usize>channels;
      }
    }
  }
}

/** The sum of colour × alpha (or of alpha, for the last channel) of a sample's column. */
@inline
function weight(at: usize, channel: i32, channels: i32): u32 {
  const alpha = <u32>load<u8>(at + <usize>(channels - 1));
  return channel == channels - 1 ? alpha : alpha * <u32>load<u8>(at + <usize>channel);
}

/**
 * For images with alpha: each colour counts as much as its pixel is opaque, and where all are transparent the result
 * is 0. The radius is at most 100, so that sums of colour × alpha fit 32 bits.
 */
export function boxBlurAlpha(
  source: usize,
  target: usize,
  width: i32,
  rows: i32,
  stride: i32,
  channels: i32,
  radius: i32,
  sums: usize,
): void {
  const side = radius * 2 + 1;
  const area = <u32>(side * side);
  const columns = width + 2 * radius;
  memory.fill(sums, 0, <usize>(columns * channels * 4));
  for (let row = 1 - side; row < rows; row++) {
    const enter = source + <usize>((row + side - 1) * stride);
    for (let column = 0; column < columns; column++) {
      for (let channel = 0; channel < channels; channel++) {
        const at = sums + <usize>((column * channels + channel) * 4);
        let sum = load<u32>(at) + weight(enter + <usize>(column * channels), channel, channels);
        if (row > 0) {
          sum -= weight(source + <usize>((row - 1) * stride + column * channels), channel, channels);
        }
        store<u32>(at, sum);
      }
    }
    if (row < 0) continue;
    averageRow(target + <usize>(row * stride), width, channels, side, area, sums);
  }
}

function averageRow(target: usize, width: i32, channels: i32, side: i32, area: u32, sums: usize): void {
  const pixel = <usize>(channels * 4);
  let red: u32 = 0;
  let green: u32 = 0;
  let blue: u32 = 0;
  let alpha: u32 = 0;
  let first = sums;
  let last = sums;
  const alphaAt = <usize>((channels - 1) * 4);
  for (let column = 1 - side; column < width; column++) {
    red += load<u32>(last);
    if (channels == 4) {
      green += load<u32>(last + 4);
      blue += load<u32>(last + 8);
    }
    alpha += load<u32>(last + alphaAt);
    last += pixel;
    if (column < 0) continue;
    const half = alpha >> 1;
    store<u8>(target, alpha == 0 ? 0 : <u8>((red + half) / alpha));
    if (channels == 4) {
      store<u8>(target + 1, alpha == 0 ? 0 : <u8>((green + half) / alpha));
      store<u8>(target + 2, alpha == 0 ? 0 : <u8>((blue + half) / alpha));
    }
    store<u8>(target + <usize>(channels - 1), <u8>((alpha + (area >> 1)) / area));
    target += <usize>channels;
    red -= load<u32>(first);
    if (channels == 4) {
      green -= load<u32>(first + 4);
      blue -= load<u32>(first + 8);
    }
    alpha -= load<u32>(first + alphaAt);
    first += pixel;
  }
}
