import { builtinFilters } from "@imgq/filters";
import { createPipeline } from "@imgq/pipeline";
import { faded, halftone } from "./index.ts";

const pipeline = createPipeline({
  filters: [...builtinFilters, faded, halftone],
  inputRoot: "images",
  outputRoot: "output",
});

// Both ways make the same steps; parameters are checked by the compiler in the first, at once in the second.
const steps = [faded({ amount: 0.7 }), halftone({ cell: 6 })];
const parsed = pipeline.parse("faded(0.7) | halftone(6)");
console.log(
  JSON.stringify(steps) === JSON.stringify(parsed) ? "parsed the same steps" : "parsed other steps",
);
console.log(pipeline.explain(steps).text);

const result = await pipeline.run({ input: "rocket.jpg", output: "rocket-printed.png", filters: steps });
console.log(`rocket-printed.png: ${result.width} × ${result.height}, ${result.passes} passes`);

try {
  pipeline.parse("halftone(1)");
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
}
