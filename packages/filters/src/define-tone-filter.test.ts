import fc from "fast-check";
import { expect, it } from "vitest";
import { defineToneFilter } from "./define-tone-filter.ts";
import { affine, runKernels } from "./kernels/index.ts";
import { numberFrom, parameters } from "./parameters.ts";

const line = defineToneFilter({
  name: "line",
  description: "A line.",
  params: parameters({ multiply: numberFrom(-100, 100), add: numberFrom(-500, 500) }),
  line: (params) => params,
});
const curve = defineToneFilter({
  name: "curve",
  description: "A curve.",
  params: parameters({}),
  tone: (sample) => (sample * sample) / 100 - 20,
});

it("tabulates a line exactly as the affine kernel computes it", async () => {
  const ramp = {
    data: Uint8Array.from({ length: 256 }, (_, sample) => sample),
    width: 256,
    height: 1,
    channels: 1,
  } as const;
  const number = (bound: number) => fc.double({ min: -bound, max: bound, noNaN: true });
  await fc.assert(
    fc.asyncProperty(number(100), number(500), async (multiply, add) => {
      const [operation] = line.bind({ multiply, add }).operations;
      const { data } = await runKernels(ramp, [affine({ multiply, add })]);
      const expected = operation?.kind === "tone" ? operation.table : ramp.data;
      expect([...data]).toEqual([...expected]);
    }),
  );
});

it("rounds half up and clamps what a tone function gives", () => {
  const [operation] = curve.bind({}).operations;
  const table = operation?.kind === "tone" ? operation.table : undefined;
  expect([0, 45, 50, 100, 255].map((sample) => table?.[sample])).toEqual([0, 0, 5, 80, 255]);
});
