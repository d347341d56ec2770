/** Formats that are read, by the bytes that such a file begins with. */
const signatures: readonly { readonly at: number; readonly bytes: string }[] = [
  { at: 0, bytes: "\xff\xd8\xff" },
  { at: 0, bytes: "\x89PNG" },
  { at: 0, bytes: "GIF8" },
  { at: 8, bytes: "WEBP" },
  { at: 0, bytes: "II*\0" },
  { at: 0, bytes: "MM\0*" },
  { at: 4, bytes: "ftyp" },
];

/** Whether a file begins as a picture of a format that is read does: if it cannot be read all the same, it is damaged. */
export function beginsAsPicture(bytes: Buffer): boolean {
  return signatures.some(
    (signature) =>
      bytes.toString("latin1", signature.at, signature.at + signature.bytes.length) === signature.bytes,
  );
}
