import { execFile } from "node:child_process";
import { performance } from "node:perf_hooks";
import { promisify } from "node:util";
import type { Absent, Contestant } from "../contestant.ts";
import type { FilterWork, Work } from "../works.ts";

const run = promisify(execFile);

/** A tool of the command line: its process is started for each picture, which belongs to using it. */
interface Tool {
  readonly name: string;
  readonly form: string;
  readonly version: readonly [command: string, ...args: string[]];
  readonly environment: (threads: number) => Readonly<Record<string, string>>;
  /** The commands of a work, in order. */
  readonly commands: (
    work: Work,
    input: string,
    output: string,
  ) => readonly (readonly string[])[] | undefined;
}

const vips: Tool = {
  name: "libvips CLI",
  form: "`vips` for each step through its own uncompressed .v files, process starts included.",
  version: ["vips", "--version"],
  environment: (threads) => ({ VIPS_CONCURRENCY: String(threads) }),
  commands(work, input, output) {
    const target = `${output}[Q=80]`;
    const [one, two, three] = [1, 2, 3].map((step) => `${output}.${step}.v`);
    switch (work) {
      case "codec":
        return undefined;
      case "grayscale":
        return [["vips", "colourspace", input, target, "b-w"]];
      case "blur":
        return [["vips", "gaussblur", input, target, "2"]];
      case "brightness":
        return [["vips", "linear", input, target, "1.2", "0", "--uchar"]];
      case "thumbnail":
        return [["vips", "thumbnail", input, target, "320"]];
      case "edges":
        return [
          ["vips", "colourspace", input, one ?? "", "b-w"],
          ["vips", "sobel", one ?? "", target],
        ];
      case "four":
        return [
          ["vips", "colourspace", input, one ?? "", "b-w"],
          ["vips", "gaussblur", one ?? "", two ?? "", "2"],
          ["vips", "linear", two ?? "", three ?? "", "1.2", "0", "--uchar"],
          ["vips", "sobel", three ?? "", target],
        ];
    }
  },
};

const sobel = ["-define", "convolve:scale=!", "-morphology", "Convolve", "Sobel:>"];

function magick(name: string, command: string): Tool {
  const filters: Readonly<Record<FilterWork, readonly string[]>> = {
    grayscale: ["-colorspace", "Gray"],
    blur: ["-gaussian-blur", "0x2"],
    brightness: ["-evaluate", "Multiply", "1.2"],
    edges: ["-colorspace", "Gray", ...sobel],
    four: ["-colorspace", "Gray", "-gaussian-blur", "0x2", "-evaluate", "Multiply", "1.2", ...sobel],
    thumbnail: ["-thumbnail", "320"],
  };
  return {
    name,
    form: `\`${command}\` with all steps in one command, process start included.`,
    version: [command, "-version"],
    environment: (threads) => ({ MAGICK_THREAD_LIMIT: String(threads) }),
    commands(work, input, output) {
      if (work === "codec") return undefined;
      const hint = work === "thumbnail" ? ["-define", "jpeg:size=640x480"] : [];
      return [[command, ...hint, input, ...filters[work], "-quality", "80", output]];
    },
  };
}

export const tools: readonly Tool[] = [vips, magick("ImageMagick", "convert")];

export async function commandPeer(tool: Tool, threads: number): Promise<Contestant | Absent> {
  const [command, ...args] = tool.version;
  const said = await run(command, args).catch(() => undefined);
  if (said === undefined) return { name: tool.name, reason: `there is no ${command} on the PATH` };
  // libvips counts its own format, in which the steps hand pictures on, as untrusted.
  const { VIPS_BLOCK_UNTRUSTED: _, ...inherited } = process.env;
  const env = { ...inherited, ...tool.environment(threads) };
  return {
    name: tool.name,
    version: /\d+\.\d+[.\d-]*/.exec(said.stdout)?.[0] ?? "unknown",
    form: tool.form,
    takes: (work) => tool.commands(work, "", "") !== undefined,
    async run(work, input, output) {
      const begun = performance.now();
      for (const [program = "", ...rest] of tool.commands(work, input, output) ?? [])
        await run(program, rest, { env });
      return performance.now() - begun;
    },
  };
}
