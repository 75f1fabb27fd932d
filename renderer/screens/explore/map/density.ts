import type { PointGroup } from './groups.ts';
import type { MapViewState } from './view-state.ts';

/** Side of a cell in pixels. */
const CELL_PX = 3;
/** How much of the paper an only image in its cell covers, of 1. */
const FAINTEST = 0.3;
const DIMMED = 0.1;
/** From so many images in the cell of the average image on, points would hide each other; fewer in all are points still. */
const CROWDED_FROM = 8;
const MANY = 20_000;

/** How many images lie in each small square of the screen, of which colour. */
export interface Density {
  width: number;
  height: number;
  /** Images in sight: of the view, and others. */
  lit: Uint32Array;
  dimmed: Uint32Array;
  /** Sums of the colours of those of the view. */
  colours: Float32Array;
  /** The most images of the view in one cell. */
  most: number;
  /** Images of the view in sight, and those in the cell of the average one. */
  inSight: number;
  crowd: number;
}

/** Counts the points of the groups in cells of the screen. About 20 ms for a million points. */
export function densityOf(
  groups: readonly PointGroup[],
  view: MapViewState,
  size: { width: number; height: number },
): Density {
  const width = Math.max(1, Math.ceil(size.width / CELL_PX));
  const height = Math.max(1, Math.ceil(size.height / CELL_PX));
  const lit = new Uint32Array(width * height);
  const dimmed = new Uint32Array(width * height);
  const colours = new Float32Array(3 * width * height);
  const scale = 2 ** view.zoom / CELL_PX;
  const left = size.width / 2 / CELL_PX - view.x * scale;
  const top = size.height / 2 / CELL_PX + view.y * scale;
  for (const { count, isDimmed, positions, colours: own } of groups) {
    const places = positions.value;
    const rgba = own.value;
    for (let i = 0; i < count; i++) {
      const column = Math.floor(left + (places[2 * i] ?? 0) * scale);
      const row = Math.floor(top - (places[2 * i + 1] ?? 0) * scale);
      if (!(column >= 0 && column < width && row >= 0 && row < height)) continue;
      const cell = row * width + column;
      if (isDimmed) {
        dimmed[cell] = (dimmed[cell] ?? 0) + 1;
        continue;
      }
      lit[cell] = (lit[cell] ?? 0) + 1;
      for (let part = 0; part < 3; part++)
        colours[3 * cell + part] = (colours[3 * cell + part] ?? 0) + (rgba[4 * i + part] ?? 0);
    }
  }
  let [most, sum, squares] = [0, 0, 0];
  for (const count of lit) {
    if (count > most) most = count;
    sum += count;
    squares += count * count;
  }
  return { width, height, lit, dimmed, colours, most, inSight: sum, crowd: sum === 0 ? 0 : squares / sum };
}

export const isCrowded = ({ inSight, crowd }: Density): boolean => inSight >= MANY && crowd >= CROWDED_FROM;

/**
 * A picture of the counts, one pixel per cell: the mean colour of the images there, the more opaque the more they are, by
 * the logarithm of their number. Where only images lie that the view leaves out, a breath of grey.
 */
export function shade({ width, height, lit, dimmed, colours, most }: Density): ImageData {
  const image = new ImageData(width, height);
  const { data } = image;
  const full = Math.log1p(Math.max(most, 1)) - Math.log1p(1);
  for (let cell = 0; cell < lit.length; cell++) {
    const count = lit[cell] ?? 0;
    if (count > 0) {
      for (let part = 0; part < 3; part++) data[4 * cell + part] = (colours[3 * cell + part] ?? 0) / count;
      const share = full === 0 ? 1 : (Math.log1p(count) - Math.log1p(1)) / full;
      data[4 * cell + 3] = 255 * (FAINTEST + (1 - FAINTEST) * share);
    } else if ((dimmed[cell] ?? 0) > 0) {
      data.fill(128, 4 * cell, 4 * cell + 3);
      data[4 * cell + 3] = 255 * DIMMED;
    }
  }
  return image;
}
