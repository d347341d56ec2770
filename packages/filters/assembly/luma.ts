/**
 * Rec. 601 luma in 16-bit fixed point, the weights of Pillow and OpenCV:
 * (19595 R + 38470 G + 7471 B + 32768) >> 16. The weight of G does not fit a signed 16-bit lane, so half of it goes
 * with R and half with B: two exact dot products.
 */
@inline
function lumaOfFour(rg: v128, gb: v128): v128 {
  const sum = i32x4.add(
    i32x4.dot_i16x8_s(rg, i16x8(19595, 19235, 19595, 19235, 19595, 19235, 19595, 19235)),
    i32x4.dot_i16x8_s(gb, i16x8(19235, 7471, 19235, 7471, 19235, 7471, 19235, 7471)),
  );
  return i32x4.shr_u(i32x4.add(sum, i32x4.splat(0x8000)), 16);
}

@inline
function lumaOfFourRgb(source: usize): v128 {
  const pixels = v128.load(source);
  return lumaOfFour(
    i8x16.swizzle(pixels, i8x16(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1)),
    i8x16.swizzle(pixels, i8x16(1, -1, 2, -1, 4, -1, 5, -1, 7, -1, 8, -1, 10, -1, 11, -1)),
  );
}

/** RGB to grey; `target` may be `source`. Works in steps of 16 pixels. */
export function lumaRgb(source: usize, target: usize, pixels: i32): void {
  const end = target + <usize>pixels;
  while (target < end) {
    const first = i16x8.narrow_i32x4_u(lumaOfFourRgb(source), lumaOfFourRgb(source + 12));
    const second = i16x8.narrow_i32x4_u(lumaOfFourRgb(source + 24), lumaOfFourRgb(source + 36));
    v128.store(target, i8x16.narrow_i16x8_u(first, second));
    source += 48;
    target += 16;
  }
}

@inline
function lumaOfFourRgba(pixels: v128): v128 {
  return lumaOfFour(
    i8x16.swizzle(pixels, i8x16(0, -1, 1, -1, 4, -1, 5, -1, 8, -1, 9, -1, 12, -1, 13, -1)),
    i8x16.swizzle(pixels, i8x16(1, -1, 2, -1, 5, -1, 6, -1, 9, -1, 10, -1, 13, -1, 14, -1)),
  );
}

/** RGB + alpha to grey + alpha; `target` may be `source`. Works in steps of 8 pixels. */
export function lumaRgba(source: usize, target: usize, pixels: i32): void {
  const end = target + (<usize>pixels << 1);
  while (target < end) {
    const first = v128.load(source);
    const second = v128.load(source, 16);
    const grey = i16x8.narrow_i32x4_u(lumaOfFourRgba(first), lumaOfFourRgba(second));
    const alpha = i16x8.narrow_i32x4_u(i32x4.shr_u(first, 24), i32x4.shr_u(second, 24));
    v128.store(target, v128.or(grey, i16x8.shl(alpha, 8)));
    source += 32;
    target += 16;
  }
}
