import { blur, brightness, edges, grayscale } from "@imgq/filters";
import { expect, it } from "vitest";
import { createPipeline } from "../src/index.ts";

const pipeline = createPipeline({ inputRoot: ".", outputRoot: "." });

it.each([
  "grayscale | blur(2) | edges",
  " grayscale()|blur( sigma = 2 ) |\nedges(sobel, norm=l2) ",
  '[{"filter":"grayscale"},{"filter":"blur","params":{"sigma":2}},"edges"]',
  [{ filter: "grayscale", params: {} }, { filter: "blur", params: { sigma: 2 } }, "edges"],
])("reads %j", (written) => {
  expect(pipeline.parse(written)).toEqual([grayscale(), blur({ sigma: 2 }), edges()]);
});

it("reads numbers of every form, and an empty text as no steps", () => {
  expect(pipeline.parse("brightness(.5) | brightness(1e0) | brightness(factor=+2.5)")).toEqual(
    [0.5, 1, 2.5].map((factor) => brightness({ factor })),
  );
  expect(pipeline.parse("  ")).toEqual([]);
});

it.each([
  ["grayscal", 'Step 1: there is no filter "grayscal". Did you mean grayscale?'],
  ["blur | sparkle", 'Step 2: there is no filter "sparkle". Known filters: autoOrient, resize,'],
  ["blur(2", "Step 1, column 7: expected , and another value, or ); found the end."],
  ["blur | | edges", "Step 2, column 8: expected a filter's name; found"],
  [
    "blur(2, 3)",
    "Step 1: blur takes at most sigma without a name; got 2. Write name=value, for example: blur(2)",
  ],
  ["grayscale(1)", "Step 1: grayscale takes no values without a name; got 1."],
  ["blur(2, sigma=3)", "Step 1: blur got sigma twice."],
  ["blur(sigma=2, sigma=3)", "Step 1, column 20: expected another name than sigma"],
  ["blur(sigma=2, 3)", "Step 1, column 15: expected name=value"],
  ["[{]", "The steps are not JSON"],
  ["[7]", 'Step 1: "filter" must be the name of a filter.'],
  [{ filter: "blur" }, "The steps must be a list"],
])("refuses %j and says where and what to do", (written, message) => {
  expect(() => pipeline.parse(written)).toThrow(message);
});

it("names the parameter that is out of range", () => {
  expect(() => pipeline.parse("grayscale | blur(0)")).toThrow(
    "blur: sigma must be a number from 0.3 to 1000; got 0. Correct it, for example: blur(2)",
  );
});

it("is not misled by names of Object.prototype", () => {
  expect(() => pipeline.parse("constructor")).toThrow('there is no filter "constructor"');
  expect(() => pipeline.parse("blur(__proto__=2)")).toThrow();
  expect(() => pipeline.parse('[{"filter":"blur","params":{"__proto__":{"sigma":1}}}]')).toThrow();
});

it.each([
  [null, "the task must be an object"],
  [{ input: "a.png", filters: [] }, "output is missing"],
  [{ input: "a.png", output: "b.png", filters: "blur" }, "filters must be a list of steps"],
  [{ input: "a.png", output: "b.png", filters: [], webhook: "x" }, "webhook is not a field of it"],
  [{ input: 7, output: "b.png", filters: [] }, "input must be a path"],
  [{ input: "a.png", output: "b.xyz", filters: [] }, "the output format is not known"],
  [
    { input: "a.png", output: "b.png", filters: [], encode: { quality: 5 } },
    "encode.quality is not a parameter",
  ],
  [
    { input: "a.png", output: "b.jpg", filters: [], encode: { quality: 500 } },
    "encode.quality must be a whole number",
  ],
])("refuses the task %j as invalid, for good", async (task, message) => {
  // A payload may have been written into the queue by anyone.
  const running = pipeline.run(task as never);
  await expect(running).rejects.toMatchObject({
    code: "IMGQ_INVALID_TASK",
    permanent: true,
    message: expect.stringContaining(message),
  });
});
