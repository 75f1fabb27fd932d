/**
 * A mask in COCO's run-length encoding: runs of 0 and 1 in turn, column by column, as a list or as its compressed text.
 * `size` is height and width in pixels.
 */
export interface Mask {
  size: [height: number, width: number];
  counts: string | number[];
}

/** No picture has more pixels: a mask that claims more is broken, or an attack. */
export const MOST_PIXELS = 2 ** 28;

/** A mask from untrusted JSON, whose runs fit its size; null if it is none. Behind the last run all is 0. */
export function parseMask(value: unknown): Mask | null {
  if (typeof value !== 'object' || value === null) return null;
  const { size, counts } = value as Partial<Record<keyof Mask, unknown>>;
  if (!Array.isArray(size) || size.length !== 2 || !size.every(isCount)) return null;
  const [height, width] = size as [number, number];
  if (height * width > MOST_PIXELS) return null;
  const runs = typeof counts === 'string' ? runsOfText(counts) : counts;
  if (!Array.isArray(runs) || !runs.every(isCount)) return null;
  const sum = runs.reduce((total, run) => total + run, 0);
  return sum <= height * width ? { size: [height, width], counts: counts as Mask['counts'] } : null;
}

/** The mask of runs of 0 and 1 in turn, as COCO's compressed text. */
export function maskOfRuns(runs: readonly number[], size: Mask['size']): Mask {
  return { size, counts: textOfRuns(runs) };
}

/** The runs of a mask, 0 first. */
function runsOf({ counts }: Mask): number[] {
  return typeof counts === 'string' ? runsOfText(counts)! : counts;
}

/** Pixels that are in a mask. */
export function maskArea(mask: Mask): number {
  return runsOf(mask).reduce((area, run, i) => (i % 2 === 1 ? area + run : area), 0);
}

/** The box around a mask in pixels, as left, top, width, height; null if nothing is in it. */
export function maskBox(mask: Mask): [number, number, number, number] | null {
  const [height] = mask.size;
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  let at = 0;
  for (const [i, run] of runsOf(mask).entries()) {
    if (i % 2 === 1 && run > 0) {
      const [first, last] = [at, at + run - 1];
      const [from, to] = [Math.floor(first / height), Math.floor(last / height)];
      [left, right] = [Math.min(left, from), Math.max(right, to)];
      // A run that goes on in the next column touches the bottom and the top.
      top = Math.min(top, from === to ? first % height : 0);
      bottom = Math.max(bottom, from === to ? last % height : height - 1);
    }
    at += run;
  }
  return right < 0 ? null : [left, top, right - left + 1, bottom - top + 1];
}

/** The pixels of a mask, row by row: 1 inside. */
export function maskPixels(mask: Mask): Uint8Array {
  const [height, width] = mask.size;
  const pixels = new Uint8Array(height * width);
  eachSet(runsOf(mask), (k) => (pixels[(k % height) * width + Math.floor(k / height)] = 1));
  return pixels;
}

/** Calls `put` with every place that runs of 0 and 1 in turn set. */
export function eachSet(runs: readonly number[], put: (place: number) => void): void {
  let at = 0;
  for (const [i, run] of runs.entries()) {
    if (i % 2 === 1) for (let k = at; k < at + run; k++) put(k);
    at += run;
  }
}

/** Runs of 0 and 1 in turn of so many bits. */
export function runsOfBits(count: number, bit: (place: number) => number): number[] {
  const runs: number[] = [];
  let [value, run] = [0, 0];
  for (let k = 0; k < count; k++) {
    if (bit(k) === value) run += 1;
    else {
      runs.push(run);
      [value, run] = [1 - value, 1];
    }
  }
  runs.push(run);
  return runs;
}

/** Whether two masks have the very same pixels, however their runs are written. */
export function isSameMask(a: Mask, b: Mask): boolean {
  const [one, other] = [canonicalRuns(a), canonicalRuns(b)];
  return (
    a.size[0] === b.size[0] &&
    a.size[1] === b.size[1] &&
    one.length === other.length &&
    one.every((run, i) => run === other[i])
  );
}

/** Runs without empty ones in between, and without the zeros behind the last 1. */
function canonicalRuns(mask: Mask): number[] {
  const runs: number[] = [];
  let value = 0;
  for (const [i, run] of runsOf(mask).entries()) {
    if (run === 0 && i > 0) continue;
    if (i % 2 === value || runs.length === 0) {
      runs.push(run);
      value = 1 - (i % 2);
    } else runs[runs.length - 1]! += run;
  }
  if (runs.length % 2 === 1) runs.pop();
  return runs;
}

/** A mask of pixels given row by row, in the form (list or text) of `like`. */
export function maskOf(pixels: Uint8Array, size: Mask['size'], like: Mask['counts']): Mask {
  const [height, width] = size;
  const runs = runsOfBits(height * width, (k) => pixels[(k % height) * width + Math.floor(k / height)]!);
  return typeof like === 'string' ? maskOfRuns(runs, size) : { size, counts: runs };
}

/** The mask turned and mirrored as an EXIF orientation (1 to 8) says, from the stored picture to the upright one. */
export function turnMask(mask: Mask, orientation: number): Mask {
  if (orientation <= 1) return mask;
  const [height, width] = mask.size;
  const from = maskPixels(mask);
  const swaps = orientation >= 5;
  const [toHeight, toWidth] = swaps ? [width, height] : [height, width];
  const to = new Uint8Array(from.length);
  for (let y = 0; y < toHeight; y++)
    for (let x = 0; x < toWidth; x++) {
      let [sx, sy] = swaps ? [y, x] : [x, y];
      if ([2, 3, 7, 8].includes(orientation)) sx = width - 1 - sx;
      if ([3, 4, 6, 7].includes(orientation)) sy = height - 1 - sy;
      to[y * toWidth + x] = from[sy * width + sx]!;
    }
  return maskOf(to, [toHeight, toWidth], mask.counts);
}

/**
 * The borders of a mask along the edges of its pixels, as closed rings of x, y, x, y … in pixels: outer borders run
 * clockwise, holes the other way, so that filling them by the non-zero or the even-odd rule gives the very same pixels.
 */
export function maskRings(mask: Mask): number[][] {
  const [height, width] = mask.size;
  const box = maskBox(mask);
  if (!box) return [];
  const [left, top, across, down] = box;
  // Only the part with the mask: an image may have hundreds of small ones.
  const pixels = new Uint8Array(across * down);
  eachSet(runsOf(mask), (k) => (pixels[((k % height) - top) * across + Math.floor(k / height) - left] = 1));
  const inside = (x: number, y: number): boolean =>
    x >= left &&
    y >= top &&
    x < left + across &&
    y < top + down &&
    pixels[(y - top) * across + x - left] === 1;
  // Edges with the mask on their right, each as a number of its first corner and its direction: right, down, left, up.
  const stride = width + 1;
  const edges = new Set<number>();
  const put = (x: number, y: number, direction: number): void =>
    void edges.add((y * stride + x) * 4 + direction);
  for (let y = top; y < top + down; y++)
    for (let x = left; x < left + across; x++) {
      if (!inside(x, y)) continue;
      if (!inside(x, y - 1)) put(x, y, 0);
      if (!inside(x + 1, y)) put(x + 1, y, 1);
      if (!inside(x, y + 1)) put(x + 1, y + 1, 2);
      if (!inside(x - 1, y)) put(x, y + 1, 3);
    }
  const steps = [1, stride, -1, -stride];
  const following = (edge: number): number => {
    const direction = edge % 4;
    const corner = (edge - direction) / 4 + steps[direction]!;
    // Where two pixels touch at a corner only, the turn to the right keeps them apart.
    return [1, 0, 3].map((turn) => corner * 4 + ((direction + turn) % 4)).find((next) => edges.has(next))!;
  };
  const rings: number[][] = [];
  const seen = new Set<number>();
  for (const first of edges) {
    if (seen.has(first)) continue;
    const ring: number[] = [];
    let edge = first;
    do {
      seen.add(edge);
      const next = following(edge);
      if (next % 4 !== edge % 4) {
        const corner = (next - (next % 4)) / 4;
        ring.push(corner % stride, Math.floor(corner / stride));
      }
      edge = next;
    } while (edge !== first);
    rings.push(ring);
  }
  return rings;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/**
 * Runs from COCO's text: five bits per character from `0` on, the sixth says that more follow, the last one's fifth is
 * the sign; from the fourth run on, each is the difference to the last but one. Null if the text ends early.
 */
function runsOfText(text: string): number[] | null {
  const runs: number[] = [];
  for (let i = 0; i < text.length;) {
    let [value, shift, more] = [0, 0, true];
    while (more) {
      if (i === text.length || shift > 45) return null;
      const bits = text.charCodeAt(i++) - 48;
      if (bits < 0 || bits > 63) return null;
      value += (bits & 0x1f) * 2 ** shift;
      shift += 5;
      more = (bits & 0x20) !== 0;
      if (!more && (bits & 0x10) !== 0) value -= 2 ** shift;
    }
    runs.push(runs.length > 2 ? value + runs.at(-2)! : value);
  }
  return runs;
}

/** COCO's text of runs. */
function textOfRuns(runs: readonly number[]): string {
  let text = '';
  for (const [i, run] of runs.entries()) {
    let value = i > 2 ? run - runs[i - 2]! : run;
    let more = true;
    while (more) {
      const bits = value & 0x1f;
      value >>= 5;
      more = (bits & 0x10) !== 0 ? value !== -1 : value !== 0;
      text += String.fromCharCode(48 + (more ? bits | 0x20 : bits));
    }
  }
  return text;
}
