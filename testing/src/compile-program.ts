import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";

const compiled = new Map<string, Promise<string>>();

/**
 * Compiles a TypeScript program to one JavaScript file that plain Node runs, and returns its path. Packages stay
 * outside, so that the program runs against their builds as a user's program does, and without a loader in its threads.
 */
export function compileProgram(module: string): Promise<string> {
  const known = compiled.get(module);
  if (known !== undefined) return known;
  const made = compile(module);
  compiled.set(module, made);
  return made;
}

async function compile(module: string): Promise<string> {
  // Inside the program's workspace member, so that its packages and itself are found; not inside node_modules, where a
  // package does not find itself. The folder is ignored by git.
  const folder = join(packageOf(module), ".cache", "imgq-programs");
  const outfile = join(folder, `${basename(module, ".ts")}-${process.pid}.mjs`);
  await build({
    entryPoints: [module],
    outfile,
    bundle: true,
    packages: "external",
    // Without the paths of the root tsconfig, which lead to the sources.
    tsconfigRaw: {},
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    logLevel: "silent",
  });
  return outfile;
}

/** The nearest folder above with a package.json. */
function packageOf(module: string): string {
  let folder = dirname(module);
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`${module} is in no package.`);
    folder = parent;
  }
  return folder;
}
