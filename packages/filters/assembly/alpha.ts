/**
 * Bytes to keep from the source where a kernel changes colour only: the alpha bytes of 16 interleaved bytes that start
 * at a pixel. All zero for images without alpha.
 */
export function alphaMask(channels: i32): v128 {
  if (channels == 2) return i16x8.splat(<i16>0xff00);
  if (channels == 4) return i32x4.splat(<i32>0xff000000);
  return i32x4.splat(0);
}
