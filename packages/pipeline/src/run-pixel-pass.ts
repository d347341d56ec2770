import { InvalidFilterError, type PixelOperation, type RawImage, type ToneOperation } from "@imgq/filters";
import { affine, type Kernel, runKernels, table } from "@imgq/filters/kernels";
import { contextOf, type PassSettings, refuseTooLarge } from "./extend-chain.ts";
import type { Pass, PlannedOperation } from "./pass.ts";

/** Runs a pass on raw pixels. Neighbouring kernels and tones share one walk over them, in the input's memory if they may. */
export async function runPixelPass(
  input: RawImage,
  pass: Pass,
  settings: PassSettings,
  { reuseInput }: { readonly reuseInput: boolean },
): Promise<RawImage> {
  const { signal } = settings;
  let pixels = input;
  let reusable = reuseInput;
  let kernels: Kernel[] = [];
  const walk = async (): Promise<void> => {
    if (kernels.length === 0) return;
    pixels = await runKernels(pixels, kernels, { signal, reuseInput: reusable });
    reusable = true;
    kernels = [];
  };
  for (const planned of pass.operations) {
    const { operation } = planned;
    if (operation.kind === "tone") kernels.push(toneKernel(operation));
    else if ("kernels" in operation && operation.kernels !== undefined) kernels.push(...operation.kernels);
    else if (operation.kind === "pixels") {
      await walk();
      pixels = await applyAlone(pixels, planned, operation, settings, reusable);
      // The filter may have kept what it returned.
      reusable = false;
    } else throw new Error(`A ${operation.kind} operation cannot run on raw pixels; the plan is wrong.`);
  }
  await walk();
  return pixels;
}

function toneKernel({ table: entries, line }: ToneOperation): Kernel {
  return line === undefined ? table([entries]) : affine(line);
}

async function applyAlone(
  pixels: RawImage,
  { name }: PlannedOperation,
  operation: PixelOperation,
  settings: PassSettings,
  reuseInput: boolean,
): Promise<RawImage> {
  settings.signal?.throwIfAborted();
  if (operation.size !== undefined) refuseTooLarge(operation.size(pixels), name, settings);
  const context = { ...contextOf(pixels, pixels.channels, settings), reuseInput };
  const applied = await operation.apply(pixels, context);
  refuseMalformed(applied, name);
  refuseTooLarge(applied, name, settings);
  return applied;
}

/** A filter's bug is told apart from a bad picture. */
function refuseMalformed({ data, width, height, channels }: RawImage, name: string): void {
  if (data.length === width * height * channels && data.length > 0) return;
  throw new InvalidFilterError(
    `${name} returned ${data.length} bytes for ${width} × ${height} pixels of ${channels} channels. Return width * height * channels bytes.`,
  );
}
