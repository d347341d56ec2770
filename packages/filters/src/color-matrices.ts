import type { ColorMatrix } from "./kernels/matrix.ts";

/** Moves every colour between its luma (0) and itself (1), and beyond, by Rec. 601 as Pillow's `ImageEnhance.Color` does. */
export function saturationMatrix(factor: number): ColorMatrix {
  const [red, green, blue] = [0.299 * (1 - factor), 0.587 * (1 - factor), 0.114 * (1 - factor)];
  return [
    [red + factor, green, blue, 0],
    [red, green + factor, blue, 0],
    [red, green, blue + factor, 0],
  ];
}

/** Turns colours about the grey axis and keeps their luminance, by the matrix of the CSS filter `hue-rotate`. */
export function hueMatrix(degrees: number): ColorMatrix {
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  return [
    [
      0.213 + cos * 0.787 - sin * 0.213,
      0.715 - cos * 0.715 - sin * 0.715,
      0.072 - cos * 0.072 + sin * 0.928,
      0,
    ],
    [
      0.213 - cos * 0.213 + sin * 0.143,
      0.715 + cos * 0.285 + sin * 0.14,
      0.072 - cos * 0.072 - sin * 0.283,
      0,
    ],
    [
      0.213 - cos * 0.213 - sin * 0.787,
      0.715 - cos * 0.715 + sin * 0.715,
      0.072 + cos * 0.928 + sin * 0.072,
      0,
    ],
  ];
}

/** The brown of old prints, by the matrix of the CSS filter `sepia`; 0 leaves the colours, 1 is all brown. */
export function sepiaMatrix(amount: number): ColorMatrix {
  const rest = 1 - amount;
  return [
    [0.393 + 0.607 * rest, 0.769 - 0.769 * rest, 0.189 - 0.189 * rest, 0],
    [0.349 - 0.349 * rest, 0.686 + 0.314 * rest, 0.168 - 0.168 * rest, 0],
    [0.272 - 0.272 * rest, 0.534 - 0.534 * rest, 0.131 + 0.869 * rest, 0],
  ];
}
