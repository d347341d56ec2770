/** The Sobel magnitude of grey pixels as one writes it in JavaScript; the border is left black. */
export function sobel(grey: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height);
  const at = (index: number): number => grey[index] ?? 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const [above, below] = [i - width, i + width];
      const gx = at(above + 1) - at(above - 1) + 2 * (at(i + 1) - at(i - 1)) + at(below + 1) - at(below - 1);
      const gy = at(below - 1) - at(above - 1) + 2 * (at(below) - at(above)) + at(below + 1) - at(above + 1);
      out[i] = Math.min(255, Math.sqrt(gx * gx + gy * gy));
    }
  }
  return out;
}
