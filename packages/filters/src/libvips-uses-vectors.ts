import sharp from "sharp";

let answer: boolean | undefined;

/**
 * Without its vector path libvips rounds a blur differently, and the kernel must not stand in for it. Asked once a process:
 * libvips asks the processor each time, which a virtual machine lets it wait 50 µs for.
 */
export function libvipsUsesVectors(): boolean {
  answer ??= sharp.versions.highway !== undefined && sharp.simd();
  return answer;
}
