/** A small copy of a picture, made anew from its pixels: never the file's own bytes, which might hold more than pixels. */
export interface Thumbnail {
  readonly body: Uint8Array;
  /** `image/…` */
  readonly contentType: string;
  /** Of the original. */
  readonly width: number;
  readonly height: number;
}

/** Makes a thumbnail of the file at `path`, which lies inside a root. Rejects for what is no picture. */
export type ThumbnailMaker = (path: string) => Promise<Thumbnail>;
