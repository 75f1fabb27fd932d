import { createHash } from 'node:crypto';

const CELLS = 8;

/** The first `length` bytes of sha256("assay-golden:<seed>:0"), sha256("assay-golden:<seed>:1"), ... */
function byteStream(seed: number, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(length / 32) * 32);
  for (let block = 0; block * 32 < length; block++) {
    bytes.set(createHash('sha256').update(`assay-golden:${seed}:${block}`).digest(), block * 32);
  }
  return bytes.subarray(0, length);
}

/**
 * The byte image (HWC RGB) that golden vectors are taken from: 8 x 8 cells of random colour under pixel noise,
 * (3 * cell + noise) >> 2. The stream gives the cells' colours, row by row, then the noise. Coarse and fine structure
 * and unequal channels, so that swapped channels, a wrong layout or a wrong normalisation change the vector.
 */
export function goldenImage(seed: number, width: number, height: number): Uint8Array {
  const stream = byteStream(seed, CELLS * CELLS * 3 + width * height * 3);
  const noise = stream.subarray(CELLS * CELLS * 3);
  const image = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y * CELLS) / height) * CELLS + Math.floor((x * CELLS) / width);
      for (let channel = 0; channel < 3; channel++) {
        const at = (y * width + x) * 3 + channel;
        image[at] = (3 * stream[cell * 3 + channel]! + noise[at]!) >> 2;
      }
    }
  }
  return image;
}
