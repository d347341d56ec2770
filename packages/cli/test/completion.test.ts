import { execFileSync, spawnSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imgqBin } from "./run-imgq.ts";

let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imgq-completion-"));
  const command = join(folder, "imgq");
  await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${imgqBin}" "$@"\n`);
  await chmod(command, 0o755);
  await writeFile(join(folder, "picture.jpg"), "");
  env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, HOME: folder, XDG_CONFIG_HOME: folder };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a script in a shell, in a folder that holds only `imgq` and `picture.jpg`. */
function run(shell: string, args: readonly string[]): string {
  return execFileSync(shell, args, { env, cwd: folder, encoding: "utf8", timeout: 60_000 });
}

/** Skipped where the shell is not installed, but not where tests must not be skipped. */
function describeIn(shell: string, tests: () => void): void {
  const isThere = spawnSync(shell, ["-c", "exit 0"]).error === undefined;
  (isThere || process.env.CI === "true" ? describe : describe.skip)(`completion in ${shell}`, tests);
}

describe("imgq completion", () => {
  it("offers commands, options and listed values", () => {
    const offered = (...words: string[]): string[] =>
      run(join(folder, "imgq"), ["__complete", "--", ...words])
        .trim()
        .split("\n")
        .map((line) => line.split("\t")[0] ?? "");
    expect(offered("doc")).toEqual(["doctor"]);
    expect(offered("doctor", "--no")).toEqual(["--no-redis", "--no-color"]);
    expect(offered("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(offered("add", "--priority=h")).toEqual(["--priority=high"]);
  });
});

describeIn("bash", () => {
  const complete = (...words: string[]): string[] =>
    run("bash", [
      "--norc",
      "-c",
      'source <(imgq completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _imgq; printf "%s\\n" "${COMPREPLY[@]}"',
      "bash",
      ...words,
    ])
      .split("\n")
      .filter((line) => line !== "");

  it("offers commands, options and values, and leaves files to the shell", () => {
    expect(complete("imgq", "dead", "")).toEqual(["list", "show", "redrive", "purge", "help"]);
    expect(complete("imgq", "tasks", "list", "--st")).toEqual(["--state"]);
    expect(complete("imgq", "add", "--priority", "h")).toEqual(["high"]);
    expect(complete("imgq", "process", "pic")).toEqual([]);
  });

  it("completes a value behind an equals sign, which is a word of its own", () => {
    expect(complete("imgq", "add", "--priority", "=", "h")).toEqual(["high"]);
    expect(complete("imgq", "add", "--priority", "=")).toEqual(["high", "normal", "low"]);
  });
});

describeIn("fish", () => {
  const complete = (line: string): string[] =>
    run("fish", ["--no-config", "-c", `imgq completion fish | source; complete -C '${line}'`])
      .split("\n")
      .map((each) => each.split("\t")[0] ?? "")
      .filter((word) => word !== "");

  it("offers commands, options and values with nothing else among them, and files where there are none", () => {
    expect(complete("imgq dead ")).toEqual(["help", "list", "purge", "redrive", "show"]);
    expect(complete("imgq tasks list --st")).toEqual(["--state"]);
    expect(complete("imgq add --priority h")).toEqual(["high"]);
    expect(complete("imgq add --priority=h")).toEqual(["--priority=high"]);
    expect(complete("imgq process pic")).toEqual(["picture.jpg"]);
  });
});

describeIn("zsh", () => {
  const zsh = (script: string): string[] =>
    run("zsh", ["-f", "-c", script])
      .split("\n")
      .filter((line) => line !== "");
  // What zsh would show is printed instead.
  const shown = "_describe() { print -l -- ${(P)2} }; _files() { print -- files }";
  const ask = (...words: string[]): string => `words=(${words.join(" ")}); CURRENT=${words.length}; _imgq`;

  it("is there without compinit, and offers commands, values, and files where there are none", () => {
    const source = "source <(imgq completion zsh)";
    expect(zsh(`${source}; print -- $_comps[imgq]`)).toEqual(["_imgq"]);
    expect(zsh(`${source}; ${shown}; ${ask("imgq", "dead", "pu")}`)).toEqual([
      "purge:remove dead letters for good",
    ]);
    expect(zsh(`${source}; ${shown}; ${ask("imgq", "add", "--priority=h")}`)).toEqual([
      "--priority=high:who comes first",
    ]);
    expect(zsh(`${source}; ${shown}; ${ask("imgq", "process", "pic")}`)).toEqual(["files"]);
  });

  it("works as a file of fpath, from the first tab on", async () => {
    await writeFile(join(folder, "_imgq"), run(join(folder, "imgq"), ["completion", "zsh"]));
    const load = `fpath=("${folder}" $fpath); autoload -Uz compinit; compinit -u -d "${folder}/dump"`;
    expect(zsh(`${load}; print -- $_comps[imgq]; ${shown}; ${ask("imgq", "dead", "pu")}`)).toEqual([
      "_imgq",
      "purge:remove dead letters for good",
    ]);
  });
});
