/** `sample × multiply + add` for the samples 0 to 255, in single precision, halves rounded to even, clamped to 0 to 255. */
export function lineTable(multiply: number, add: number): Uint8Array {
  const [factor, term] = [Math.fround(multiply), Math.fround(add)];
  const table = new Uint8Array(256);
  // A plain loop: every picture makes some of these, and `Uint8Array.from` with a function takes many times as long.
  for (let sample = 0; sample < 256; sample++) {
    table[sample] = clamp(roundHalfToEven(Math.fround(Math.fround(sample * factor) + term)));
  }
  return table;
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
}

function clamp(value: number): number {
  return Math.min(255, Math.max(0, value));
}
