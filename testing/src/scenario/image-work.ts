import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blur, edges, grayscale } from "@imgq/filters";
import { createPipeline } from "@imgq/pipeline";
import type { ChaosImage, ChaosTask } from "./chaos-task.ts";
import { hashOf } from "./output-watch.ts";

/** Real pictures and what must become of them. */
export interface ImageWork {
  readonly tasks: readonly ChaosTask[];
  /** SHA-256 by the name of the output, from a run without queue or workers. */
  readonly expected: ReadonlyMap<string, string>;
}

const pictures = ["retina.jpg", "chelsea.png", "rocket.jpg", "hubble_deep_field.jpg"];

/** `count` tasks over the repository's pictures, each with its own output. */
export async function imageWork(inputRoot: string, count: number): Promise<ImageWork> {
  const filters = [blur({ sigma: 3 }), grayscale(), edges()];
  const images = Array.from({ length: count }, (_, index): ChaosImage => {
    const input = pictures[index % pictures.length] ?? "rocket.jpg";
    return { input, output: `${index}-${input.replace(/\..*$/, ".jpg")}`, filters };
  });
  const expected = new Map<string, string>();
  const folder = await mkdtemp(join(tmpdir(), "imgq-direct-"));
  try {
    const direct = createPipeline({ inputRoot, outputRoot: folder });
    for (const [index, image] of images.entries()) {
      const known =
        index < pictures.length ? undefined : expected.get(images[index % pictures.length]?.output ?? "");
      if (known === undefined) await direct.run(image);
      const hash = known ?? (await hashOf(join(folder, image.output)));
      if (hash !== undefined) expected.set(image.output, hash);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { tasks: images.map((image) => ({ do: "image", image })), expected };
}
