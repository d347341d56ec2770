import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const page = fileURLToPath(new URL("./page/", import.meta.url));

/** The page as the package carries it: no file is read at run time, nothing comes from elsewhere. */
interface PageBundle {
  /** `{{base}}` stands where the path that the page is mounted at goes. */
  readonly html: string;
  /** By name; the names carry a hash of the content, so that browsers may keep them for ever. */
  readonly assets: Readonly<Record<string, string>>;
}

/** Bundles the page's scripts and styles. */
async function bundlePage(): Promise<PageBundle> {
  const { outputFiles } = await build({
    entryPoints: [`${page}main.ts`],
    outdir: "out",
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2022", "chrome109", "firefox115", "safari16"],
    legalComments: "none",
    write: false,
    logLevel: "error",
  });
  const textOf = (ending: string): string =>
    outputFiles.find((file) => file.path.endsWith(ending))?.text ?? "";
  const icon = await readFile(`${page}icon.svg`, "utf8");
  const files = {
    script: named("app.js", textOf(".js")),
    style: named("app.css", textOf(".css")),
    icon: named("icon.svg", icon),
  };
  const template = await readFile(`${page}index.html`, "utf8");
  const html = template.replace(
    /\{\{(icon|style|script)\}\}/g,
    (_, part: keyof typeof files) => `{{base}}assets/${files[part].name}`,
  );
  return { html, assets: Object.fromEntries(Object.values(files).map(({ name, text }) => [name, text])) };
}

/** The module that `import page from "../page/index.html"` means. */
export async function pageModule(): Promise<string> {
  return `export default ${JSON.stringify(await bundlePage())};`;
}

/** For tsup and esbuild: embeds the bundled page. */
export const embedPage: Plugin = {
  name: "embed-page",
  setup(bundler) {
    bundler.onLoad({ filter: /[/\\]page[/\\]index\.html$/ }, async () => ({
      contents: await pageModule(),
      loader: "js",
    }));
  },
};

function named(name: string, text: string): { name: string; text: string } {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 10);
  return { name: name.replace(".", `-${hash}.`), text };
}
