import {
  brightness,
  channel,
  contrast,
  duotone,
  equalize,
  flatten,
  gamma,
  grayscale,
  hue,
  negate,
  normalize,
  parseColor,
  posterize,
  saturation,
  sepia,
  threshold,
  tint,
} from "@imgq/filters";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { randomImage } from "../arbitrary-image.ts";
import { apply, flat, picture } from "./pictures.ts";

const everyGrey = picture(
  256,
  1,
  Array.from({ length: 256 }, (_, grey) => grey),
);

describe("tones", () => {
  it.each([
    [brightness({ factor: 1.5 }), 100, 150],
    [brightness({ factor: 1.5 }), 200, 255],
    [contrast({ factor: 2 }), 127, 126],
    [contrast({ factor: 2 }), 200, 255],
    [contrast({ factor: 0 }), 3, 128],
    // 255 × (64 / 255)^(1 / 2) = 127.75
    [gamma({ gamma: 2 }), 64, 128],
    [gamma({ gamma: 0.5 }), 128, 64],
    [negate(), 40, 215],
    [posterize({ levels: 2 }), 127, 0],
    [posterize({ levels: 2 }), 128, 255],
    [posterize({ levels: 4 }), 100, 85],
  ])("%j makes %i into %i", async (step, before, after) => {
    const result = await apply(step, flat(1, 1, [before, before, before, 77]));
    expect([...result.data]).toEqual([after, after, after, 77]);
  });

  it.each([2, 3, 5, 16, 255])("posterize leaves %i levels, black and white among them", async (levels) => {
    const values = new Set((await apply(posterize({ levels }), everyGrey)).data);
    expect(values.size).toBe(levels);
    expect(values.has(0) && values.has(255)).toBe(true);
  });

  it("negate twice is nothing", async () => {
    const image = randomImage(9, 9, 4, 2);
    expect(Buffer.compare((await apply(negate(), await apply(negate(), image))).data, image.data)).toBe(0);
  });

  it("threshold makes white from the level on, by luma", async () => {
    const image = picture(3, 3, [255, 0, 0, 0, 255, 0, 77, 77, 77]);
    const result = await apply(threshold({ level: 77 }), image);
    expect([result.channels, [...result.data]]).toEqual([1, [0, 255, 255]]);
  });
});

describe("colours", () => {
  it("saturation 0 is grayscale to a level, and 1 costs nothing", async () => {
    const image = randomImage(40, 40, 3, 4);
    const pale = await apply(saturation({ factor: 0 }), image);
    const grey = await apply(grayscale(), image);
    for (let pixel = 0; pixel < 1600; pixel++) {
      for (const sample of pale.data.subarray(pixel * 3, pixel * 3 + 3)) {
        expect(Math.abs(sample - (grey.data[pixel] ?? 0))).toBeLessThanOrEqual(1);
      }
    }
    expect(saturation.bind({ factor: 1 }).operations).toEqual([{ kind: "nothing" }]);
  });

  it("saturation 2 doubles the distance from luma", async () => {
    // Luma 0.299 × 120 + 0.587 × 100 + 0.114 × 100 = 105.98
    expect([...(await apply(saturation({ factor: 2 }), flat(1, 1, [120, 100, 100]))).data]).toEqual([
      134, 94, 94,
    ]);
  });

  it("hue turns red by 180° into what the CSS specification gives, and grey into itself", async () => {
    expect([...(await apply(hue({ degrees: 180 }), flat(1, 1, [255, 0, 0]))).data]).toEqual([0, 109, 109]);
    expect([...(await apply(hue({ degrees: 77 }), everyGrey)).data]).toEqual([...everyGrey.data]);
  });

  it("sepia gives the CSS specification's brown, of grey pictures too", async () => {
    expect([...(await apply(sepia(), flat(1, 1, [255, 255, 255]))).data]).toEqual([255, 255, 239]);
    expect([...(await apply(sepia(), flat(1, 1, [100, 9]))).data]).toEqual([135, 120, 94, 9]);
  });

  it("tint looks as sharp's does", async () => {
    const { data, width, height } = {
      ...everyGrey,
      data: Buffer.from([...everyGrey.data].flatMap((g) => [g, g, g])),
    };
    const expected = await sharp(data, { raw: { width, height, channels: 3 } })
      .tint("#2a9d8f")
      .raw()
      .toBuffer();
    const result = await apply(tint({ color: "#2a9d8f" }), everyGrey);
    const worst = result.data.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - (expected[at] ?? 0))),
      0,
    );
    expect(worst).toBeLessThanOrEqual(2);
  });

  it("duotone goes from one colour to the other", async () => {
    const image = picture(3, 1, [0, 128, 255]);
    const result = await apply(duotone({ shadow: "#100020", highlight: "#f0e0ff" }), image);
    expect([...result.data]).toEqual([16, 0, 32, 128, 112, 144, 240, 224, 255]);
  });

  it("channel shows one, also of pictures that do not have it", async () => {
    const image = flat(1, 1, [1, 2, 3, 4]);
    const shown = await Promise.all(
      (["red", "green", "blue", "alpha"] as const).map(async (name) => [
        ...(await apply(channel({ channel: name }), image)).data,
      ]),
    );
    expect(shown).toEqual([[1], [2], [3], [4]]);
    expect([...(await apply(channel({ channel: "alpha" }), flat(1, 1, [9]))).data]).toEqual([255]);
    expect([...(await apply(channel({ channel: "blue" }), flat(1, 1, [9]))).data]).toEqual([9]);
  });

  it("flatten shows the colour as far as the picture is transparent", async () => {
    const image = picture(3, 4, [200, 100, 0, 0, 200, 100, 0, 51, 200, 100, 0, 255]);
    const result = await apply(flatten({ background: "#0064ff" }), image);
    expect([result.channels, [...result.data]]).toEqual([3, [0, 100, 255, 40, 100, 204, 200, 100, 0]]);
  });

  it.each([
    ["#fa0", [255, 170, 0, 255]],
    ["#fa08", [255, 170, 0, 136]],
    ["#12345678", [18, 52, 86, 120]],
    ["White", [255, 255, 255, 255]],
    ["transparent", [0, 0, 0, 0]],
  ] as const)("the colour %s is %j", (given, samples) => {
    expect(parseColor(given)).toEqual(samples);
  });

  it.each(["", "#12345", "constructor", "#ggg", "rgb(1,2,3)"])("%j is not a colour", (given) => {
    expect(() => tint({ color: given })).toThrow(/tint: color must be a colour/u);
  });
});

describe("the range of light", () => {
  it("normalize uses all of it", async () => {
    const image = picture(
      50,
      1,
      Array.from({ length: 2500 }, (_, at) => 100 + (at % 50)),
    );
    const { data } = await apply(normalize(), image);
    expect(Math.min(...data)).toBeLessThanOrEqual(10);
    expect(Math.max(...data)).toBeGreaterThanOrEqual(245);
  });

  it("equalize makes of four even levels four that divide the range evenly", async () => {
    const image = picture(
      4,
      1,
      Array.from({ length: 64 }, (_, at) => [90, 91, 95, 99][at % 4] ?? 0),
    );
    const { data } = await apply(equalize({ tiles: 1, limit: 0 }), image);
    expect([...data.subarray(0, 4)]).toEqual([32, 96, 159, 223]);
  });

  it("equalize makes nothing steeper than its limit, give or take what is cut and given to all", async () => {
    const { data } = await apply(
      equalize({ tiles: 1, limit: 2 }),
      picture(
        128,
        1,
        Array.from({ length: 128 * 4 }, (_, at) => 100 + (Math.floor(at / 4) % 16)),
      ),
    );
    const levels = [...new Set(data)].toSorted((one, other) => one - other);
    const steps = levels.slice(1).map((level, index) => level - (levels[index] ?? 0));
    expect(levels).toHaveLength(16);
    expect(Math.max(...steps)).toBeLessThanOrEqual(4);
    expect(Math.max(...steps)).toBeGreaterThanOrEqual(2);
  });

  it("equalize shows no seams between its tiles", async () => {
    const samples = Array.from({ length: 160 * 90 }, (_, at) => (at % 160) + Math.floor(at / 160 / 2));
    const { data } = await apply(equalize({ tiles: 4, limit: 3 }), picture(160, 1, samples));
    let largest = 0;
    for (let at = 1; at < data.length; at++) {
      if (at % 160 !== 0) largest = Math.max(largest, Math.abs((data[at] ?? 0) - (data[at - 1] ?? 0)));
    }
    expect(largest).toBeLessThanOrEqual(8);
  });

  it("equalize spreads detail in the dark, keeps hues and alpha", async () => {
    const detail = Array.from({ length: 64 * 64 }, (_, at) => [
      30 + (at % 7),
      20 + (at % 7),
      25 + (at % 7),
      at % 256,
    ]);
    const image = picture(64, 4, detail.flat());
    const result = await apply(equalize({ tiles: 2, limit: 20 }), image);
    const reds = result.data.filter((_, at) => at % 4 === 0);
    expect(Math.max(...reds) - Math.min(...reds)).toBeGreaterThan(60);
    for (let at = 0; at < result.data.length; at += 4) {
      const [red = 0, green = 0, , alpha] = result.data.subarray(at, at + 4);
      if (green > 0 && red < 255) expect(red - green).toBe(10);
      expect(alpha).toBe(image.data[at + 3]);
    }
  });
});
