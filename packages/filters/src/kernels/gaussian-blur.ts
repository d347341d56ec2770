import type { StencilKernel } from "./kernel.ts";
import { tileMemory } from "./tile-memory.ts";

/** Beyond it one walk over rows has no advantage over libvips. */
const MAX_RADIUS = 16;

/** Whole weights of a blur along a line, from the centre outwards; their sum is about 2 to the power of `shift`. */
interface LineWeights {
  readonly weights: readonly number[];
  readonly shift: number;
}

/**
 * The Gaussian blur of libvips' vector path, and so of sharp, bit for bit: across, then down, borders replicated. Alpha is
 * blurred like a colour, so it is for pictures without. Undefined for a sigma that libvips alone does better or otherwise.
 */
export function gaussianBlur(sigma: number): readonly StencilKernel[] | undefined {
  const line = gaussianWeights(sigma);
  if (line === undefined) return undefined;
  if (line.weights.length === 1) return [];
  return [blurLine("blurAcross", line, true), blurLine("blurDown", line, false)];
}

/**
 * The weights that libvips' `gaussmat`, cut off below an amplitude of 0.2, and `convi`, with mantissas of 8 bits and one
 * exponent for all, come to. Undefined when the radius is too large, or when they are so inaccurate that libvips may not use them.
 */
function gaussianWeights(sigma: number): LineWeights | undefined {
  const amplitude = (distance: number): number => Math.exp(-(distance * distance) / (2 * sigma * sigma));
  let radius = 0;
  while (amplitude(radius + 1) >= 0.2 && radius + 1 < Math.trunc(8 * sigma)) radius++;
  if (radius > MAX_RADIUS) return undefined;
  const whole = Array.from({ length: radius + 1 }, (_, distance) => rint(20 * amplitude(distance)));
  const sum = overBothSides(whole);
  const [centre = 0] = whole;
  const exponent = Math.ceil(Math.log2(centre / sum) + 1);
  const weights = whole.map((weight) => rint((128 * weight * 2 ** -exponent) / sum));
  const shift = 7 - exponent;
  const ofGrey = (128 * overBothSides(weights)) / 2 ** shift;
  return Math.abs(ofGrey - 128) > 1 ? undefined : { weights, shift };
}

function overBothSides([centre = 0, ...others]: readonly number[]): number {
  return others.reduce((sum, weight) => sum + 2 * weight, centre);
}

/** C's `rint`: halves to even. */
function rint(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function blurLine(name: string, { weights, shift }: LineWeights, across: boolean): StencilKernel {
  const radius = weights.length - 1;
  const [centre = 0, ...others] = weights;
  const half = 2 ** (shift - 1);
  const fitsShort = 255 * overBothSides(weights) + half < 2 ** 16;
  const words = Int16Array.from([centre, half, ...others.reverse(), 0]);
  return {
    kind: "stencil",
    name,
    reach: across ? { x: radius, y: 0 } : { x: 0, y: radius },
    run(wasm, { source, target, width, height, rowPixels, channels }) {
      new Int16Array(wasm.memory.buffer, tileMemory.parameters, words.length).set(words);
      const stride = rowPixels * channels;
      const blur = fitsShort ? wasm.blurLineShort : wasm.blurLine;
      const step = across ? channels : stride;
      blur(source, target, width * channels, height, stride, step, tileMemory.parameters, radius, shift);
    },
  };
}
