/** `sample × multiply + add` for the samples 0 to 255, in single precision, halves rounded to even, clamped to 0 to 255. */
export function lineTable(multiply: number, add: number): Uint8Array {
  const [factor, term] = [Math.fround(multiply), Math.fround(add)];
  return Uint8Array.from({ length: 256 }, (_, sample) =>
    clamp(roundHalfToEven(Math.fround(Math.fround(sample * factor) + term))),
  );
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
}

function clamp(value: number): number {
  return Math.min(255, Math.max(0, value));
}
