import { equalize, mask, pixelate, roundCorners, watermark } from "@imgq/filters";
import { describe, expect, it } from "vitest";
import { applyFilter } from "../apply-filter.ts";
import { randomImage } from "../arbitrary-image.ts";
import { apply, flat, picture, pixelOf, sizeOf } from "./pictures.ts";

describe("roundCorners", () => {
  it("keeps the area of a rounded rectangle, adds alpha, and mirrors its corners", async () => {
    const result = await apply(roundCorners({ radius: 20 }), flat(60, 50, [1, 2, 3]));
    expect(result.channels).toBe(4);
    const alphas = result.data.filter((_, at) => at % 4 === 3);
    const area = alphas.reduce((total, alpha) => total + alpha, 0) / 255;
    expect(Math.abs(area - (3000 - (4 - Math.PI) * 400))).toBeLessThan(3);
    expect([...alphas]).toEqual([...alphas].reverse());
    expect(pixelOf(result, 0, 0)).toEqual([1, 2, 3, 0]);
  });

  it("makes a disc of a square when the radius is large, and multiplies the alpha there was", async () => {
    const image = flat(41, 41, [9, 100]);
    const result = await apply(roundCorners({ radius: 9999 }), image);
    const area = result.data.filter((_, at) => at % 2 === 1).reduce((total, alpha) => total + alpha, 0) / 100;
    expect(Math.abs(area - Math.PI * 20.5 ** 2)).toBeLessThan(6);
    expect(image.data[1]).toBe(100);
  });
});

describe("mask", () => {
  const files = { "m.png": picture(2, 1, [255, 0, 255, 0]), "a.png": picture(2, 2, [0, 51, 0, 255]) };

  it("hides what is dark in the mask, or shows it when inverted", async () => {
    const image = flat(2, 2, [10, 20, 30]);
    const shown = await apply(mask({ image: "m.png" }), image, files);
    expect([pixelOf(shown, 0, 0), pixelOf(shown, 1, 1)]).toEqual([
      [10, 20, 30, 255],
      [10, 20, 30, 0],
    ]);
    const inverted = await apply(mask({ image: "m.png", invert: true }), image, files);
    expect([pixelOf(inverted, 0, 0)[3], pixelOf(inverted, 1, 1)[3]]).toEqual([0, 255]);
  });

  it("multiplies alpha by the mask's alpha, stretched to the picture", async () => {
    const result = await apply(mask({ image: "a.png", by: "alpha" }), flat(2, 1, [9, 100]), files);
    expect([...result.data]).toEqual([9, 20, 9, 100]);
  });
});

describe("watermark", () => {
  const files = { "red.png": flat(2, 2, [255, 0, 0]), "grey.png": flat(1, 1, [200]) };

  it.each([
    ["northwest", 1, 1],
    ["southeast", 7, 5],
    ["center", 4, 3],
  ] as const)("lies at %s, off the edge by the margin, and nowhere else", async (position, left, top) => {
    const step = watermark({ image: "red.png", position, margin: 1, opacity: 1 });
    const result = await apply(step, flat(10, 8, [0, 0, 9]), files);
    const marked = Array.from({ length: 80 }, (_, at) => at).filter((at) => result.data[at * 3] === 255);
    const expected = [0, 1].flatMap((y) => [0, 1].map((x) => (top + y) * 10 + left + x));
    expect(marked).toEqual(expected);
  });

  it("lets the picture through by its opacity, also through transparent pictures", async () => {
    const step = watermark({ image: "red.png", position: "northwest", margin: 0, opacity: 0.6 });
    const opaque = await apply(step, flat(2, 2, [0, 100, 0]), files);
    expect(pixelOf(opaque, 0, 0)).toEqual([153, 40, 0]);
    const clear = await apply(step, flat(2, 2, [0, 100, 0, 0]), files);
    expect(pixelOf(clear, 0, 0)).toEqual([255, 0, 0, 153]);
  });

  it("gives a grey picture colours only when the mark has them", async () => {
    const image = flat(4, 4, [50]);
    expect((await apply(watermark({ image: "red.png", margin: 0 }), image, files)).channels).toBe(3);
    expect((await apply(watermark({ image: "grey.png", margin: 0 }), image, files)).channels).toBe(1);
    expect([...image.data]).toEqual(Array(16).fill(50));
  });

  it("repeats all over when tiled", async () => {
    const step = watermark({ image: "grey.png", tile: true, margin: 2, opacity: 1, position: "northwest" });
    const { data } = await apply(step, flat(7, 6, [0]), files);
    const marked = Array.from(data.keys()).filter((at) => data[at] === 200);
    expect(marked).toEqual([2, 5].flatMap((y) => [2, 5].map((x) => y * 7 + x)));
  });

  it("is scaled to a part of the picture's width, and cut where it is larger", async () => {
    const wide = watermark({ image: "red.png", scale: 0.5, margin: 0, opacity: 1 });
    const result = await apply(wide, flat(8, 8, [0, 0, 0]), files);
    expect(result.data.filter((value, at) => at % 3 === 0 && value === 255).length).toBe(16);
    const big = { "big.png": flat(50, 50, [255, 0, 0]) };
    const covered = await apply(
      watermark({ image: "big.png", margin: 0, opacity: 1 }),
      flat(8, 8, [0, 0, 0]),
      big,
    );
    expect(sizeOf(covered)).toEqual({ width: 8, height: 8, channels: 3 });
    expect([...covered.data].filter((_, at) => at % 3 === 0)).toEqual(Array(64).fill(255));
  });

  it("draws words in their colour, in the lower right, and takes markup for words", async () => {
    const dark = flat(200, 100, [0, 0, 0]);
    const result = await apply(watermark({ text: "imgq", color: "#f80", opacity: 1 }), dark);
    const lit = Array.from({ length: 20_000 }, (_, at) => at).filter(
      (at) => (result.data[at * 3] ?? 0) > 200,
    );
    expect(lit.length).toBeGreaterThan(50);
    expect(lit.every((at) => at % 200 > 100 && at / 200 > 50)).toBe(true);
    for (const at of lit) expect(result.data[at * 3 + 2]).toBe(0);
    const bold = await apply(watermark({ text: "<b>", opacity: 1 }), dark);
    expect(bold.data.some((value) => value > 200)).toBe(true);
  });

  it("bounds what a long text in large letters costs", async () => {
    const text = "W\n".repeat(250).slice(0, 500);
    const before = process.memoryUsage().rss;
    const result = await apply(watermark({ text, size: 1000 }), flat(400, 300, [0, 0, 0]));
    expect(sizeOf(result)).toEqual({ width: 400, height: 300, channels: 3 });
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  it("is seen on a picture smaller than its margins", async () => {
    const result = await apply(
      watermark({ image: "red.png", margin: 50, opacity: 1 }),
      flat(8, 8, [0, 0, 0]),
      files,
    );
    expect(pixelOf(result, 4, 4)).toEqual([255, 0, 0]);
  });

  it("needs a picture or words, not both, not none", () => {
    expect(() => watermark({})).toThrow(/either image or text/u);
    expect(() => watermark({ image: "a", text: "b" })).toThrow(/either image or text/u);
    expect(() => watermark({ text: "  " })).toThrow(/text must be words/u);
  });
});

describe("a picture that nobody else has", () => {
  const files = { "grey.png": randomImage(5, 4, 2, 3) };

  it.each([
    [roundCorners, roundCorners({ radius: 9 })],
    [mask, mask({ image: "grey.png" })],
    [watermark, watermark({ image: "grey.png", position: "west", tile: true })],
    [equalize, equalize()],
    [pixelate, pixelate({ size: 4 })],
  ] as const)("is worked on in place by %o, with the same result", async (filter, step) => {
    const image = randomImage(31, 17, 4, 5);
    const before = Buffer.from(image.data);
    const apart = await applyFilter(filter, step, image, files);
    expect(before.equals(image.data)).toBe(true);
    const within = await applyFilter(filter, step, image, files, { reuseInput: true });
    expect(within.data.buffer).toBe(image.data.buffer);
    expect(Buffer.compare(within.data, apart.data)).toBe(0);
  });
});
