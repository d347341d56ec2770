import type { RawImage } from "../raw-image.ts";
import { type LocalKernel, type Pass, runLocally } from "./pass.ts";
import type { BufferLayout, StripLayout } from "./strip-layout.ts";
import type { Walk } from "./walk.ts";
import { type WasmKernels, wasmKernels } from "./wasm.ts";

/** Rows `first` to before `end` of the image as a stencil reads them; above and below it the nearest row counts. */
interface RowBuffer extends BufferLayout {
  first: number;
  end: number;
}

/**
 * Goes down one strip of columns. Rows come in a few at a time, pass through all kernels as soon as the rows below that
 * they need are there, and leave; each stencil's buffer keeps the rows that its next results will need.
 */
export class StripWalk implements Walk {
  readonly #wasm: WasmKernels = wasmKernels();
  readonly #pass: Pass;
  readonly #source: RawImage;
  readonly #target: RawImage;
  readonly #layout: StripLayout;
  readonly #left: number;
  readonly #right: number;
  readonly #buffers: readonly RowBuffer[];
  #taken = 0;
  #kept: readonly Uint8Array[] = [];

  /** Reads `source` and writes `target`; they may share memory when the strip is as wide as the image and no pixel grows. */
  constructor(pass: Pass, source: RawImage, target: RawImage, layout: StripLayout, left: number) {
    this.#pass = pass;
    this.#source = source;
    this.#target = target;
    this.#layout = layout;
    this.#left = left;
    this.#right = Math.min(source.width, left + layout.columns);
    this.#buffers = layout.buffers.map((buffer) => ({ ...buffer, first: -buffer.reachY, end: 0 }));
  }

  get done(): boolean {
    return this.#taken === this.#source.height;
  }

  step(): void {
    const { before, stages } = this.#pass;
    let [buffer] = this.#buffers;
    if (buffer === undefined)
      throw new Error("A walk has at least the buffer of its result; the layout is wrong.");
    const rows = Math.min(this.#layout.rows, this.#source.height - this.#taken);
    this.#copyIn(buffer, rows);
    this.#taken += rows;
    this.#finish(buffer, rows, before, this.#source.channels);
    for (const [index, { stencil, after }] of stages.entries()) {
      const next = this.#buffers[index + 1];
      if (next === undefined) throw new Error("Each stage has a buffer for its result; the layout is wrong.");
      const made = Math.max(0, buffer.end - buffer.reachY - next.end);
      const { left, width } = this.#columnsOf(next);
      const { rowPixels } = this.#layout;
      const { channels } = buffer;
      const above = next.end - buffer.reachY - buffer.first;
      const column = left - stencil.reach.x - (this.#left - buffer.marginX);
      const source = buffer.at + (above * rowPixels + column) * channels;
      const target = this.#tail(next) + (left - (this.#left - next.marginX)) * channels;
      stencil.run(this.#wasm, { source, target, width, height: made, rowPixels, channels });
      this.#finish(next, made, after, channels);
      this.#forget(buffer, next.end - buffer.reachY);
      buffer = next;
    }
    this.#copyOut(buffer);
  }

  leaveMemory(): void {
    const memory = new Uint8Array(this.#wasm.memory.buffer);
    this.#kept = this.#buffers.map((buffer) => memory.slice(buffer.at, this.#tail(buffer)));
  }

  returnToMemory(): void {
    const memory = new Uint8Array(this.#wasm.memory.buffer);
    for (const [index, { at }] of this.#buffers.entries()) memory.set(this.#kept[index] ?? [], at);
    this.#kept = [];
  }

  /** The columns of a buffer that are inside of the image. */
  #columnsOf({ marginX }: BufferLayout): { readonly left: number; readonly width: number } {
    const left = Math.max(0, this.#left - marginX);
    return { left, width: Math.min(this.#source.width, this.#right + marginX) - left };
  }

  #rowBytes({ channels }: BufferLayout): number {
    return this.#layout.rowPixels * channels;
  }

  /** Where a buffer's next row goes. */
  #tail(buffer: RowBuffer): number {
    return buffer.at + (buffer.end - buffer.first) * this.#rowBytes(buffer);
  }

  #copyIn(buffer: RowBuffer, rows: number): void {
    const { data, width: across, channels } = this.#source;
    const { left, width } = this.#columnsOf(buffer);
    const memory = new Uint8Array(this.#wasm.memory.buffer);
    let at = this.#tail(buffer) + (left - (this.#left - buffer.marginX)) * channels;
    let from = (this.#taken * across + left) * channels;
    for (let row = 0; row < rows; row++) {
      memory.set(data.subarray(from, from + width * channels), at);
      at += this.#layout.rowPixels * channels;
      from += across * channels;
    }
  }

  /** Does to new rows what needs no neighbours, and repeats pixels around them where the image ends. */
  #finish(
    buffer: RowBuffer,
    rows: number,
    kernels: readonly LocalKernel[],
    channels: RawImage["channels"],
  ): void {
    const { rowPixels } = this.#layout;
    const { width, height } = this.#source;
    const at = this.#tail(buffer);
    const placement = { x: this.#left - buffer.marginX, y: buffer.end, image: { width, height } };
    runLocally(this.#wasm, kernels, { at, rows, rowPixels, channels }, placement);
    if (buffer.marginX > 0) {
      const inside = this.#columnsOf(buffer);
      const missing = inside.left - placement.x;
      const right = this.#right + buffer.marginX - inside.left - inside.width;
      const stride = this.#rowBytes(buffer);
      this.#wasm.extendRows(at, rows, stride, buffer.channels, missing, inside.width, right);
    }
    if (rows > 0 && buffer.end === 0) this.#repeat(at, buffer.at, buffer);
    buffer.end += rows;
    if (rows > 0 && buffer.end === height) {
      const tail = this.#tail(buffer);
      this.#repeat(tail - this.#rowBytes(buffer), tail, buffer);
      buffer.end += buffer.reachY;
    }
  }

  /** Fills as many rows as a buffer's stencil reads beyond the image. */
  #repeat(row: number, at: number, buffer: RowBuffer): void {
    const memory = new Uint8Array(this.#wasm.memory.buffer);
    const bytes = this.#rowBytes(buffer);
    for (let count = 0; count < buffer.reachY; count++)
      memory.copyWithin(at + count * bytes, row, row + bytes);
  }

  #forget(buffer: RowBuffer, before: number): void {
    if (before <= buffer.first) return;
    const start = buffer.at + (before - buffer.first) * this.#rowBytes(buffer);
    new Uint8Array(this.#wasm.memory.buffer).copyWithin(buffer.at, start, this.#tail(buffer));
    buffer.first = before;
  }

  #copyOut(buffer: RowBuffer): void {
    const { data, width: across, channels } = this.#target;
    const memory = new Uint8Array(this.#wasm.memory.buffer);
    const width = this.#right - this.#left;
    let from = buffer.at;
    for (let row = buffer.first; row < buffer.end; row++) {
      data.set(memory.subarray(from, from + width * channels), (row * across + this.#left) * channels);
      from += this.#rowBytes(buffer);
    }
    buffer.first = buffer.end;
  }
}
