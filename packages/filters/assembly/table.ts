/**
 * Replaces every byte by `tables[channel × 256 + byte]`, in place. Plain loads: a look-up has no SIMD form that
 * pays for 256 entries.
 */
export function table(at: usize, bytes: i32, channels: i32, tables: usize): void {
  const end = at + <usize>bytes;
  const first = tables;
  const second = tables + (channels > 1 ? 256 : 0);
  if (channels == 3) {
    while (at < end) {
      store<u8>(at, load<u8>(first + <usize>load<u8>(at)));
      store<u8>(at + 1, load<u8>(second + <usize>load<u8>(at + 1)));
      store<u8>(at + 2, load<u8>(tables + 512 + <usize>load<u8>(at + 2)));
      at += 3;
    }
    return;
  }
  const third = channels == 4 ? tables + 512 : first;
  const fourth = channels == 4 ? tables + 768 : second;
  while (at < end) {
    const four = load<u32>(at);
    store<u32>(
      at,
      <u32>load<u8>(first + <usize>(four & 255)) |
        ((<u32>load<u8>(second + <usize>((four >> 8) & 255))) << 8) |
        ((<u32>load<u8>(third + <usize>((four >> 16) & 255))) << 16) |
        ((<u32>load<u8>(fourth + <usize>(four >> 24))) << 24),
    );
    at += 4;
  }
}
