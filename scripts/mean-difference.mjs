import sharp from "sharp";

/** Mean absolute difference of two pictures' samples, in levels, over white; 255 when their sizes differ. */
export async function meanDifference(one, other) {
  const [left, right] = await Promise.all([one, other].map(read));
  if (left.info.width !== right.info.width || left.info.height !== right.info.height) return 255;
  let sum = 0;
  for (const [index, sample] of left.data.entries()) sum += Math.abs(sample - right.data[index]);
  return sum / left.data.length;
}

function read(file) {
  const image = sharp(file).flatten({ background: "white" }).toColourspace("srgb").removeAlpha();
  return image.raw().toBuffer({ resolveWithObject: true });
}
