import { alphaMask } from "./alpha";

@inline
function laplacianOfEight(above: usize, middle: usize, below: usize, channels: usize): v128 {
  const around = i16x8.add(
    i16x8.add(v128.load8x8_u(above + channels), v128.load8x8_u(below + channels)),
    i16x8.add(v128.load8x8_u(middle), v128.load8x8_u(middle + (channels << 1))),
  );
  return i16x8.abs(i16x8.sub(around, i16x8.shl(v128.load8x8_u(middle + channels), 2)));
}

/** |second derivative| by [0 1 0; 1 −4 1; 0 1 0], at most 255; tiles as in gradient.ts. */
export function laplacian(source: usize, target: usize, rowBytes: i32, rows: i32, stride: i32, channels: i32): void {
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
        laplacianOfEight(above, middle, below, step),
        laplacianOfEight(above + 8, middle + 8, below + 8, step),
      );
      v128.store(at, v128.bitselect(v128.load(middle + step), changed, keep));
      above += 16;
      middle += 16;
      below += 16;
      at += 16;
    }
  }
}
