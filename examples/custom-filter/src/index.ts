export { faded } from "./faded.ts";
export { halftone } from "./halftone.ts";
