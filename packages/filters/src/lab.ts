import type { Rgb } from "./kernels/color.ts";

/** CIE L*a*b* under D65: lightness 0 to 100, and the two axes of colour. */
export interface Lab {
  readonly lightness: number;
  readonly a: number;
  readonly b: number;
}

const white = { x: 0.95047, y: 1, z: 1.08883 };
const EDGE = 6 / 29;

/** sRGB (IEC 61966-2-1) to L*a*b*. */
export function rgbToLab([red, green, blue]: Rgb): Lab {
  const [r, g, b] = [toLinear(red), toLinear(green), toLinear(blue)];
  const x = bend((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / white.x);
  const y = bend((0.2126729 * r + 0.7151522 * g + 0.072175 * b) / white.y);
  const z = bend((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / white.z);
  return { lightness: 116 * y - 16, a: 500 * (x - y), b: 200 * (y - z) };
}

/** L*a*b* to sRGB; what sRGB cannot show is clamped channel by channel. */
export function labToRgb({ lightness, a, b }: Lab): Rgb {
  const middle = (lightness + 16) / 116;
  const x = white.x * unbend(middle + a / 500);
  const y = white.y * unbend(middle);
  const z = white.z * unbend(middle - b / 200);
  return [
    fromLinear(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
    fromLinear(-0.969266 * x + 1.8760108 * y + 0.041556 * z),
    fromLinear(0.0556434 * x - 0.2040259 * y + 1.0572252 * z),
  ];
}

function bend(ratio: number): number {
  return ratio > EDGE ** 3 ? Math.cbrt(ratio) : ratio / (3 * EDGE ** 2) + 4 / 29;
}

function unbend(value: number): number {
  return value > EDGE ? value ** 3 : 3 * EDGE ** 2 * (value - 4 / 29);
}

function toLinear(sample: number): number {
  const part = sample / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function fromLinear(light: number): number {
  const part = light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.min(255, Math.max(0, Math.round(part * 255)));
}
