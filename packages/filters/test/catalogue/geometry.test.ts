import { autoOrient, border, crop, flip, flop, pad, resize, rotate, smartCrop, trim } from "@imgq/filters";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { InvalidParametersError } from "../../src/errors.ts";
import { randomImage } from "../arbitrary-image.ts";
import { apply, flat, picture, pixelOf, placeMap, sizeOf } from "./pictures.ts";

describe("autoOrient", () => {
  it("costs nothing, as reading a picture orients it", () => {
    expect(autoOrient.bind({}).operations).toEqual([{ kind: "nothing" }]);
  });
});

describe("resize", () => {
  it.each(["cover", "contain", "fill", "inside", "outside"] as const)(
    "by %s gives the size that sharp gives, in any proportions",
    async (fit) => {
      const side = fc.integer({ min: 1, max: 60 });
      await fc.assert(
        fc.asyncProperty(side, side, side, side, async (width, height, toWidth, toHeight) => {
          const image = randomImage(width, height, 3, 1);
          const result = await apply(resize({ width: toWidth, height: toHeight, fit }), image);
          const { info } = await sharp(image.data, { raw: { width, height, channels: 3 } })
            .resize(toWidth, toHeight, { fit })
            .raw()
            .toBuffer({ resolveWithObject: true });
          expect([result.width, result.height]).toEqual([info.width, info.height]);
        }),
        { numRuns: 40 },
      );
    },
  );

  it("keeps proportions when only one side is given", async () => {
    const image = randomImage(60, 40, 3, 1);
    expect(sizeOf(await apply(resize({ width: 30 }), image))).toMatchObject({ width: 30, height: 20 });
    expect(sizeOf(await apply(resize({ height: 80 }), image))).toMatchObject({ width: 120, height: 80 });
  });

  it("leaves a smaller picture alone when it must not grow", async () => {
    const image = randomImage(60, 40, 3, 1);
    const result = await apply(resize({ width: 100, enlarge: false }), image);
    expect(Buffer.compare(result.data, image.data)).toBe(0);
  });

  it("keeps the part that position says, and no other", async () => {
    const image = picture(4, 1, [10, 10, 200, 200, 10, 10, 200, 200]);
    const west = await apply(resize({ width: 2, height: 2, position: "west" }), image);
    const east = await apply(resize({ width: 2, height: 2, position: "east" }), image);
    expect([[...west.data], [...east.data]]).toEqual([
      [10, 10, 10, 10],
      [200, 200, 200, 200],
    ]);
  });

  it("fills the room that contain leaves with the background, coloured around grey too", async () => {
    const result = await apply(
      resize({ width: 4, height: 8, fit: "contain", background: "#f00", position: "north" }),
      flat(4, 4, [90]),
    );
    expect(sizeOf(result)).toEqual({ width: 4, height: 8, channels: 3 });
    expect([pixelOf(result, 0, 3), pixelOf(result, 3, 4)]).toEqual([
      [90, 90, 90],
      [255, 0, 0],
    ]);
  });

  it("must be told a width or a height", () => {
    expect(() => resize({})).toThrow(/must have width, height or both/u);
  });
});

describe("crop", () => {
  it("keeps the rectangle at left and top", async () => {
    const result = await apply(crop({ width: 3, height: 2, left: 4, top: 5 }), placeMap(10, 10));
    expect(sizeOf(result)).toMatchObject({ width: 3, height: 2 });
    expect([pixelOf(result, 0, 0), pixelOf(result, 2, 1)]).toEqual([
      [4, 5, 7],
      [6, 6, 7],
    ]);
  });

  it.each([
    ["center", 3, 4],
    ["northwest", 0, 0],
    ["north", 3, 0],
    ["southeast", 7, 8],
    ["west", 0, 4],
  ] as const)("at %s starts at %i, %i", async (position, left, top) => {
    const result = await apply(crop({ width: 3, height: 2, position }), placeMap(10, 10));
    expect(pixelOf(result, 0, 0)).toEqual([left, top, 7]);
  });

  it("takes at most what there is", async () => {
    const result = await apply(crop({ width: 99, height: 99, left: 8, top: 0 }), placeMap(10, 10));
    expect(sizeOf(result)).toMatchObject({ width: 2, height: 10 });
  });

  it("refuses to start outside the picture, naming its size", async () => {
    const outside = apply(crop({ width: 1, height: 1, left: 10 }), placeMap(10, 10));
    await expect(outside).rejects.toThrow(InvalidParametersError);
    await expect(outside).rejects.toThrow(/left must be less than the picture's 10 pixels; got 10/u);
  });
});

describe("smartCrop", () => {
  it.each(["attention", "entropy"] as const)("finds what stands out by %s", async (strategy) => {
    const image = flat(120, 60, [20, 20, 20]);
    const patch = randomImage(20, 20, 3, 3);
    for (let y = 0; y < 20; y++)
      image.data.set(patch.data.subarray(y * 60, y * 60 + 60), ((y + 20) * 120 + 90) * 3);
    const result = await apply(smartCrop({ width: 30, height: 30, strategy }), image);
    expect(sizeOf(result)).toMatchObject({ width: 30, height: 30 });
    const busy = result.data.filter((sample) => sample > 60).length;
    expect(busy).toBeGreaterThan(result.data.length / 12);
  });
});

describe("rotate, flip, flop", () => {
  it("turn and mirror without touching a sample", async () => {
    const image = picture(3, 1, [1, 2, 3, 4, 5, 6]);
    const results = [rotate({ angle: 90 }), rotate({ angle: 180 }), rotate({ angle: -90 }), flip(), flop()];
    const samples = await Promise.all(results.map(async (step) => [...(await apply(step, image)).data]));
    expect(samples).toEqual([
      [4, 1, 5, 2, 6, 3],
      [6, 5, 4, 3, 2, 1],
      [3, 6, 2, 5, 1, 4],
      [4, 5, 6, 1, 2, 3],
      [3, 2, 1, 6, 5, 4],
    ]);
  });

  it("cost nothing for a full turn", () => {
    expect(rotate.bind({ angle: -360 }).operations).toEqual([{ kind: "nothing" }]);
  });

  it("leave corners of the background at other angles and keep the middle", async () => {
    const image = flat(40, 40, [90]);
    const red = await apply(rotate({ angle: 45, background: "#f00" }), image);
    const side = Math.round(40 * Math.SQRT2);
    expect(Math.abs(red.width - side)).toBeLessThanOrEqual(1);
    expect(pixelOf(red, 0, 0)).toEqual([255, 0, 0]);
    expect(pixelOf(red, 28, 28)).toEqual([90, 90, 90]);
    const clear = await apply(rotate({ angle: 45 }), flat(40, 40, [90, 80, 70]));
    expect(pixelOf(clear, 0, 0)[3]).toBe(0);
    expect(pixelOf(clear, 28, 28)).toEqual([90, 80, 70, 255]);
  });
});

describe("trim", () => {
  it("cuts exactly the margins, each side by itself", async () => {
    const image = flat(30, 20, [250, 250, 250]);
    image.data.set([0, 0, 0], (4 * 30 + 7) * 3);
    image.data.set([0, 0, 0], (15 * 30 + 21) * 3);
    expect(sizeOf(await apply(trim(), image))).toMatchObject({ width: 15, height: 12 });
  });

  it("takes what differs by no more than the threshold for margin", async () => {
    const image = picture(4, 1, [100, 110, 111, 100]);
    expect([...(await apply(trim({ threshold: 10 }), image)).data]).toEqual([111]);
  });

  it("may cut more the second time, as another pixel is in the corner then", async () => {
    const image = picture(4, 1, [0, 100, 100, 200]);
    const once = await apply(trim(), image);
    expect([[...once.data], [...(await apply(trim(), once)).data]]).toEqual([[100, 100, 200], [200]]);
    expect(trim.bind({}).operations[0]).toMatchObject({ kind: "pixels", idempotent: false });
  });

  it("leaves a picture whole that is all margin", async () => {
    const image = flat(3, 2, [5, 5, 5, 0]);
    image.data[0] = 200;
    expect(await apply(trim(), image)).toBe(image);
  });
});

describe("pad and border", () => {
  it("put the picture where the sides say", async () => {
    const result = await apply(
      pad({ left: 2, top: 1, right: 3, bottom: 4, background: "#010203" }),
      placeMap(5, 5),
    );
    expect(sizeOf(result)).toEqual({ width: 10, height: 10, channels: 3 });
    expect([
      pixelOf(result, 2, 1),
      pixelOf(result, 6, 5),
      pixelOf(result, 7, 5),
      pixelOf(result, 1, 1),
    ]).toEqual([
      [0, 0, 7],
      [4, 4, 7],
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it("add alpha for a transparent ground and colour for a coloured one", async () => {
    const clear = await apply(pad({ top: 1, background: "transparent" }), flat(1, 1, [9]));
    expect([clear.channels, [...clear.data]]).toEqual([2, [0, 0, 9, 255]]);
    const framed = await apply(border({ width: 1, color: "#0000ff80" }), flat(1, 1, [9]));
    expect(sizeOf(framed)).toEqual({ width: 3, height: 3, channels: 4 });
    expect([pixelOf(framed, 0, 0), pixelOf(framed, 1, 1)]).toEqual([
      [0, 0, 255, 128],
      [9, 9, 9, 255],
    ]);
  });
});
