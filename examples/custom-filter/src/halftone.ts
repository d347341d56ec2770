import { definePixelFilter, integerFrom, parameters } from "@imgq/filters";

/** A filter on raw pixels: it takes grey and colour, with and without transparency, and returns one grey channel. */
export const halftone = definePixelFilter({
  name: "halftone",
  description: "Prints the picture as black dots on white paper.",
  params: parameters({ cell: integerFrom(2, 64) }),
  positional: ["cell"],
  example: "halftone(6)",
  apply: ({ data, width, height, channels }, { cell }) => {
    const dots = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const middle = (start: number, end: number) =>
          Math.min(end - 1, start - (start % cell) + (cell >> 1));
        const [centreX, centreY] = [middle(x, width), middle(y, height)];
        // The darker the middle of a cell, the larger its dot.
        const ink = 1 - (data[(centreY * width + centreX) * channels + (channels > 2 ? 1 : 0)] ?? 0) / 255;
        const distance = Math.hypot(x - centreX, y - centreY);
        dots[y * width + x] = distance < ink * cell * 0.7 ? 0 : 255;
      }
    }
    return { data: dots, width, height, channels: 1 };
  },
});
