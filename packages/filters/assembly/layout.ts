/*
 * Kernels that change the number of channels, in place. Those that add channels go from the end, so that no pixel is
 * overwritten before it is read.
 */

/** Grey to RGB by a table of 256 packed colours (red in the lowest byte); alpha, when there is one, is kept. */
export function ramp(at: usize, pixels: i32, channels: i32, colours: usize): void {
  if (channels == 1) {
    for (let pixel = pixels - 1; pixel >= 0; pixel--) {
      const colour = load<u32>(colours + (<usize>load<u8>(at + <usize>pixel) << 2));
      const to = at + <usize>(pixel * 3);
      store<u16>(to, <u16>colour);
      store<u8>(to + 2, <u8>(colour >> 16));
    }
    return;
  }
  for (let pixel = pixels - 1; pixel >= 0; pixel--) {
    const greyAlpha = load<u16>(at + (<usize>pixel << 1));
    const colour = load<u32>(colours + (<usize>(greyAlpha & 255) << 2));
    store<u32>(at + (<usize>pixel << 2), (colour & 0xffffff) | ((<u32>greyAlpha >> 8) << 24));
  }
}

/** Adds an opaque alpha channel to grey or RGB. In steps of 16 and of 4 pixels. */
export function addAlpha(at: usize, pixels: i32, channels: i32): void {
  if (channels == 1) {
    const opaque = i8x16.splat(-1);
    for (let pixel = (pixels - 1) & ~15; pixel >= 0; pixel -= 16) {
      const greys = v128.load(at + <usize>pixel);
      const to = at + (<usize>pixel << 1);
      v128.store(
        to,
        v128.shuffle<i8>(greys, opaque, 8, 16, 9, 16, 10, 16, 11, 16, 12, 16, 13, 16, 14, 16, 15, 16),
        16,
      );
      v128.store(to, v128.shuffle<i8>(greys, opaque, 0, 16, 1, 16, 2, 16, 3, 16, 4, 16, 5, 16, 6, 16, 7, 16));
    }
    return;
  }
  const opaque = i32x4.splat(<i32>0xff000000);
  for (let pixel = (pixels - 1) & ~3; pixel >= 0; pixel -= 4) {
    const four = v128.load(at + <usize>(pixel * 3));
    const apart = i8x16.swizzle(four, i8x16(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1));
    v128.store(at + (<usize>pixel << 2), v128.or(apart, opaque));
  }
}

/** Keeps one channel of several. */
export function pickChannel(at: usize, pixels: i32, channels: i32, channel: i32): void {
  let from = at + <usize>channel;
  const end = at + <usize>pixels;
  while (at < end) {
    store<u8>(at, load<u8>(from));
    from += <usize>channels;
    at++;
  }
}

/** value × alpha + ground × (255 − alpha), divided by 255 and rounded exactly; 16-bit lanes. */
@inline
function over(value: v128, ground: v128, alpha: v128): v128 {
  const opposite = i16x8.sub(i16x8.splat(255), alpha);
  const sum = i16x8.add(i16x8.mul(value, alpha), i16x8.mul(ground, opposite));
  const half = i16x8.add(sum, i16x8.splat(128));
  return i16x8.shr_u(i16x8.add(half, i16x8.shr_u(half, 8)), 8);
}

/**
 * Lays RGB + alpha over an opaque colour (red in the lowest byte), or grey + alpha over its lowest byte; the alpha
 * channel goes. Works in steps of 8 pixels.
 */
export function flatten(at: usize, pixels: i32, channels: i32, colour: u32): void {
  let to = at;
  if (channels == 2) {
    const end = at + <usize>pixels;
    const ground = i16x8.splat(<i16>(colour & 255));
    while (to < end) {
      const eight = v128.load(at);
      const grey = over(v128.and(eight, i16x8.splat(255)), ground, i16x8.shr_u(eight, 8));
      v128.store64_lane(to, i8x16.narrow_i16x8_u(grey, grey), 0);
      at += 16;
      to += 8;
    }
    return;
  }
  const end = at + <usize>(pixels * 3);
  const ground = i16x8.extend_low_i8x16_u(i32x4.splat(<i32>colour));
  while (to < end) {
    const four = v128.load(at);
    const flat = i8x16.narrow_i16x8_u(
      over(
        i16x8.extend_low_i8x16_u(four),
        ground,
        i8x16.swizzle(four, i8x16(3, -1, 3, -1, 3, -1, 3, -1, 7, -1, 7, -1, 7, -1, 7, -1)),
      ),
      over(
        i16x8.extend_high_i8x16_u(four),
        ground,
        i8x16.swizzle(four, i8x16(11, -1, 11, -1, 11, -1, 11, -1, 15, -1, 15, -1, 15, -1, 15, -1)),
      ),
    );
    v128.store(to, i8x16.swizzle(flat, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1)));
    at += 16;
    to += 12;
  }
}
