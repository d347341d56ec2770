/**
 * Repeats the first and the last finished pixel of each row outwards: `left` and `right` pixels around `width` finished ones.
 * `at` is the first row's first pixel, finished or not.
 */
export function extendRows(
  at: usize,
  rows: i32,
  stride: i32,
  channels: i32,
  left: i32,
  width: i32,
  right: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const first = at + <usize>(row * stride + left * channels);
    const last = first + <usize>((width - 1) * channels);
    if (channels == 1) {
      memory.fill(first - <usize>left, load<u8>(first), <usize>left);
      memory.fill(last + 1, load<u8>(last), <usize>right);
      continue;
    }
    for (let byte: usize = 1; byte <= <usize>(left * channels); byte++) {
      store<u8>(first - byte, load<u8>(first - byte + <usize>channels));
    }
    for (let byte: usize = 0; byte < <usize>(right * channels); byte++) {
      store<u8>(last + <usize>channels + byte, load<u8>(last + byte));
    }
  }
}
