import { expect, it } from "vitest";
import { InvalidParametersError } from "../errors.ts";
import { blur } from "./blur.ts";
import { brightness } from "./brightness.ts";
import { edges } from "./edges.ts";
import { grayscale } from "./grayscale.ts";

it("makes steps that survive JSON", () => {
  const steps = [grayscale(), blur({ sigma: 3 }), brightness({ factor: 0.5 }), edges({ operator: "scharr" })];
  expect(JSON.parse(JSON.stringify(steps))).toEqual([
    { filter: "grayscale", params: {} },
    { filter: "blur", params: { sigma: 3 } },
    { filter: "brightness", params: { factor: 0.5 } },
    { filter: "edges", params: { operator: "scharr", norm: "l2" } },
  ]);
});

it("fills in defaults", () => {
  expect([blur(), brightness(), edges()].map((step) => step.params)).toEqual([
    { sigma: 2 },
    { factor: 1.2 },
    { operator: "sobel", norm: "l2" },
  ]);
});

it.each([
  [
    { sigma: 0.1 },
    "blur: sigma must be a number from 0.3 to 1000; got 0.1. Correct it, for example: blur(2)",
  ],
  [
    { sigma: "2" },
    'blur: sigma must be a number from 0.3 to 1000; got "2". Correct it, for example: blur(2)',
  ],
  [
    { sigma: Number.NaN },
    "blur: sigma must be a number from 0.3 to 1000; got null. Correct it, for example: blur(2)",
  ],
  [
    { radius: 2 },
    "blur: radius is not a parameter (this filter takes: sigma); got 2. Correct it, for example: blur(2)",
  ],
  [[], "blur: the parameters must be an object; got []. Correct it, for example: blur(2)"],
])("refuses %j and names filter, parameter, range, value and remedy", (params, message) => {
  const refused = catchError(() => blur.bind(params));
  expect(refused).toBeInstanceOf(InvalidParametersError);
  expect(refused).toMatchObject({
    code: "IMGQ_INVALID_PARAMETERS",
    permanent: true,
    filter: "blur",
    message,
  });
});

it("does nothing at all for a brightness of 1", () => {
  expect(brightness.bind({ factor: 1 }).operations).toEqual([{ kind: "nothing" }]);
});

function catchError(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
