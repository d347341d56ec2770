import * as v from "valibot";

/** Red, green, blue and alpha, each 0 to 255. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** The basic colour words of CSS. */
const named: Readonly<Record<string, string>> = {
  transparent: "#00000000",
  black: "#000000",
  silver: "#c0c0c0",
  gray: "#808080",
  white: "#ffffff",
  maroon: "#800000",
  red: "#ff0000",
  purple: "#800080",
  fuchsia: "#ff00ff",
  green: "#008000",
  lime: "#00ff00",
  olive: "#808000",
  yellow: "#ffff00",
  navy: "#000080",
  blue: "#0000ff",
  teal: "#008080",
  aqua: "#00ffff",
  orange: "#ffa500",
};

const hexadecimal = /^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i;

/** A colour as steps hold it: `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, or one of CSS's basic words. */
export function color(): v.GenericSchema<string> {
  const values = "a colour: #rgb, #rrggbb, #rrggbbaa, or a word such as white or transparent";
  const message = `must be ${values}`;
  return v.pipe(
    v.string(message),
    v.check((given) => hexadecimal.test(given) || Object.hasOwn(named, given.toLowerCase()), message),
    v.metadata({ values }),
  );
}

/** The samples of a colour that {@link color} lets through. */
export function parseColor(given: string): Rgba {
  const word = given.toLowerCase();
  const hex = (Object.hasOwn(named, word) ? named[word] : undefined) ?? word;
  const long = hex.length > 5 ? hex.slice(1) : hex.slice(1).replaceAll(/./g, "$&$&");
  const sample = (index: number): number => Number.parseInt(long.slice(index * 2, index * 2 + 2) || "ff", 16);
  return [sample(0), sample(1), sample(2), sample(3)];
}
