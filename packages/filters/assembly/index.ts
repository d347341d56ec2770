export { affine } from "./affine";
export { convolve } from "./convolve";
export { prewitt_l1, prewitt_l2, scharr_l1, scharr_l2, sobel_l1, sobel_l2 } from "./gradient";
export { laplacian } from "./laplacian";
export { lumaRgb, lumaRgba } from "./luma";
export { table } from "./table";
