import { expect, it } from "vitest";
import type { RawImage } from "../raw-image.ts";
import { edges } from "./edges.ts";
import { luma } from "./luma.ts";
import { tone } from "./tone.ts";

const image = (width: number, channels: RawImage["channels"], samples: number[]): RawImage => ({
  data: Uint8Array.from(samples),
  width,
  height: samples.length / channels / width,
  channels,
});

it("weighs red, green and blue as Pillow does", () => {
  const primaries = image(5, 3, [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 1, 2, 3]);
  expect([...luma(primaries).data]).toEqual([76, 150, 29, 255, 2]);
});

it("keeps alpha when it makes grey", () => {
  expect(luma(image(2, 4, [255, 0, 0, 7, 0, 255, 0, 9]))).toEqual(image(2, 2, [76, 7, 150, 9]));
});

it("leaves grey pictures alone", () => {
  const grey = image(2, 2, [3, 4, 5, 6]);
  expect(luma(grey)).toBe(grey);
});

it("maps colours by a table and leaves alpha alone", () => {
  const negative = Uint8Array.from({ length: 256 }, (_, sample) => 255 - sample);
  expect([...tone(image(1, 4, [0, 100, 255, 100]), negative).data]).toEqual([255, 155, 0, 100]);
  expect([...tone(image(2, 1, [0, 100]), negative).data]).toEqual([255, 155]);
});

it("finds no edge in a flat picture, borders included", () => {
  const flat = image(
    4,
    1,
    Array.from({ length: 12 }, () => 77),
  );
  expect(edges(flat, "sobel", "l2").data.every((sample) => sample === 0)).toBe(true);
});

it("measures a vertical step of 10 as 40 by Sobel on both of its sides, at the borders too", () => {
  const step = image(4, 1, [0, 0, 10, 10, 0, 0, 10, 10, 0, 0, 10, 10]);
  const row = [0, 40, 40, 0];
  expect([...edges(step, "sobel", "l2").data]).toEqual([...row, ...row, ...row]);
});

it("adds the derivatives in l1 and takes the root of their squares in l2", () => {
  const corner = image(3, 1, [0, 0, 0, 0, 0, 0, 0, 0, 10]);
  expect(edges(corner, "sobel", "l1").data[4]).toBe(20);
  expect(edges(corner, "sobel", "l2").data[4]).toBe(14);
  expect(edges(corner, "laplacian", "l2").data[8]).toBe(20);
});
