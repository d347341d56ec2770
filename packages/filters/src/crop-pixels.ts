import { inSlices } from "./kernels/slices.ts";
import type { Region } from "./operation.ts";
import type { RawImage } from "./raw-image.ts";

/** A rectangle of a picture; it must lie inside. */
export async function cropPixels(
  { data: source, width, channels }: RawImage,
  region: Region,
  signal: AbortSignal | undefined,
): Promise<RawImage> {
  const rowBytes = region.width * channels;
  const data = Buffer.allocUnsafeSlow(rowBytes * region.height);
  await inSlices(region.height, signal, (y) => {
    const from = ((region.top + y) * width + region.left) * channels;
    data.set(source.subarray(from, from + rowBytes), y * rowBytes);
  });
  return { data, width: region.width, height: region.height, channels };
}
