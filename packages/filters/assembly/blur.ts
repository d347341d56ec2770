/*
 * One direction of a separable blur with symmetric whole weights: (Σ weight × sample + half) >> shift, at most 255. `source` points `radius` samples of `step` bytes before the first sample of the result: a step is a pixel
 * along the row or a row down. `weights` holds i16: the centre's, `half`, then those at distance radius, radius − 1, …
 * 1, then a 0. Alpha is blurred like a colour.
 */

@inline
function interleaveLow(first: v128, second: v128): v128 {
  return v128.shuffle<i16>(first, second, 0, 8, 1, 9, 2, 10, 3, 11);
}

@inline
function interleaveHigh(first: v128, second: v128): v128 {
  return v128.shuffle<i16>(first, second, 4, 12, 5, 13, 6, 14, 7, 15);
}

/** The two samples at equal distance from the centre, added: eight of 16 bits. */
@inline
function both(one: usize, other: usize): v128 {
  return i16x8.add(v128.load8x8_u(one), v128.load8x8_u(other));
}

/** For sums of any size, in 32 bits. */
export function blurLine(
  source: usize,
  target: usize,
  rowBytes: i32,
  rows: i32,
  stride: i32,
  step: i32,
  weights: usize,
  radius: i32,
  shift: i32,
): void {
  const far = <usize>step;
  const toCentre = <usize>(radius * step);
  const lastWeight = weights + 4 + (<usize>radius << 1);
  const ones = i16x8.splat(1);
  const centreWeight = v128.load32_splat(weights);
  for (let row = 0; row < rows; row++) {
    let from = source + <usize>row * <usize>stride;
    let at = target + <usize>row * <usize>stride;
    const end = at + <usize>rowBytes;
    while (at < end) {
      let low = v128.load8x8_u(from + toCentre);
      let high = v128.load8x8_u(from + toCentre, 8);
      let first = i32x4.dot_i16x8_s(interleaveLow(low, ones), centreWeight);
      let second = i32x4.dot_i16x8_s(interleaveHigh(low, ones), centreWeight);
      let third = i32x4.dot_i16x8_s(interleaveLow(high, ones), centreWeight);
      let fourth = i32x4.dot_i16x8_s(interleaveHigh(high, ones), centreWeight);
      let left = from;
      let right = from + (toCentre << 1);
      for (let weight = weights + 4; weight < lastWeight; weight += 4) {
        const two = v128.load32_splat(weight);
        low = both(left, right);
        let nearer = both(left + far, right - far);
        first = i32x4.add(first, i32x4.dot_i16x8_s(interleaveLow(low, nearer), two));
        second = i32x4.add(second, i32x4.dot_i16x8_s(interleaveHigh(low, nearer), two));
        high = both(left + 8, right + 8);
        nearer = both(left + far + 8, right - far + 8);
        third = i32x4.add(third, i32x4.dot_i16x8_s(interleaveLow(high, nearer), two));
        fourth = i32x4.add(fourth, i32x4.dot_i16x8_s(interleaveHigh(high, nearer), two));
        left += far << 1;
        right -= far << 1;
      }
      v128.store(
        at,
        i8x16.narrow_i16x8_u(
          i16x8.narrow_i32x4_s(i32x4.shr_s(first, shift), i32x4.shr_s(second, shift)),
          i16x8.narrow_i32x4_s(i32x4.shr_s(third, shift), i32x4.shr_s(fourth, shift)),
        ),
      );
      from += 16;
      at += 16;
    }
  }
}

/** For weights so small that the sum of white and the half fit 16 bits. */
export function blurLineShort(
  source: usize,
  target: usize,
  rowBytes: i32,
  rows: i32,
  stride: i32,
  step: i32,
  weights: usize,
  radius: i32,
  shift: i32,
): void {
  const far = <usize>step;
  const toCentre = <usize>(radius * step);
  const lastWeight = weights + 4 + (<usize>radius << 1);
  const centreWeight = v128.load16_splat(weights);
  const half = v128.load16_splat(weights, 2);
  for (let row = 0; row < rows; row++) {
    let from = source + <usize>row * <usize>stride;
    let at = target + <usize>row * <usize>stride;
    const end = at + <usize>rowBytes;
    while (at < end) {
      const centre = from + toCentre;
      let first = i16x8.add(half, i16x8.mul(v128.load8x8_u(centre), centreWeight));
      let second = i16x8.add(half, i16x8.mul(v128.load8x8_u(centre, 8), centreWeight));
      let left = from;
      let right = centre + toCentre;
      for (let weight = weights + 4; weight < lastWeight; weight += 2) {
        const one = v128.load16_splat(weight);
        first = i16x8.add(first, i16x8.mul(both(left, right), one));
        second = i16x8.add(second, i16x8.mul(both(left + 8, right + 8), one));
        left += far;
        right -= far;
      }
      v128.store(at, i8x16.narrow_i16x8_u(i16x8.shr_u(first, shift), i16x8.shr_u(second, shift)));
      from += 16;
      at += 16;
    }
  }
}
