import { sample, type Found, type Placement } from './placement.ts';
import { QUARTER, type Level, type Plate } from './plate.ts';

/** Parts of an original's width and height that a crop leaves. */
const SHARES = [0.95, 0.9, 0.84, 0.79, 0.75, 0.7];
/** Starts that are kept: the best places of the best sizes. */
const KEPT = 2;

/** Places that are tried side by side. */
const EACH = 4;

/** A copy as it looks at some of the sizes that a crop may have, at a quarter of a plate; of each pixel, its part. */
export type Templates = readonly Level[];

/** The copy shrunk to each size, with mean 0 and length 1. A flat one has no templates. */
export function templatesOf(plate: Plate): Templates {
  return SHARES.flatMap((share) => {
    const small = shrunk(plate[QUARTER], share);
    const mean = small.luma.reduce((sum, value) => sum + value, 0) / small.luma.length;
    let square = 0;
    for (let i = 0; i < small.luma.length; i++) {
      small.luma[i]! -= mean;
      square += small.luma[i]! ** 2;
    }
    if (!(square > small.luma.length)) return [];
    const length = Math.sqrt(square);
    return [{ ...small, luma: small.luma.map((value) => value / length) }];
  });
}

/**
 * Where an upright crop lies: every size at every place of the original, by normalised cross-correlation. A crop has no
 * place that is likelier than others, and in a dense pattern keypoints match any part with any other.
 */
export function cropStarts(templates: Templates, copy: Plate, original: Plate): Found[] {
  const level = original[QUARTER];
  const sums = sumsOf(level);
  return templates
    .flatMap((template) => bestPlace(template, level, sums, copy[QUARTER]) ?? [])
    .sort((x, y) => y.fit - x.fit)
    .slice(0, KEPT);
}

function bestPlace(
  template: Level,
  { width, height, luma }: Level,
  sums: { plain: Float64Array; squares: Float64Array },
  copy: Level,
): Found | null {
  const { width: w, height: h } = template;
  const area = w * h;
  let most = 0;
  let left = -1;
  let top = -1;
  const products = new Float64Array(EACH);
  for (let y = 0; y + h <= height; y++)
    for (let first = 0; first + w <= width; first += EACH) {
      productsAt(products, template, luma, y * width + first, width);
      for (let i = 0; i < EACH && first + i + w <= width; i++) {
        const x = first + i;
        const sum = windowSum(sums.plain, width, x, y, w, h);
        const variance = windowSum(sums.squares, width, x, y, w, h) - (sum * sum) / area;
        if (variance < area) continue;
        const fit = products[i]! / Math.sqrt(variance);
        if (fit > most) {
          most = fit;
          left = x;
          top = y;
        }
      }
    }
  if (left < 0) return null;
  const shrink = 2 ** QUARTER;
  const placement: Placement = {
    mirrored: false,
    a: w / copy.width,
    b: 0,
    tx: shrink * (left + (w - width) / 2),
    ty: shrink * (top + (h - height) / 2),
  };
  return { placement, fit: most };
}

/**
 * Products of a template and what lies under it at `from` and at the next places of the row. They are summed up side by
 * side, since each addition waits for the one before. Places beyond the row's end get numbers without a meaning.
 */
function productsAt(
  products: Float64Array,
  { width: w, height: h, luma: part }: Level,
  luma: Float32Array,
  from: number,
  width: number,
): void {
  let p0 = 0;
  let p1 = 0;
  let p2 = 0;
  let p3 = 0;
  let at = 0;
  for (let row = 0; row < h; row++) {
    let next = from + row * width;
    let l0 = luma[next++]!;
    let l1 = luma[next++]!;
    let l2 = luma[next++]!;
    for (const end = at + w; at < end; at++) {
      const each = part[at]!;
      const l3 = next < luma.length ? luma[next]! : 0;
      next++;
      p0 += each * l0;
      p1 += each * l1;
      p2 += each * l2;
      p3 += each * l3;
      l0 = l1;
      l1 = l2;
      l2 = l3;
    }
  }
  products[0] = p0;
  products[1] = p1;
  products[2] = p2;
  products[3] = p3;
}

/** Sums of everything above and to the left (integral images), of the values and of their squares. */
function sumsOf({ width, height, luma }: Level): { plain: Float64Array; squares: Float64Array } {
  const plain = new Float64Array((width + 1) * (height + 1));
  const squares = new Float64Array(plain.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = luma[y * width + x]!;
      const at = (y + 1) * (width + 1) + x + 1;
      plain[at] = value + plain[at - 1]! + plain[at - width - 1]! - plain[at - width - 2]!;
      squares[at] = value * value + squares[at - 1]! + squares[at - width - 1]! - squares[at - width - 2]!;
    }
  return { plain, squares };
}

function windowSum(sums: Float64Array, width: number, x: number, y: number, w: number, h: number): number {
  const above = y * (width + 1) + x;
  const below = (y + h) * (width + 1) + x;
  return sums[below + w]! - sums[below]! - sums[above + w]! + sums[above]!;
}

/** By bilinear interpolation: sizes differ by less than half. */
function shrunk({ width: from, height: rows, luma }: Level, share: number): Level {
  const width = Math.round(from * share);
  const height = Math.round(rows * share);
  const small = new Float32Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const px = ((x + 0.5) * from) / width - 0.5;
      const py = ((y + 0.5) * rows) / height - 0.5;
      small[y * width + x] = sample({ width: from, height: rows, luma }, Math.max(0, px), Math.max(0, py));
    }
  return { width, height, luma: small };
}
