import {
  blur,
  boxBlur,
  convolve,
  edges,
  emboss,
  median,
  motionBlur,
  noise,
  pixelate,
  sharpen,
  unsharp,
  vignette,
} from "@imgq/filters";
import { describe, expect, it } from "vitest";
import { randomImage } from "../arbitrary-image.ts";
import { apply, flat, picture, pixelOf } from "./pictures.ts";

/** One white pixel in the middle of black. */
function spark(side: number): ReturnType<typeof picture> {
  const samples = Array.from({ length: side * side }, () => 0);
  samples[(side * side - 1) / 2] = 255;
  return picture(side, 1, samples);
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

describe("what blurs", () => {
  it("boxBlur spreads a spark over a square", async () => {
    const result = await apply(boxBlur({ radius: 1 }), spark(5));
    const row = [0, 28, 28, 28, 0];
    expect([...result.data]).toEqual([[0, 0, 0, 0, 0], row, row, row, [0, 0, 0, 0, 0]].flat());
  });

  it("motionBlur spreads it along a line of the length given, and loses nothing", async () => {
    const across = await apply(motionBlur({ length: 5 }), spark(11));
    expect([...across.data.subarray(55, 66)].map((value) => value > 0)).toEqual(
      [3, 4, 5, 6, 7].reduce((row, x) => row.with(x, true), Array<boolean>(11).fill(false)),
    );
    expect(Math.abs(sum(across.data) - 255)).toBeLessThan(5);
    const down = await apply(motionBlur({ length: 5, angle: 90 }), spark(11));
    expect([0, 1, 2, 3, 4].map((offset) => (down.data[(3 + offset) * 11 + 5] ?? 0) > 0)).not.toContain(false);
    expect(down.data[5 * 11 + 4]).toBe(0);
    const slanted = await apply(motionBlur({ length: 7, angle: 45 }), spark(11));
    // Clockwise from the right: towards the bottom right.
    expect(pixelOf(slanted, 7, 7)[0]).toBeGreaterThan(10);
    expect(pixelOf(slanted, 7, 3)[0]).toBe(0);
  });

  it("motionBlur of length 1 leaves the picture", async () => {
    const image = randomImage(20, 10, 3, 1);
    expect(Buffer.compare((await apply(motionBlur({ length: 1 }), image)).data, image.data)).toBe(0);
  });

  it("median takes a speck away and keeps an outline", async () => {
    const half = picture(
      9,
      1,
      Array.from({ length: 81 }, (_, at) => (at % 9 < 4 ? 20 : 220)),
    );
    const speckled = { ...half, data: half.data.with(4 * 9 + 2, 255) };
    expect([...(await apply(median(), speckled)).data]).toEqual([...half.data]);
  });
});

describe("what sharpens", () => {
  const step = picture(
    20,
    1,
    Array.from({ length: 200 }, (_, at) => (at % 20 < 10 ? 80 : 160)),
  );

  it.each([sharpen(), sharpen({ sigma: 1.5 }), unsharp()])(
    "%j overshoots at an outline only",
    async (one) => {
      const row = [...(await apply(one, step)).data.subarray(100, 120)];
      expect(row[9]).toBeLessThan(80);
      expect(row[10]).toBeGreaterThan(160);
      expect([row[1], row[18]]).toEqual([80, 160]);
    },
  );

  it("unsharp adds the difference to the blurred picture, times amount, above the threshold", async () => {
    const image = randomImage(30, 20, 3, 5);
    const soft = await apply(blur({ sigma: 2 }), image);
    const result = await apply(unsharp({ sigma: 2, amount: 0.5, threshold: 40 }), image);
    const expected = [...image.data].map((value, at) => {
      const difference = value - (soft.data[at] ?? 0);
      return Math.abs(difference) < 40 ? value : Math.min(255, Math.max(0, value + difference * 0.5));
    });
    const worst = [...result.data].map((value, at) => Math.abs(value - (expected[at] ?? 0)));
    expect(Math.max(...worst)).toBeLessThanOrEqual(0.5);
  });

  it("unsharp keeps alpha", async () => {
    const image = randomImage(16, 16, 4, 6);
    const result = await apply(unsharp(), image);
    const alphaOf = ({ data }: typeof image): number[] => [...data].filter((_, at) => at % 4 === 3);
    expect(alphaOf(result)).toEqual(alphaOf(image));
  });
});

describe("what finds outlines", () => {
  it("edges and emboss are flat where the picture is", async () => {
    expect([...(await apply(edges(), flat(4, 3, [9, 99, 200]))).data]).toEqual(Array(12).fill(0));
    expect([...(await apply(emboss(), flat(2, 2, [9, 99, 200]))).data]).toEqual(Array(12).fill(128));
  });

  it("emboss is light where the picture gets lighter towards the bottom right", async () => {
    const ramp = picture(
      5,
      1,
      Array.from({ length: 25 }, (_, at) => 10 * ((at % 5) + Math.floor(at / 5))),
    );
    expect(pixelOf(await apply(emboss({ strength: 2 }), ramp), 2, 2)).toEqual([208]);
  });

  it("convolve weighs the neighbourhood as written, not turned round", async () => {
    const image = picture(3, 1, [0, 0, 0, 10, 20, 30, 0, 0, 0]);
    const step = convolve({ kernel: [[1, 0, -1]], offset: 100 });
    expect([...(await apply(step, image)).data.subarray(3, 6)]).toEqual([90, 80, 90]);
    const mean = convolve({ kernel: [[1], [1], [1]], divisor: 3 });
    expect([...(await apply(mean, image)).data.subarray(3, 6)]).toEqual([3, 7, 10]);
  });

  it.each([[[]], [[[1, 2]]], [[[1], [1, 2, 3], [1]]], [[[1], [1]]], ["x"]])(
    "convolve refuses the kernel %j",
    (kernel) => {
      expect(() => convolve.bind({ kernel })).toThrow(/convolve: kernel/u);
    },
  );
});

describe("what coarsens, grains and darkens", () => {
  it("pixelate fills each block with its mean, at the borders too", async () => {
    const image = picture(3, 1, [0, 10, 50, 20, 30, 70, 4, 8, 9]);
    expect([...(await apply(pixelate({ size: 2 }), image)).data]).toEqual([15, 15, 60, 15, 15, 60, 6, 6, 9]);
  });

  it("pixelate lets transparent pixels have no say in the colour", async () => {
    const image = picture(2, 4, [200, 100, 50, 255, 0, 0, 0, 0]);
    expect([...(await apply(pixelate({ size: 2 }), image)).data]).toEqual([
      200, 100, 50, 128, 200, 100, 50, 128,
    ]);
  });

  it("noise is the same for a seed, another for another, and grey when asked", async () => {
    const image = flat(50, 50, [120, 120, 120]);
    const [one, again, other] = [
      await apply(noise({ seed: 5 }), image),
      await apply(noise({ seed: 5 }), image),
      await apply(noise({ seed: 6 }), image),
    ];
    expect(Buffer.compare(one.data, again.data)).toBe(0);
    expect(one.data.filter((value, at) => value === other.data[at]).length).toBeLessThan(7500 / 8);
    expect(pixelOf(one, 20, 20)).toEqual(Array(3).fill(pixelOf(one, 20, 20)[0]));
    const coloured = await apply(noise({ seed: 5, grey: false }), image);
    const equal = Array.from(
      { length: 2500 },
      (_, at) => new Set(coloured.data.subarray(at * 3, at * 3 + 3)).size === 1,
    );
    expect(equal.filter(Boolean).length).toBeLessThan(250);
  });

  it("vignette leaves the middle and darkens corners by its strength", async () => {
    const result = await apply(vignette({ strength: 0.8, start: 0.5 }), flat(101, 101, [200]));
    expect(pixelOf(result, 50, 50)).toEqual([200]);
    expect(pixelOf(result, 0, 0)[0]).toBeLessThanOrEqual(44);
    expect(pixelOf(result, 50, 25)).toEqual([200]);
  });
});
