import sharp from "sharp";

/** Without its vector path libvips rounds a blur differently, and the kernel must not stand in for it. */
export function libvipsUsesVectors(): boolean {
  return sharp.versions.highway !== undefined && sharp.simd();
}
