import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addAlpha,
  affine,
  boxBlur,
  channelNames,
  convolve,
  flatten,
  gaussianBlur,
  gradient,
  gradientNorms,
  gradientOperators,
  type Kernel,
  laplacian,
  luma,
  type MatrixRow,
  matrix,
  median,
  noise,
  pickChannel,
  type Rgb,
  ramp,
  runKernels,
  table,
  toRgb,
  unsharp,
  vignette,
} from "../src/kernels/index.ts";
import type { RawImage } from "../src/raw-image.ts";
import { referenceAffine } from "../src/reference/affine.ts";
import { referenceBoxBlur } from "../src/reference/box-blur.ts";
import { referenceConvolve } from "../src/reference/convolve.ts";
import { edges } from "../src/reference/edges.ts";
import { referenceGaussianBlur } from "../src/reference/gaussian-blur.ts";
import { referenceGradient, referenceLaplacian } from "../src/reference/gradient.ts";
import {
  referenceAddAlpha,
  referenceChannel,
  referenceFlatten,
  referenceRamp,
} from "../src/reference/layout.ts";
import { luma as referenceLuma } from "../src/reference/luma.ts";
import { referenceMatrix } from "../src/reference/matrix.ts";
import { referenceMedian } from "../src/reference/median.ts";
import { referenceNoise, referenceVignette, vignetteFactor } from "../src/reference/placed.ts";
import { mapSamples, toByte } from "../src/reference/samples.ts";
import { referenceTable } from "../src/reference/table.ts";
import { referenceUnsharp } from "../src/reference/unsharp.ts";
import { throughSharp } from "../src/raw-sharp.ts";
import { arbitraryImage, randomImage } from "./arbitrary-image.ts";

/** A kernel and the plain function it must equal bit for bit. */
interface Pair {
  readonly kernel: Kernel;
  readonly reference: (image: RawImage) => RawImage;
}

const arbitraryMask = fc
  .record({
    width: fc.constantFrom(1, 3, 5, 9),
    height: fc.constantFrom(1, 3, 7),
    divisor: fc.double({ min: 0.1, max: 60, noNaN: true }),
    offset: fc.integer({ min: -100, max: 355 }),
  })
  .chain((mask) => {
    const weight = fc.oneof(
      fc.constant(0),
      fc.integer({ min: -8, max: 8 }),
      fc.double({ min: -3, max: 3, noNaN: true }),
    );
    const size = mask.width * mask.height;
    return fc.array(weight, { minLength: size, maxLength: size }).map((weights) => ({ ...mask, weights }));
  });

const arbitraryTables = fc
  .tuple(fc.constantFrom(1, 3), fc.uint8Array({ minLength: 768, maxLength: 768 }))
  .map(([count, bytes]) =>
    [0, 1, 2].slice(0, count).map((index) => bytes.slice(index * 256, index * 256 + 256)),
  );

const byte = fc.integer({ min: 0, max: 255 });
/** One table of some values, each for a stretch of samples. */
const arbitrarySteps = fc
  .array(fc.tuple(byte, byte), { maxLength: 18 })
  .map((stretches) => [
    stretches.reduce((entries, [from, value]) => entries.fill(value, from), new Uint8Array(256)),
  ]);
const arbitraryColor: fc.Arbitrary<Rgb> = fc.oneof(
  fc.tuple(byte, byte, byte),
  byte.map((grey): Rgb => [grey, grey, grey]),
);
const everyGrey = Array.from({ length: 256 }, (_, grey): Rgb => [grey, grey, grey]);
const weight = fc.double({ min: -2, max: 2, noNaN: true });
const arbitraryRow: fc.Arbitrary<MatrixRow> = fc.tuple(
  weight,
  weight,
  weight,
  fc.integer({ min: -90, max: 90 }),
);

const arbitraryPoint: fc.Arbitrary<Pair> = fc.oneof(
  fc.constant({ kernel: luma(), reference: referenceLuma }),
  fc
    .tuple(fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: -300, max: 300, noNaN: true }))
    .map(([multiply, add]) => ({
      kernel: affine({ multiply, add }),
      reference: (image: RawImage) => referenceAffine(image, multiply, add),
    })),
  fc.constant({ kernel: addAlpha(), reference: referenceAddAlpha }),
  fc.constantFrom(...channelNames).map((name) => ({
    kernel: pickChannel(name),
    reference: (image: RawImage) => referenceChannel(image, name),
  })),
  arbitraryColor.map((color) => ({
    kernel: flatten(color),
    reference: (image: RawImage) => referenceFlatten(image, color),
  })),
  fc.array(arbitraryColor, { minLength: 256, maxLength: 256 }).map((colors) => ({
    kernel: ramp(colors),
    reference: (image: RawImage) => referenceRamp(image, colors),
  })),
  fc.constant({
    kernel: toRgb(),
    reference: (image: RawImage) => (image.channels < 3 ? referenceRamp(image, everyGrey) : image),
  }),
  fc
    .oneof(
      fc.tuple(arbitraryRow, arbitraryRow, arbitraryRow),
      arbitraryRow.map((row) => [row, row, row] as const),
    )
    .map((rows) => ({
      kernel: matrix(rows),
      reference: (image: RawImage) => referenceMatrix(image, rows),
    })),
  fc.oneof(arbitraryTables, arbitrarySteps).map((tables) => ({
    kernel: table(tables),
    reference: (image: RawImage) => referenceTable(image, tables),
  })),
);

const arbitraryNoise: fc.Arbitrary<Pair> = fc
  .record({ deviation: fc.double({ min: 0, max: 120, noNaN: true }), seed: fc.integer(), grey: fc.boolean() })
  .map((options) => ({
    kernel: noise(options),
    reference: (image: RawImage) => referenceNoise(image, options),
  }));

const arbitraryVignette: fc.Arbitrary<Pair> = fc
  .record({
    strength: fc.double({ min: 0, max: 1, noNaN: true }),
    start: fc.double({ min: 0, max: 0.99, noNaN: true }),
  })
  .map((options) => ({
    kernel: vignette(options),
    reference: (image: RawImage) => referenceVignette(image, options),
  }));

const arbitraryPlaced = fc.oneof(arbitraryNoise, arbitraryVignette);

const arbitraryStencil: fc.Arbitrary<Pair> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...gradientOperators), fc.constantFrom(...gradientNorms))
    .map(([operator, norm]) => ({
      kernel: gradient({ operator, norm }),
      reference: (image: RawImage) => referenceGradient(image, operator, norm),
    })),
  fc.constant({ kernel: laplacian(), reference: referenceLaplacian }),
  fc.integer({ min: 0, max: 4 }).map((radius) => ({
    kernel: boxBlur(radius),
    reference: (image: RawImage) => referenceBoxBlur(image, radius),
  })),
  fc.constantFrom(1, 2, 3, 4, 5, 7, 15).map((size) => ({
    kernel: median(size),
    reference: (image: RawImage) => referenceMedian(image, size),
  })),
  arbitraryMask.map((mask) => ({
    kernel: convolve(mask),
    reference: (image: RawImage) => referenceConvolve(image, mask),
  })),
);

const sigmas = Array.from({ length: 300 }, (_, index) => 0.3 + index / 31);

/** Both directions of a blur; the first carries the reference of both, so they belong together. */
const arbitraryBlur: fc.Arbitrary<readonly Pair[]> = fc.constantFrom(...sigmas).map((sigma) =>
  (gaussianBlur(sigma) ?? []).map((kernel, index) => ({
    kernel,
    reference: (image: RawImage) => (index === 0 ? referenceGaussianBlur(image, sigma) : image),
  })),
);

async function expectEqual(image: RawImage, pairs: readonly Pair[]): Promise<void> {
  const before = image.data.slice();
  const actual = await runKernels(
    image,
    pairs.map(({ kernel }) => kernel),
  );
  const expected = pairs.reduce((current, { reference }) => reference(current), image);
  expect({ ...actual, data: Buffer.from(actual.data) }).toEqual({
    ...expected,
    data: Buffer.from(expected.data),
  });
  expect(Buffer.from(image.data).equals(before)).toBe(true);
}

describe("kernels", () => {
  it("equal their references bit for bit on images of any odd size", async () => {
    const pair = fc.oneof({ arbitrary: arbitraryPoint, weight: 2 }, arbitraryStencil, arbitraryPlaced);
    const alone = fc.oneof({ arbitrary: pair.map((one) => [one]), weight: 5 }, arbitraryBlur);
    await fc.assert(fc.asyncProperty(arbitraryImage, alone, expectEqual), { numRuns: 500 });
  });

  it("run in one walk what equals running one after another", async () => {
    const one = fc.oneof({ arbitrary: arbitraryPoint, weight: 3 }, arbitraryStencil, arbitraryPlaced);
    const link = fc.oneof({ arbitrary: one.map((pair) => [pair]), weight: 4 }, arbitraryBlur);
    const chain = fc.array(link, { maxLength: 5 }).map((links) => links.flat());
    await fc.assert(fc.asyncProperty(arbitraryImage, chain, expectEqual), { numRuns: 200 });
  });

  it.each([
    [3500, 24, 1],
    [1, 9000, 3],
    [1100, 60, 4],
    [45_000, 1, 2],
    [257, 260, 3],
  ] as const)("show no seams between tiles on %i × %i × %i", async (width, height, channels) => {
    const image = randomImage(width, height, channels, 7);
    const steep = {
      kernel: gradient(),
      reference: (before: RawImage) => referenceGradient(before, "sobel", "l2"),
    };
    const bright = {
      kernel: affine({ multiply: 1.3, add: -9 }),
      reference: (before: RawImage) => referenceAffine(before, 1.3, -9),
    };
    await expectEqual(image, [bright, steep, bright]);
    await expectEqual(image, [bright, steep, bright, steep, steep]);
    await expectEqual(image, [{ kernel: luma(), reference: referenceLuma }, bright]);
  });

  it.each([2, 3, 4, 5, 6, 7])("take the same medians of %i × %i as sharp", async (size) => {
    for (const channels of [1, 3, 4] as const) {
      const image = randomImage(83, 61, channels, size);
      const ours = await runKernels(image, [median(size)]);
      const theirs = await throughSharp(image, (chain) => chain.median(size));
      expect(Buffer.from(ours.data).equals(theirs.data)).toBe(true);
    }
  });

  it("add differences to softened copies as the reference does", async () => {
    const amount = fc.double({ min: 0, max: 10, noNaN: true });
    const threshold = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.double({ min: 0, max: 30, noNaN: true }));
    const property = fc.asyncProperty(arbitraryImage, amount, threshold, async (image, by, least) => {
      const soft = { ...image, data: image.data.map((value, index) => (value * 3 + index * 7) & 255) };
      const { data } = await unsharp(image, soft, { amount: by, threshold: least });
      const expected = referenceUnsharp(image, soft, by, least);
      expect(Buffer.from(data).equals(expected.data)).toBe(true);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it("add differences to softened copies of any size, run by run", async () => {
    const image = randomImage(301, 257, 4, 5);
    const soft = randomImage(301, 257, 4, 6);
    const { data } = await unsharp(image, soft, { amount: 1.5, threshold: 3 });
    expect(Buffer.from(data).equals(referenceUnsharp(image, soft, 1.5, 3).data)).toBe(true);
  });

  it("reach 31 pixels around without seams", async () => {
    const weights = Array.from({ length: 63 }, (_, index) => (index % 9 === 0 ? 1 : 0));
    for (const size of [
      { width: 63, height: 1 },
      { width: 1, height: 63 },
    ]) {
      const mask = { ...size, weights, divisor: 7, offset: 0 };
      const image = randomImage(199, 151, 4, 3);
      await expectEqual(image, [
        { kernel: convolve(mask), reference: (before) => referenceConvolve(before, mask) },
      ]);
    }
  });

  it.each([
    [12, 100, 1],
    [3, 100, 4],
    [350, 25, 1],
    [60, 30, 2],
  ] as const)("blur %i × 2 pixels by a radius of %i in %i channels", async (width, radius, channels) => {
    const image = randomImage(width, 2, channels, 11);
    image.data.fill(0, 0, 9 * channels);
    const reference = (before: RawImage): RawImage => referenceBoxBlur(before, radius);
    await expectEqual(image, [{ kernel: boxBlur(radius), reference }]);
  });

  it("blur bit for bit as sharp does, whatever the sigma", async () => {
    let without = 0;
    for (const [seed, sigma] of sigmas.entries()) {
      const kernels = gaussianBlur(sigma);
      if (kernels === undefined) {
        without++;
        continue;
      }
      for (const channels of [1, 3] as const) {
        const image = randomImage(1 + ((seed * 37) % 140), 1 + ((seed * 11) % 50), channels, seed);
        const { data } = await throughSharp(image, (chain) => chain.blur({ sigma }));
        expect(Buffer.compare((await runKernels(image, kernels)).data, data)).toBe(0);
      }
    }
    expect(without).toBeLessThan(sigmas.length / 4);
  });

  it("darken towards the corners as the formula says, to a level", async () => {
    const look = { strength: 0.8, start: 0.3 };
    for (const channels of [1, 2, 3, 4] as const) {
      const image = randomImage(1701, 7, channels, 9);
      const { width, height } = image;
      const expected = mapSamples(image, (value, place) =>
        toByte(value * vignetteFactor({ ...place, width, height }, look)),
      );
      const actual = await runKernels(image, [vignette(look)]);
      const worst = actual.data.reduce(
        (most, value, index) => Math.max(most, Math.abs(value - (expected.data[index] ?? 0))),
        0,
      );
      expect(worst).toBeLessThanOrEqual(1);
    }
  });

  it("add noise of the wanted deviation and no bias", async () => {
    const flat = { data: new Uint8Array(300_000).fill(128), width: 500, height: 200, channels: 3 } as const;
    const { data } = await runKernels(flat, [noise({ deviation: 12 })]);
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    const deviation = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
    expect(mean).toBeCloseTo(128, 0);
    expect(deviation).toBeCloseTo(12, 0);
  });

  it("keep images apart that are worked on at the same time", async () => {
    const odd = table([Uint8Array.from({ length: 256 }, (_, value) => value ^ 85)]);
    const kernels = [luma(), odd, ...(gaussianBlur(3) ?? []), gradient()];
    const images = Array.from({ length: 6 }, (_, seed) =>
      randomImage(1500 + seed, 1000, seed % 2 === 0 ? 3 : 4, seed),
    );
    const alone: RawImage[] = [];
    for (const image of images) alone.push(await runKernels(image, kernels));
    const together = await Promise.all(images.map((image) => runKernels(image, kernels)));
    for (const [index, image] of together.entries()) {
      expect(Buffer.compare(image.data, alone[index]?.data ?? Buffer.alloc(0))).toBe(0);
    }
  });

  it("leave the main loop to others several times while four 12 MP images are under way", async () => {
    const image = randomImage(4000, 3000, 1, 1);
    const longestTurnMs = async (): Promise<number> => {
      let running = true;
      let longest = 0;
      const watch = async (): Promise<void> => {
        while (running) {
          // Processor time, not wall time: a busy machine must not fail the test.
          const start = process.cpuUsage();
          await new Promise((resolve) => setImmediate(resolve));
          longest = Math.max(longest, process.cpuUsage(start).user / 1000);
        }
      };
      const watching = watch();
      await Promise.all(Array.from({ length: 4 }, () => runKernels(image, [gradient()])));
      running = false;
      await watching;
      return longest;
    };
    // V8's own threads compile and collect now and then, and their time counts too; too long slices would show every time.
    const rounds: number[] = [];
    for (let round = 0; round < 4; round += 1) rounds.push(await longestTurnMs());
    expect(Math.min(...rounds)).toBeGreaterThan(0);
    expect(Math.min(...rounds), `longest turns: ${rounds.join(", ")} ms`).toBeLessThan(20);
  });

  it("stop between two slices when aborted", async () => {
    const abort = new AbortController();
    const work = runKernels(randomImage(4000, 3000, 1, 1), [gradient()], { signal: abort.signal });
    setImmediate(() => abort.abort(new Error("enough")));
    await expect(work).rejects.toThrow("enough");
  });

  it("write into the input's memory when they may, with the same result", async () => {
    const kernels = [luma(), affine({ multiply: 0.5 })];
    const image = randomImage(1000, 300, 4, 8);
    const apart = await runKernels(image, kernels);
    const within = await runKernels(image, kernels, { reuseInput: true });
    expect(within.data.buffer).toBe(image.data.buffer);
    expect(Buffer.compare(within.data, apart.data)).toBe(0);
  });

  it("write neighbourhoods into the input's memory with the same result", async () => {
    const kernels = [luma(), ...(gaussianBlur(2) ?? []), affine({ multiply: 1.2 }), gradient()];
    for (const [width, height] of [
      [1001, 333],
      [3, 700],
      [700, 3],
    ] as const) {
      const image = randomImage(width, height, 3, 8);
      const apart = await runKernels(image, kernels);
      const within = await runKernels(image, kernels, { reuseInput: true });
      expect(within.data.buffer).toBe(image.data.buffer);
      expect(Buffer.compare(within.data, apart.data)).toBe(0);
    }
  });

  it("refuse pixels that do not fit their size, naming both", async () => {
    const image = { data: new Uint8Array(11), width: 2, height: 2, channels: 3 } as const;
    await expect(runKernels(image, [luma()])).rejects.toThrow(/12 bytes; got 11/u);
  });

  it("refuse options out of range", () => {
    expect(() => affine({ multiply: Number.NaN })).toThrow(/multiply must be a finite number/u);
    expect(() => table([])).toThrow(/one table or three/u);
    expect(() => table([new Uint8Array(255)])).toThrow(/256 entries each; got 255/u);
    expect(() => boxBlur(101)).toThrow(/radius must be whole, 0 to 100; got 101/u);
    expect(() => ramp([])).toThrow(/256 entries; got 0/u);
    expect(() => convolve({ width: 2, height: 1, weights: [1, 1] })).toThrow(/width must be odd/u);
    expect(() => convolve({ width: 3, height: 1, weights: [1, 1] })).toThrow(/width × height = 3/u);
    expect(() => convolve({ width: 1, height: 1, weights: [1], divisor: 0 })).toThrow(/divisor not 0/u);
  });
});

describe("luma and gradient in one walk", () => {
  it("give the edges of a colour picture bit for bit", async () => {
    for (const operator of gradientOperators) {
      const image = randomImage(333, 77, 4, 5);
      const pair = { kernel: gradient({ operator, norm: "l1" }), reference: (before: RawImage) => before };
      await expectEqual(image, [{ kernel: luma(), reference: () => edges(image, operator, "l1") }, pair]);
    }
  });
});

describe("the generated module", () => {
  it("is what its source compiles to", () => {
    const build = fileURLToPath(new URL("../assembly/build.mjs", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [build, "--check"], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
