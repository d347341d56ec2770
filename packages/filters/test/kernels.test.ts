import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  affine,
  convolve,
  gradient,
  gradientNorms,
  gradientOperators,
  type Kernel,
  laplacian,
  luma,
  runKernels,
  table,
} from "../src/kernels/index.ts";
import type { RawImage } from "../src/raw-image.ts";
import { referenceAffine } from "../src/reference/affine.ts";
import { referenceConvolve } from "../src/reference/convolve.ts";
import { edges } from "../src/reference/edges.ts";
import { referenceGradient, referenceLaplacian } from "../src/reference/gradient.ts";
import { luma as referenceLuma } from "../src/reference/luma.ts";
import { referenceTable } from "../src/reference/table.ts";
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

const arbitraryPoint: fc.Arbitrary<Pair> = fc.oneof(
  fc.constant({ kernel: luma(), reference: referenceLuma }),
  fc
    .tuple(fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: -300, max: 300, noNaN: true }))
    .map(([multiply, add]) => ({
      kernel: affine({ multiply, add }),
      reference: (image: RawImage) => referenceAffine(image, multiply, add),
    })),
  arbitraryTables.map((tables) => ({
    kernel: table(tables),
    reference: (image: RawImage) => referenceTable(image, tables),
  })),
);

const arbitraryStencil: fc.Arbitrary<Pair> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...gradientOperators), fc.constantFrom(...gradientNorms))
    .map(([operator, norm]) => ({
      kernel: gradient({ operator, norm }),
      reference: (image: RawImage) => referenceGradient(image, operator, norm),
    })),
  fc.constant({ kernel: laplacian(), reference: referenceLaplacian }),
  arbitraryMask.map((mask) => ({
    kernel: convolve(mask),
    reference: (image: RawImage) => referenceConvolve(image, mask),
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
    const pair = fc.oneof(arbitraryPoint, arbitraryStencil);
    await fc.assert(
      fc.asyncProperty(arbitraryImage, pair, (image, one) => expectEqual(image, [one])),
      { numRuns: 600 },
    );
  });

  it("run in one walk what equals running one after another", async () => {
    const chain = fc.array(fc.oneof({ arbitrary: arbitraryPoint, weight: 2 }, arbitraryStencil), {
      maxLength: 5,
    });
    await fc.assert(fc.asyncProperty(arbitraryImage, chain, expectEqual), { numRuns: 200 });
  });

  it.each([
    [5000, 40, 1],
    [1, 9000, 3],
    [1500, 90, 4],
    [70_000, 2, 2],
    [257, 500, 3],
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
    await expectEqual(image, [{ kernel: luma(), reference: referenceLuma }, bright]);
  });

  it("reach 31 pixels around without seams", async () => {
    const weights = Array.from({ length: 63 }, (_, index) => (index % 9 === 0 ? 1 : 0));
    for (const size of [
      { width: 63, height: 1 },
      { width: 1, height: 63 },
    ]) {
      const mask = { ...size, weights, divisor: 7, offset: 0 };
      const image = randomImage(301, 199, 4, 3);
      await expectEqual(image, [
        { kernel: convolve(mask), reference: (before) => referenceConvolve(before, mask) },
      ]);
    }
  });

  it("keep images apart that are worked on at the same time", async () => {
    const kernels = [luma(), table([Uint8Array.from({ length: 256 }, (_, value) => value ^ 85)]), gradient()];
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
    expect(longest).toBeGreaterThan(0);
    expect(longest).toBeLessThan(20);
  });

  it("stop between two slices when aborted", async () => {
    const abort = new AbortController();
    const work = runKernels(randomImage(4000, 3000, 1, 1), [gradient()], { signal: abort.signal });
    setImmediate(() => abort.abort(new Error("enough")));
    await expect(work).rejects.toThrow("enough");
  });

  it("refuse pixels that do not fit their size, naming both", async () => {
    const image = { data: new Uint8Array(11), width: 2, height: 2, channels: 3 } as const;
    await expect(runKernels(image, [luma()])).rejects.toThrow(/12 bytes; got 11/u);
  });

  it("refuse options out of range", () => {
    expect(() => affine({ multiply: Number.NaN })).toThrow(/multiply must be a finite number/u);
    expect(() => table([])).toThrow(/one table or three/u);
    expect(() => table([new Uint8Array(255)])).toThrow(/256 entries each; got 255/u);
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
