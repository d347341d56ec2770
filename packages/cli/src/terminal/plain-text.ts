/** Control characters, and those that turn the reading direction: they could rewrite what is on the screen. */
const unprintable = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from outside (payloads, file names, messages of errors) made safe to print on one line: white space becomes a
 * space, and what a terminal would obey is shown as `\x1b` instead.
 */
export function plainText(text: string): string {
  return text.replace(/\s+/gu, " ").replace(unprintable, (character) => {
    const code = character.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
  });
}
