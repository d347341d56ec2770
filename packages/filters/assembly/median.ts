/**
 * The middle value of a square of `size` × `size` samples, each channel for itself, alpha too: the one at place
 * size² / 2, rounded down, of them in order, counted from 0. `source` is the tile with its border; of an even size the
 * square reaches one sample further left and up. For up to 255 samples, in steps of 32 bytes.
 *
 * The value is found bit by bit, from the highest: a bit is set when enough samples are at least what it makes.
 */
export function median(
  source: usize,
  target: usize,
  rowBytes: i32,
  rows: i32,
  stride: i32,
  channels: i32,
  size: i32,
): void {
  const enough = i8x16.splat(<i8>(size * size - ((size * size) >> 1)));
  const across = <usize>(size * channels);
  for (let row = 0; row < rows; row++) {
    let from = source + <usize>row * <usize>stride;
    let at = target + <usize>row * <usize>stride;
    const end = at + <usize>rowBytes;
    while (at < end) {
      let first = i8x16.splat(0);
      let second = i8x16.splat(0);
      for (let bit = 128; bit > 0; bit >>= 1) {
        const set = i8x16.splat(<i8>bit);
        const tryFirst = v128.or(first, set);
        const trySecond = v128.or(second, set);
        let countFirst = i8x16.splat(0);
        let countSecond = i8x16.splat(0);
        let line = from;
        for (let down = 0; down < size; down++) {
          const last = line + across;
          for (let sample = line; sample < last; sample += <usize>channels) {
            countFirst = i8x16.sub(countFirst, i8x16.ge_u(v128.load(sample), tryFirst));
            countSecond = i8x16.sub(countSecond, i8x16.ge_u(v128.load(sample, 16), trySecond));
          }
          line += <usize>stride;
        }
        first = v128.bitselect(tryFirst, first, i8x16.ge_u(countFirst, enough));
        second = v128.bitselect(trySecond, second, i8x16.ge_u(countSecond, enough));
      }
      v128.store(at, first);
      v128.store(at, second, 16);
      from += 32;
      at += 32;
    }
  }
}
