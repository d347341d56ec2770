/**
 * What the contestants do to a picture, jpeg to jpeg at quality 80. `codec` is what a picture costs before and after any filter
 * that makes it grey: decoding into pixels, and encoding grey pixels; what is between them is not counted.
 */
export const works = ["grayscale", "blur", "brightness", "edges", "four", "thumbnail", "codec"] as const;
export type Work = (typeof works)[number];
export type FilterWork = Exclude<Work, "codec">;

/** The same as imgq's text form. `edges` is the true magnitude; who has |gx| + |gy| only does that, which is less work. */
export const textOf: Readonly<Record<FilterWork, string>> = {
  grayscale: "grayscale",
  blur: "blur(2)",
  brightness: "brightness(1.2)",
  edges: "edges",
  four: "grayscale | blur(2) | brightness(1.2) | edges",
  thumbnail: "resize(320)",
};

export const titleOf: Readonly<Record<Work, string>> = {
  grayscale: "grayscale",
  blur: "blur, σ 2",
  brightness: "brightness × 1.2",
  edges: "edges (Sobel)",
  four: "all four",
  thumbnail: "to 320 pixels wide",
  codec: "no filter: decode to pixels, encode grey ones",
};
