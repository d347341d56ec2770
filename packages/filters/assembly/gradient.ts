import { alphaMask } from "./alpha";
import { ROUNDER } from "./affine";

/*
 * First derivatives by the 3 × 3 operators [−s 0 s; −m 0 m; −s 0 s] and its transpose: Sobel s = 1, m = 2; Scharr
 * 3, 10; Prewitt 1, 1. `source` is a tile with a border of one pixel all around, `target` the tile without it; both
 * have rows of `stride` bytes. The result is |gx| + |gy| or sqrt(gx² + gy²), rounded, at most 255; alpha is kept.
 */

@inline
function weighted(before: v128, middle: v128, after: v128, side: i16, centre: i16): v128 {
  const outer = i16x8.add(before, after);
  return i16x8.add(
    side == 1 ? outer : i16x8.mul(outer, i16x8.splat(side)),
    centre == 1 ? middle : centre == 2 ? i16x8.shl(middle, 1) : i16x8.mul(middle, i16x8.splat(centre)),
  );
}

@inline
function rootOfFour(squares: v128): v128 {
  const root = f32x4.sqrt(f32x4.convert_i32x4_s(squares));
  return v128.and(f32x4.add(root, f32x4.splat(ROUNDER)), i32x4.splat(0x1ff));
}

/** Eight magnitudes in 16-bit lanes, not yet limited to 255. */
@inline
function magnitude(gx: v128, gy: v128, euclidean: bool): v128 {
  const x = i16x8.abs(gx);
  const y = i16x8.abs(gy);
  if (!euclidean) return i16x8.add(x, y);
  // A component beyond 255 saturates the result whatever the other is, so 16 bits hold the squares.
  const shortX = i16x8.min_u(x, i16x8.splat(255));
  const shortY = i16x8.min_u(y, i16x8.splat(255));
  const squares = i16x8.add_sat_u(i16x8.mul(shortX, shortX), i16x8.mul(shortY, shortY));
  return i16x8.narrow_i32x4_u(
    rootOfFour(i32x4.extend_low_i16x8_u(squares)),
    rootOfFour(i32x4.extend_high_i16x8_u(squares)),
  );
}

@inline
function gradientOfEight(
  above: usize,
  middle: usize,
  below: usize,
  channels: usize,
  side: i16,
  centre: i16,
  euclidean: bool,
): v128 {
  const right = channels << 1;
  const a0 = v128.load8x8_u(above);
  const a1 = v128.load8x8_u(above + channels);
  const a2 = v128.load8x8_u(above + right);
  const m0 = v128.load8x8_u(middle);
  const m2 = v128.load8x8_u(middle + right);
  const b0 = v128.load8x8_u(below);
  const b1 = v128.load8x8_u(below + channels);
  const b2 = v128.load8x8_u(below + right);
  const gx = weighted(i16x8.sub(a2, a0), i16x8.sub(m2, m0), i16x8.sub(b2, b0), side, centre);
  const gy = weighted(i16x8.sub(b0, a0), i16x8.sub(b1, a1), i16x8.sub(b2, a2), side, centre);
  return magnitude(gx, gy, euclidean);
}

@inline
function gradient(
  source: usize,
  target: usize,
  rowBytes: i32,
  rows: i32,
  stride: i32,
  channels: i32,
  side: i16,
  centre: i16,
  euclidean: bool,
): void {
  const keep = alphaMask(channels);
  const step = <usize>channels;
  for (let row = 0; row < rows; row++) {
    let above = source + <usize>row * <usize>stride;
    let middle = above + <usize>stride;
    let below = middle + <usize>stride;
    let at = target + <usize>row * <usize>stride;
    const end = at + <usize>rowBytes;
    while (at < end) {
      const changed = i8x16.narrow_i16x8_u(
        gradientOfEight(above, middle, below, step, side, centre, euclidean),
        gradientOfEight(above + 8, middle + 8, below + 8, step, side, centre, euclidean),
      );
      v128.store(at, v128.bitselect(v128.load(middle + step), changed, keep));
      above += 16;
      middle += 16;
      below += 16;
      at += 16;
    }
  }
}

export function sobel_l1(source: usize, target: usize, rowBytes: i32, rows: i32, stride: i32, channels: i32): void {
  gradient(source, target, rowBytes, rows, stride, channels, 1, 2, false);
}
export function sobel_l2(source: usize, target: usize, rowBytes: i32, rows: i32, stride: i32, channels: i32): void {
  gradient(source, target, rowBytes, rows, stride, channels, 1, 2, true);
}
export function scharr_l1(source: usize, target: usize, rowBytes: i32, rows: i32, stride: i32, channels: i32): void {
  gradient(source, target, rowBytes, rows, stride, channels, 3, 10, false);
}
export function scharr_l2(source: usize, target: usize, rowBytes: i32, rows: i32, stride: i32, channels: i32): void {
  gradient(source, target, rowBytes, rows, stride, channels, 3, 10, true);
}
export function prewitt_l1(source: usize, target: usize, rowBytes: i32, rows: i32, stride: i32, channels: i32): void {
  gradient(source, target, rowBytes, rows, stride, channels, 1, 1, false);
}
export function prewitt_l2(source: usize, target: usize, rowBytes: i32, rows: i32, stride: i32, channels: i32): void {
  gradient(source, target, rowBytes, rows, stride, channels, 1, 1, true);
}
