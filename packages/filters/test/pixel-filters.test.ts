import { equalize, mask, pixelate, roundCorners, trim } from "@imgq/filters";
import fc from "fast-check";
import { expect, it } from "vitest";
import { addAlpha, runKernels } from "../src/kernels/index.ts";
import { layOver } from "../src/lay-over.ts";
import type { RawImage } from "../src/raw-image.ts";
import { referenceEqualize } from "../src/reference/equalize.ts";
import { referenceLayOver, referenceMask, referenceRoundCorners } from "../src/reference/layers.ts";
import { referencePixelate } from "../src/reference/pixelate.ts";
import { referenceTrim } from "../src/reference/trim.ts";
import { arbitraryImage, randomImage } from "./arbitrary-image.ts";
import { apply } from "./catalogue/pictures.ts";

// Filters that are no chain of kernels: each against a plain function, bit for bit, on images of any odd size.

function expectSame(actual: RawImage, expected: RawImage): void {
  expect({ ...actual, data: Buffer.from(actual.data) }).toEqual({
    ...expected,
    data: Buffer.from(expected.data),
  });
}

it("equalize mixes the curves of the nearest tiles", { timeout: 30_000 }, async () => {
  const limit = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 100, noNaN: true }));
  const property = fc.asyncProperty(
    arbitraryImage,
    fc.integer({ min: 1, max: 6 }),
    limit,
    async (image, tiles, steepest) => {
      const actual = await apply(equalize({ tiles, limit: steepest }), image);
      expectSame(actual, referenceEqualize(image, tiles, steepest));
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

it("pixelate fills blocks with their mean", async () => {
  const size = fc.oneof(fc.integer({ min: 2, max: 20 }), fc.constantFrom(33, 1000));
  const property = fc.asyncProperty(arbitraryImage, size, async (image, side) => {
    expectSame(await apply(pixelate({ size: side }), image), referencePixelate(image, side));
  });
  await fc.assert(property, { numRuns: 60 });
});

it.each([
  [21_000, 2, 4, 3],
  [45_001, 3, 2, 4],
  [2, 600, 1, 1000],
  [3, 300, 4, 290],
] as const)(
  "pixelate shows no seams on %i × %i × %i in blocks of %i",
  async (width, height, channels, size) => {
    const image = randomImage(width, height, channels, 3);
    expectSame(await apply(pixelate({ size }), image), referencePixelate(image, size));
  },
);

it("roundCorners cuts what is outside of the quarter circles", async () => {
  const property = fc.asyncProperty(
    arbitraryImage,
    fc.integer({ min: 0, max: 60 }),
    async (image, radius) => {
      expectSame(await apply(roundCorners({ radius }), image), referenceRoundCorners(image, radius));
    },
  );
  await fc.assert(property, { numRuns: 100 });
});

it("mask multiplies alpha by the mask's levels", async () => {
  const property = fc.asyncProperty(arbitraryImage, fc.integer(), async (image, seed) => {
    const grey = randomImage(image.width, image.height, 1, seed);
    const actual = await apply(mask({ image: "grey.png" }), image, { "grey.png": grey });
    expectSame(actual, referenceMask(image, grey));
  });
  await fc.assert(property, { numRuns: 100 });
});

it("trim keeps the rectangle of what is not like the corner", async () => {
  const calm = arbitraryImage.map((image) => ({ ...image, data: image.data.map((value) => value >> 6) }));
  const property = fc.asyncProperty(calm, fc.integer({ min: 0, max: 3 }), async (image, threshold) => {
    expectSame(await apply(trim({ threshold }), image), referenceTrim(image, threshold));
  });
  await fc.assert(property, { numRuns: 200 });
});

it("a layer lies over the ground where it is put, and all over when repeated", async () => {
  const place = fc.record({
    left: fc.integer({ min: -30, max: 60 }),
    top: fc.integer({ min: -20, max: 30 }),
    repeat: fc.option(
      fc.record({ across: fc.integer({ min: 1, max: 40 }), down: fc.integer({ min: 1, max: 40 }) }),
      { nil: undefined },
    ),
  });
  const property = fc.asyncProperty(arbitraryImage, place, fc.integer(), async (ground, where, seed) => {
    const layer = await runKernels(randomImage(17, 9, ground.channels, seed), [addAlpha()]);
    const drawn = { ...ground, data: ground.data.slice() };
    await layOver(drawn, layer, where, undefined);
    expectSame(drawn, referenceLayOver(ground, layer, where));
  });
  await fc.assert(property, { numRuns: 100 });
});
