import { toLuma, type Pixels } from './pixels.ts';
import { resample } from './resample.ts';

const SIDE = 32;
const LOW = 8;

/** cos(pi k (2n + 1) / 2N), the rows of the unnormalised DCT-II that the hash needs. */
const COSINES = Float64Array.from({ length: LOW * SIDE }, (_, i) =>
  Math.cos((Math.PI * Math.floor(i / SIDE) * (2 * (i % SIDE) + 1)) / (2 * SIDE)),
);

/**
 * Coefficients that are zero in exact arithmetic come out as rounding noise of either sign; without this grid that
 * noise would set the bits of flat and symmetric pictures.
 */
const GRID = 1e6;

/** The lowest 8x8 DCT-II coefficients of 32x32 grey bytes, row-major, DC included. */
function lowFrequencies(grey: Uint8Array): Float64Array {
  const rows = new Float64Array(SIDE * LOW);
  for (let y = 0; y < SIDE; y++) {
    for (let k = 0; k < LOW; k++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += grey[y * SIDE + x]! * COSINES[k * SIDE + x]!;
      rows[y * LOW + k] = sum;
    }
  }
  const low = new Float64Array(LOW * LOW);
  for (let j = 0; j < LOW; j++) {
    for (let k = 0; k < LOW; k++) {
      let sum = 0;
      for (let y = 0; y < SIDE; y++) sum += rows[y * LOW + k]! * COSINES[j * SIDE + y]!;
      low[j * LOW + k] = Math.round(sum * GRID) / GRID;
    }
  }
  return low;
}

/**
 * The hash of 32x32 grey bytes: bit = coefficient above the median, row-major, most significant first; 16 hex digits.
 */
export function hashGrey32(grey: Uint8Array): string {
  const low = lowFrequencies(grey);
  const sorted = Float64Array.from(low).sort();
  const median = (sorted[31]! + sorted[32]!) / 2;
  let hex = '';
  for (let at = 0; at < low.length; at += 4) {
    let nibble = 0;
    for (let bit = 0; bit < 4; bit++) nibble = nibble * 2 + (low[at + bit]! > median ? 1 : 0);
    hex += nibble.toString(16);
  }
  return hex;
}

/** The 64-bit perceptual hash of imagehash: grey, Lanczos to 32x32, DCT, median (docs/methods/pixels.md). */
export function perceptualHash({ rgb, width, height }: Pixels): string {
  return hashGrey32(resample(toLuma(rgb), width, height, 1, SIDE, SIDE, 'lanczos'));
}
