/** Luma of the RGB pixel at an index of its first byte, 0..255 (ITU-R BT.601). */
export const lumaAt = (rgb: Uint8Array, at: number): number =>
  0.299 * rgb[at]! + 0.587 * rgb[at + 1]! + 0.114 * rgb[at + 2]!;
