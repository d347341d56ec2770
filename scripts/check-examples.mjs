// Runs every example that has an expected-output.txt and compares what it prints, with times and other things that
// differ from run to run masked. `--update` writes the masked output instead.
import { spawn } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const update = process.argv.includes("--update");
const only = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
let failures = 0;

for (const name of (await readdir("examples")).toSorted()) {
  if (only.length > 0 && !only.includes(name)) continue;
  const expectedFile = join("examples", name, "expected-output.txt");
  const expected = await readFile(expectedFile, "utf8").catch(() => undefined);
  if (expected === undefined && !update) continue;
  const startedAt = Date.now();
  const { output, code } = await runExample(name);
  const actual = mask(output);
  if (update) await writeFile(expectedFile, actual);
  else if (code !== 0 || actual !== expected) {
    failures += 1;
    console.error(
      `examples/${name} exited with ${code}; expected\n${expected}\nbut it printed\n${actual}\n(unmasked)\n${output}`,
    );
    continue;
  }
  console.log(
    `examples/${name}: ${update ? "written" : "as expected"} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`,
  );
}
process.exitCode = failures === 0 ? 0 : 1;

function runExample(name) {
  return new Promise((resolve) => {
    const child = spawn("pnpm", ["--silent", "--dir", join("examples", name), "start"], {
      stdio: ["ignore", "pipe", "inherit"],
      // Each starts a Redis of its own, as its expected output says.
      env: { ...process.env, NO_COLOR: "1", REDIS_URL: undefined },
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.once("close", (code) => resolve({ output, code }));
  });
}

function mask(text) {
  const lines = text
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "<address>")
    .replaceAll(/redis:\/\/[\w.:]+/g, "<redis>")
    .replaceAll(/\b\d+(\.\d+)?( |\u00a0)?(ms|s)\b/g, "<time>")
    .replaceAll(/\b\d+(\.\d+)? (pictures|tasks)\/s/g, "<rate> $2/s")
    .replaceAll(/\b(pid|PID) \d+/g, "$1 <pid>")
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, "<id>")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "<sha256>")
    .split("\n")
    // Live progress: how many lines there are, and what they say, depends on the machine.
    .map((line) => (line.includes("│") ? "<progress>" : line.trimEnd()));
  return lines.filter((line, index) => line !== "<progress>" || lines[index - 1] !== "<progress>").join("\n");
}
