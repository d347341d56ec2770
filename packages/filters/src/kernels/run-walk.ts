import type { RawImage } from "../raw-image.ts";
import { channelsAlong, type Pass, runLocally } from "./pass.ts";
import { runLength, tileMemory } from "./tile-memory.ts";
import type { Walk } from "./walk.ts";
import { type WasmKernels, wasmKernels } from "./wasm.ts";

/** Takes an image as one long row, where neither place nor neighbourhood matters. */
export class RunWalk implements Walk {
  readonly #wasm: WasmKernels = wasmKernels();
  readonly #pass: Pass;
  readonly #source: RawImage;
  readonly #target: RawImage;
  readonly #runPixels: number;
  #done = 0;

  /** Reads `source` and writes `target`; they may share memory when no pixel grows. */
  constructor(pass: Pass, source: RawImage, target: RawImage) {
    this.#pass = pass;
    this.#source = source;
    this.#target = target;
    this.#runPixels = runLength(Math.max(...channelsAlong(pass.before, source.channels)));
  }

  get done(): boolean {
    return this.#done === this.#source.width * this.#source.height;
  }

  step(): void {
    const { channels, width, height } = this.#source;
    const pixels = Math.min(this.#runPixels, width * height - this.#done);
    const memory = new Uint8Array(this.#wasm.memory.buffer);
    const at = tileMemory.rows;
    const from = this.#done * channels;
    memory.set(this.#source.data.subarray(from, from + pixels * channels), at);
    const placement = { x: this.#done, y: 0, image: { width: width * height, height: 1 } };
    runLocally(this.#wasm, this.#pass.before, { at, rows: 1, rowPixels: pixels, channels }, placement);
    const made = memory.subarray(at, at + pixels * this.#target.channels);
    this.#target.data.set(made, this.#done * this.#target.channels);
    this.#done += pixels;
  }

  leaveMemory(): void {}

  returnToMemory(): void {}
}
