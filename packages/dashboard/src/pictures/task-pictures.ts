import type { Task } from "@imgq/queue";
import type { DashboardOptions } from "../options.ts";
import { type ConfinedFile, confinedFile } from "./confined-file.ts";
import type { Thumbnail } from "./thumbnail.ts";

/** A picture of a task, as the page lists it. */
export interface PictureInfo {
  /** `input`, `output` or `variant-0`, … */
  readonly key: string;
  readonly path: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
}

const MAX_CACHED = 64;
const MAX_PICTURES = 8;

/** Finds and shrinks the pictures of a task, when its payload looks like one of the pipeline. */
export class TaskPictures {
  readonly #options: Pick<DashboardOptions, "thumbnail" | "roots">;
  /** Newest last; keyed by path and time of change, so that a new output is a new entry. */
  readonly #cache = new Map<string, Promise<Thumbnail>>();

  constructor(options: Pick<DashboardOptions, "thumbnail" | "roots">) {
    this.#options = options;
  }

  /** Those that exist inside the roots and can be read, the input first. */
  async list(task: Task): Promise<readonly PictureInfo[]> {
    const found = await Promise.all(
      pathsOf(task.payload).map(async ({ key, path }) => {
        const picture = await this.#open(key, path);
        if (picture === undefined) return [];
        const { width, height } = picture.thumbnail;
        return [{ key, path, bytes: picture.file.bytes, width, height }];
      }),
    );
    return found.flat();
  }

  async thumbnail(task: Task, key: string): Promise<Thumbnail | undefined> {
    const path = pathsOf(task.payload).find((each) => each.key === key)?.path;
    return path === undefined ? undefined : (await this.#open(key, path))?.thumbnail;
  }

  async #open(key: string, path: string): Promise<{ file: ConfinedFile; thumbnail: Thumbnail } | undefined> {
    const { roots, thumbnail: make } = this.#options;
    if (roots === undefined || make === undefined) return undefined;
    const file = await confinedFile(key === "input" ? roots.input : roots.output, path);
    if (file === undefined) return undefined;
    const cacheKey = `${file.path}\0${file.changedAtMs}\0${file.bytes}`;
    const made = this.#cache.get(cacheKey) ?? make(file.path);
    this.#remember(cacheKey, made);
    try {
      return { file, thumbnail: await made };
    } catch {
      // No picture, or a hostile one: there is nothing to show.
      return undefined;
    }
  }

  #remember(key: string, made: Promise<Thumbnail>): void {
    this.#cache.delete(key);
    this.#cache.set(key, made);
    const oldest = this.#cache.keys().next().value;
    if (this.#cache.size > MAX_CACHED && oldest !== undefined) this.#cache.delete(oldest);
  }
}

/** The files a payload names. Payloads may be anything; only the shape of an image task is understood. */
function pathsOf(payload: unknown): { key: string; path: string }[] {
  if (!isObject(payload)) return [];
  const variants = Array.isArray(payload.variants) ? payload.variants : [];
  const named: [string, unknown][] = [
    ["input", payload.input],
    ["output", payload.output],
    ...variants.map((variant: unknown, index): [string, unknown] => [
      `variant-${index}`,
      isObject(variant) ? variant.output : undefined,
    ]),
  ];
  return named
    .flatMap(([key, path]) => (typeof path === "string" && path.length <= 4096 ? [{ key, path }] : []))
    .slice(0, MAX_PICTURES);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
