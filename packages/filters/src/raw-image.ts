/**
 * Decoded pixels: 8 bits a sample, rows top to bottom, samples interleaved, no padding, so that
 * `data.length === width * height * channels`. Channels: 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha; sRGB, alpha
 * not premultiplied.
 */
export interface RawImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
}
