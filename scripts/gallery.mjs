// Writes docs/filters.md and docs/gallery/ from the filters' declarations, with the real pipeline. With `--check`: writes
// nothing, and fails when the page, the list of pictures or a picture is not what it would write.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { builtinFilters, describeFilter } from "../packages/filters/dist/index.js";
import { createPipeline } from "../packages/pipeline/dist/index.js";
import { meanDifference } from "./mean-difference.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const page = join(root, "docs/filters.md");
const gallery = join(root, "docs/gallery");

/** Headings, each with the filter that it stands before. */
const headings = {
  autoOrient: "Geometry",
  grayscale: "Light and colour",
  blur: "Neighbourhoods",
  roundCorners: "Layers",
};

/** A thumbnail of the cat, unless a filter shows better on something else. `before` is shown beside the result. */
const small = "resize(240, 160)";
const scenes = {
  autoOrient: { input: "rocket-portrait.jpg", steps: "resize(120)" },
  trim: { steps: `${small} | pad(30, 60, 20, 10, #eee)`, before: true },
  flatten: { input: "cup-cutout.png", steps: "resize(200)", before: true },
  normalize: { steps: `${small} | contrast(0.4)`, before: true },
  equalize: { input: "rocket.jpg", steps: "resize(240, 160)", before: true },
  edges: { input: "coffee.webp" },
  emboss: { input: "coffee.webp" },
  median: { steps: `${small} | noise(40, false)`, before: true },
  smartCrop: { input: "astronaut.jpg", steps: "resize(240)", before: true },
  resize: { input: "rocket.jpg", steps: "resize(240)" },
  mask: { input: "coffee.webp", steps: small },
};
/** Above it a picture shows something else than the one that is checked in. */
const MAX_MEAN_DIFFERENCE = 6;

const check = process.argv.includes("--check");
const rendered = check ? await mkdtemp(join(tmpdir(), "imgq-gallery-")) : gallery;
await mkdir(rendered, { recursive: true });
const before = await readdir(gallery).catch(() => []);
const pictures = await render(rendered);
const text = writePage();

if (check) {
  const problems = await differences();
  await rm(rendered, { recursive: true });
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) console.error("Run: pnpm gallery");
  process.exitCode = problems.length === 0 ? 0 : 1;
} else {
  for (const name of before) if (!pictures.includes(name)) await rm(join(gallery, name));
  await writeFile(page, text);
  console.log(`docs/filters.md and ${pictures.length} pictures in docs/gallery`);
}

/** Renders every picture; returns their names. */
async function render(folder) {
  const pipeline = createPipeline({ inputRoot: join(root, "images"), outputRoot: folder });
  const names = [];
  const draw = async (name, input, steps) => {
    const encode = { format: "webp", quality: 75 };
    await pipeline.run({ input, output: name, filters: pipeline.parse(steps), encode });
    names.push(name);
  };
  await draw("original.webp", "chelsea.png", small);
  for (const { name, example } of builtinFilters.map(describeFilter)) {
    const { input = "chelsea.png", steps = small, before: shown = false } = scenes[name] ?? {};
    await draw(`${name}.webp`, input, `${steps} | ${example}`);
    if (shown) await draw(`${name}-before.webp`, input, steps);
  }
  return names;
}

function writePage() {
  const sections = builtinFilters
    .map(describeFilter)
    .flatMap(({ name, description, example, parameters }) => [
      ...(headings[name] === undefined ? [] : [`## ${headings[name]}`]),
      `### ${name}`,
      description,
      "```text\n" + example + "\n```",
      [
        ...(scenes[name]?.before === true ? [`![Before ${name}](gallery/${name}-before.webp)`] : []),
        `![${name}](gallery/${name}.webp)`,
      ].join(" "),
      ...(parameters.length === 0 ? [] : [parameters.map(writeParameter).join("\n")]),
    ]);
  return (
    [
      "<!-- Written by scripts/gallery.mjs from the filters' declarations: pnpm gallery -->",
      "# Filters",
      [
        "The filters that come with imgq, each with a use in the text form, what it makes of a picture, and its parameters.",
        "Values without names are taken in the order in which the parameters are listed. In TypeScript each is a function",
        "of an object with the same names: `blur({ sigma: 2 })`. [Writing filters](writing-filters.md) tells how to add more.",
      ].join("\n"),
      "The picture that most of them are shown on:",
      "![A cat](gallery/original.webp)",
      ...sections,
      "",
    ]
      .join("\n\n")
      .trimEnd() + "\n"
  );
}

function writeParameter({ name, sentence, values, required, defaultValue }) {
  const fallback = required
    ? "required"
    : defaultValue === undefined
      ? "optional"
      : `default ${typeof defaultValue === "string" ? defaultValue : JSON.stringify(defaultValue)}`;
  return `- \`${name}\`: ${sentence} ${values[0].toUpperCase()}${values.slice(1)}; ${fallback}.`;
}

async function differences() {
  const problems = [];
  if ((await readFile(page, "utf8").catch(() => "")) !== text) problems.push("docs/filters.md is stale.");
  if (!isDeepStrictEqual(new Set(pictures), new Set(before))) {
    problems.push("docs/gallery does not hold the pictures of docs/filters.md, or others too.");
    return problems;
  }
  for (const name of pictures) {
    const difference = await meanDifference(join(gallery, name), join(rendered, name));
    if (difference > MAX_MEAN_DIFFERENCE)
      problems.push(`docs/gallery/${name} is stale (${difference.toFixed(1)}).`);
  }
  return problems;
}
