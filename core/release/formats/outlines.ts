import { pointsInPixels, type Box } from '../../base/boxes.ts';
import { maskRings } from '../../base/mask.ts';
import { lossLine, type ExportItem, type LossCounter } from './define.ts';

type Extent = Pick<ExportItem, 'width' | 'height'>;

/** Whether the mask of an object is one of its image: masks have pixels of their own, and cannot be scaled exactly. */
export function hasMask({ detail }: Box, { width, height }: Extent): boolean {
  return detail?.mask !== undefined && detail.mask.size[0] === height && detail.mask.size[1] === width;
}

/** The outline of an object, as rings of x, y, x, y … in pixels of its image; null where there is none that fits it. */
export function ringsOf(box: Box, extent: Extent): number[][] | null {
  const { polygons, mask } = box.detail ?? {};
  if (polygons) return polygons.map((ring) => pointsInPixels(ring, box, extent));
  return mask && hasMask(box, extent) ? maskRings(mask) : null;
}

/**
 * Several rings as one, for formats that hold one: from the first point of the first ring to each of the others and back,
 * so that the way between them encloses nothing.
 */
export function joined([first = [], ...others]: readonly (readonly number[])[]): number[] {
  if (others.length === 0) return [...first];
  const start = first.slice(0, 2);
  const closed = (ring: readonly number[]): number[] => [...ring, ...ring.slice(0, 2)];
  return [...closed(first), ...others.flatMap((ring) => [...closed(ring), ...start])];
}

/** What a format may write of an object besides its box. */
type Carried = 'outline' | 'keypoints' | 'crowds' | 'attributes' | 'columns';

/** Counts what objects have besides their boxes and a format does not write. */
export class DetailCounter implements LossCounter {
  readonly #carried: ReadonlySet<Carried>;
  #polygons = 0;
  #masks = 0;
  #keypoints = 0;
  #crowds = 0;
  #attributes = 0;
  #columns = 0;

  constructor(...carried: Carried[]) {
    this.#carried = new Set(carried);
  }

  add({ boxes }: ExportItem): void {
    for (const { detail } of boxes ?? []) {
      if (!detail) continue;
      if (detail.crowd) {
        this.#crowds += 1;
        continue;
      }
      if (detail.polygons) this.#polygons += 1;
      if (detail.mask) this.#masks += 1;
      if (detail.keypoints) this.#keypoints += 1;
      if (detail.attributes) this.#attributes += 1;
      if (detail.columns) this.#columns += 1;
    }
  }

  result(): string[] {
    const sentence = (carried: Carried, count: number, one: string, several: string): string[] =>
      this.#carried.has(carried) ? [] : lossLine(count, one, several);
    return [
      ...sentence(
        'outline',
        this.#polygons,
        'outline: only its box is written',
        'outlines: only their boxes are written',
      ),
      ...sentence(
        'outline',
        this.#masks,
        'mask: only its box is written',
        'masks: only their boxes are written',
      ),
      ...sentence(
        'crowds',
        this.#crowds,
        'region of a crowd: left out, and readers may take it for background',
        'regions of crowds: left out, and readers may take them for background',
      ),
      ...sentence('keypoints', this.#keypoints, 'set of keypoints', 'sets of keypoints'),
      ...sentence(
        'attributes',
        this.#attributes,
        'object with attributes: they are left out',
        'objects with attributes: they are left out',
      ),
      ...sentence(
        'columns',
        this.#columns,
        'object with other values of its dataset: they are left out',
        'objects with other values of their dataset: they are left out',
      ),
    ];
  }
}

/** Several counters as one. */
export class Counters implements LossCounter {
  readonly #counters: readonly LossCounter[];

  constructor(...counters: LossCounter[]) {
    this.#counters = counters;
  }

  add(item: ExportItem): void {
    for (const counter of this.#counters) counter.add(item);
  }

  result(): string[] {
    return this.#counters.flatMap((counter) => counter.result());
  }
}
