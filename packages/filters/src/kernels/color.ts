/** Red, green, blue, each 0…255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** As the kernels take a colour: red in the lowest byte, then green, then blue. */
export function packed([red, green, blue]: Rgb): number {
  return red | (green << 8) | (blue << 16);
}
