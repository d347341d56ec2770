import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { commonFolder, nameOutputs } from "./name-outputs.ts";

const webp = { outputFolder: "/out", format: "webp", template: "{name}" };
const outputs = (inputs: readonly string[], options = webp): string[] =>
  nameOutputs(
    inputs.map((path) => ({ path: resolve(path), source: resolve(path) })),
    options,
  ).map(({ output }) => output);

describe("the names of outputs", () => {
  it("keep the tree below the folder that all inputs share", () => {
    expect(outputs(["/p/a/1.jpg", "/p/b/1.jpg", "/p/2.x.PNG"])).toEqual([
      "/out/a/1.webp",
      "/out/b/1.webp",
      "/out/2.x.webp",
    ]);
  });

  it("keep the extension of the input without a format", () => {
    expect(outputs(["/p/1.JPG"], { ...webp, format: undefined } as never)).toEqual(["/out/1.JPG"]);
  });

  it("follow a template", () => {
    expect(outputs(["/p/1.jpg", "/p/1.png"], { ...webp, template: "{index}-{name}-{ext}" })).toEqual([
      "/out/1-1-jpg.webp",
      "/out/2-1-png.webp",
    ]);
  });

  it("are refused when two inputs would share one, or an input would be replaced", () => {
    expect(() => outputs(["/p/1.jpg", "/p/1.png"])).toThrow(/would both become/);
    expect(() => outputs(["/out/1.webp"])).toThrow(/would replace an input/);
    expect(() => outputs(["/p/1.jpg"], { ...webp, template: "{foo}" })).toThrow(UsageError);
  });

  it("treat folders with a common beginning as different", () => {
    expect(commonFolder(["/p/ab/1.jpg", "/p/abc/1.jpg"])).toBe("/p");
    expect(commonFolder(["/1.jpg"])).toBe("/");
  });
});
