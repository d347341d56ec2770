// Packs every package as it would be published, lints the tarballs (publint, attw), then installs them all into an
// empty project with npm, as a user would, and loads each both ways: import and require.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const run = promisify(execFile);
const work = await mkdtemp(join(tmpdir(), "imgq-packages-"));
let problems = 0;

try {
  const packages = await packAll();
  for (const item of packages) problems += await lint(item);
  await installAndLoad(packages);
} finally {
  await rm(work, { recursive: true, force: true });
}
process.exitCode = problems === 0 ? 0 : 1;

async function packAll() {
  const names = (await readdir("packages")).toSorted();
  const packed = [];
  for (const folder of names) {
    const manifest = JSON.parse(await readFile(join("packages", folder, "package.json"), "utf8"));
    const target = join(work, "tarballs");
    await mkdir(target, { recursive: true });
    await run("pnpm", ["pack", "--pack-destination", target], { cwd: join("packages", folder) });
    packed.push({ folder, manifest, tarball: join(target, `imgq-${folder}-${manifest.version}.tgz`) });
  }
  return packed;
}

async function lint({ folder, manifest, tarball }) {
  const { messages } = await publint({ pkgDir: join("packages", folder), strict: true });
  for (const message of messages) console.error(`${manifest.name}: ${formatMessage(message, manifest)}`);
  const types = await run("pnpm", ["exec", "attw", "--profile", "esm-only", "--no-color", tarball]).then(
    () => "",
    (error) => `${error.stdout ?? ""}${error.stderr ?? ""}`,
  );
  if (types !== "") console.error(types);
  const found = messages.length + (types === "" ? 0 : 1);
  console.log(
    `${manifest.name.padEnd(18)} ${found === 0 ? "publint and attw are content" : `${found} problem(s)`}`,
  );
  return found;
}

async function installAndLoad(packages) {
  const project = join(work, "project");
  await mkdir(project);
  await writeFile(
    join(project, "package.json"),
    JSON.stringify({ name: "a-user", private: true, type: "module" }),
  );
  // Optional ones too: every entry is loaded, those for OpenTelemetry among them.
  const peers = Object.assign({}, ...packages.map((item) => item.manifest.peerDependencies));
  const specs = [
    ...packages.map((item) => item.tarball),
    ...Object.entries(peers).map(([name, range]) => `${name}@${range}`),
  ];
  await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...specs], { cwd: project });
  for (const { manifest } of packages) {
    for (const path of Object.keys(manifest.exports)) {
      const specifier = manifest.name + path.slice(1);
      if (specifier.endsWith("package.json")) continue;
      const load = `await import("${specifier}"); (await import("node:module")).createRequire(import.meta.url)("${specifier}");`;
      await run(process.execPath, ["--no-warnings", "--input-type=module", "-e", load], { cwd: project });
    }
  }
  const { stdout } = await run("npx", ["imgq", "--version"], { cwd: project });
  console.log(
    `installed from tarballs with npm; every entry loads by import and by require; imgq --version says ${stdout.trim()}`,
  );
}
