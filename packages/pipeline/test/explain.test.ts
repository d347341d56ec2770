import { builtinFilters, defineFilter, defineGeometryFilter, parameters } from "@imgq/filters";
import { expect, it } from "vitest";
import { createPipeline } from "../src/index.ts";

const params = parameters({});
const turn = defineGeometryFilter({
  name: "turn",
  description: "Turns by a quarter.",
  params,
  operations: () => [{ kind: "orient", flop: false, quarterTurns: 1 }],
});
const half = defineGeometryFilter({
  name: "half",
  description: "Halves both sides.",
  params,
  operations: () => [
    {
      kind: "resize",
      target: ({ width, height }) => ({ width: Math.ceil(width / 2), height: Math.ceil(height / 2) }),
      kernel: "lanczos3",
    },
  ],
});
const square = defineGeometryFilter({
  name: "square",
  description: "Keeps the top left square.",
  params,
  operations: () => [
    {
      kind: "crop",
      region: ({ width, height }) => ({
        left: 0,
        top: 0,
        width: Math.min(width, height),
        height: Math.min(width, height),
      }),
    },
  ],
});
const custom = defineFilter({
  name: "custom",
  description: "Its own.",
  params,
  apply: (image) => image.negate(),
});

const filters = [...builtinFilters, turn, half, square, custom];
const pipeline = createPipeline({ filters, inputRoot: ".", outputRoot: "." });
const titles = (text: string, picture = {}) =>
  pipeline.explain(pipeline.parse(text), picture).passes.map(({ title }) => title);

it.each([
  ["", ["decode → encode"]],
  ["grayscale", ["decode", "grayscale", "encode"]],
  ["half | median(9) | blur", ["decode → half → median → blur → encode"]],
  ["half | median", ["decode → half", "median", "encode"]],
  ["blur | median(9)", ["decode → blur", "median → encode"]],
  ["blur | blur", ["decode → blur", "blur → encode"]],
  ["half | half", ["decode → half", "half → encode"]],
  ["grayscale | blur | brightness | edges", ["decode", "grayscale → blur → brightness → edges", "encode"]],
  ["grayscale | blur(200)", ["decode", "grayscale", "blur → encode"]],
  ["grayscale | grayscale", ["decode", "grayscale + grayscale", "encode"]],
  ["brightness(0.5) | brightness(1.5)", ["decode", "brightness + brightness", "encode"]],
  ["brightness(1) | blur", ["decode → blur → encode"]],
  ["turn | turn | turn | turn", ["decode → encode"]],
  ["turn | turn | half", ["decode → turn + turn", "half → encode"]],
  ["turn | turn | resize(40)", ["decode → resize → turn + turn → encode"]],
  ["turn | grayscale | resize(40) | blur", ["decode → resize → turn", "grayscale → blur", "encode"]],
  ["turn | blur | resize(40)", ["decode → turn → blur", "resize → encode"]],
  ["turn | grayscale | resize(40, 30)", ["decode → resize → turn → resize", "grayscale", "encode"]],
  ["flatten | half", ["decode → half → encode"]],
  ["grayscale | turn | square | edges", ["decode → square → turn", "grayscale → edges", "encode"]],
  ["half | square | turn", ["decode → half → turn → square → encode"]],
  ["square | square", ["decode → square + square → encode"]],
  ["custom | blur", ["decode", "custom", "blur → encode"]],
])("plans %j as %j", (text, expected) => {
  expect(titles(text)).toEqual(expected);
});

it("takes another pass where transparency would change what sharp computes on", () => {
  expect(titles("half | median(9) | blur", { alpha: true })).toEqual([
    "decode → half",
    "median",
    "blur → encode",
  ]);
  expect(titles("grayscale | blur", { alpha: true })).toEqual(["decode", "grayscale", "blur → encode"]);
});

it("keeps the order where nothing is gained by scaling first", () => {
  const size = { width: 400, height: 300 };
  expect(titles("turn | resize(100)", { size })).toEqual(["decode → resize → turn → encode"]);
  expect(titles("turn | resize(200)", { size })).toEqual(["decode → turn", "resize → encode"]);
  expect(titles("turn | resize(100)", { format: "png" })).toEqual(["decode → turn", "resize → encode"]);
  expect(titles("grayscale | resize(40)", { alpha: true })).toEqual([
    "decode",
    "grayscale",
    "resize → encode",
  ]);
  expect(titles("turn | resize(100, kernel=nearest)")).toEqual(["decode → turn", "resize → encode"]);
});

it("takes another pass where the source must be converted first", () => {
  expect(titles("blur", { plain: false })).toEqual(["decode", "blur → encode"]);
  expect(titles("half | blur", { plain: false })).toEqual(["decode → half", "blur → encode"]);
});

it("says why in words", () => {
  const { text } = pipeline.explain(
    pipeline.parse("turn | turn | blur | median(9) | grayscale | blur | blur | custom"),
  );
  expect(text).toBe(
    [
      "1. decode → turn + turn → blur (one chain of sharp)",
      "2. median (one chain of sharp, because sharp would do it before blur)",
      "3. grayscale → blur → blur (on raw pixels, because it works on raw pixels)",
      "4. custom → encode (one chain of sharp, because it is an operation of sharp)",
      "   turn + turn are done as one",
    ].join("\n"),
  );
});

it("says which variants are scaled from which", () => {
  const variants = ["resize(400) | sharpen", "resize(1600)", "grayscale", "resize(800)", "resize(800, 100)"];
  const plan = pipeline.explain(
    pipeline.parse("turn"),
    {},
    variants.map((text) => ({ filters: pipeline.parse(text) })),
  );
  expect(plan.text).toBe(
    [
      "1. decode → turn (one chain of sharp)",
      "variant 1, from the scaled variant 4:",
      "   1. resize → sharpen → encode (one chain of sharp)",
      "variant 2:",
      "   1. resize (one chain of sharp)",
      "   2. encode (one chain of sharp, because smaller variants are scaled from here)",
      "variant 3:",
      "   1. grayscale (on raw pixels)",
      "   2. encode (one chain of sharp)",
      "variant 4, from the scaled variant 2:",
      "   1. resize (one chain of sharp)",
      "   2. encode (one chain of sharp, because smaller variants are scaled from here)",
      "variant 5, from the scaled variant 2:",
      "   1. resize → resize → encode (one chain of sharp)",
    ].join("\n"),
  );
  expect(plan.variants.map(({ from }) => from)).toEqual([4, undefined, undefined, 2, 2]);
});

it("says why a large jpeg is not decoded small", () => {
  const notesOf = (text: string): readonly string[] => pipeline.explain(pipeline.parse(text)).notes;
  expect(notesOf("crop(3000, 2000) | resize(200)")).toEqual([
    "the picture is decoded whole, because crop comes before the resize; resize first where you can",
  ]);
  expect(notesOf("resize(200) | crop(100, 100)")).toEqual([]);
  expect(notesOf("crop(3000, 2000) | resize(3000)")).toEqual([]);
});
