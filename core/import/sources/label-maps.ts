import { join } from 'node:path';
import { colourOf, type MapOutcome, type MapReads, type MapRegion } from '../../../imaging/label-map.ts';
import { mapOrdered } from '../../base/parallel.ts';
import type { Box } from '../../base/boxes.ts';
import type { Detail } from '../../base/detail.ts';
import { maskBox, maskOfRuns, type Mask } from '../../base/mask.ts';
import type { ImageBoxes } from './image-boxes.ts';
import type { Reading } from './reading.ts';
import { unreadable } from './untrusted.ts';

/** Maps that are decoded ahead of the one whose turn it is. */
const AHEAD = 8;

/** A legend may lack some numbers of its map, but not hundreds. */
const MOST_UNDECLARED = 256;

/** A map of a dataset, below its root. */
export interface MapFile {
  path: string;
  reads: MapReads;
}

/** The pixels of one number of a map, as an object has them. */
export interface Region {
  value: number;
  pixels: number;
  mask: Mask;
  /** The box around the mask, in pixels. */
  values: Box['values'];
}

/** A map that was read. */
export interface ReadMap {
  path: string;
  size: { width: number; height: number };
  regions: Region[];
}

/**
 * Reads the maps that each frame of a dataset names, several at once, and passes the frames on in their order with what
 * the maps of each gave, in the order in which it names them.
 */
export function withMaps<T extends { maps: readonly MapFile[] }>(
  frames: AsyncIterable<T> | Iterable<T>,
  root: string,
  reading: Reading,
): AsyncGenerator<{ frame: T; outcomes: MapOutcome[] }> {
  return mapOrdered(frames, AHEAD, async (frame) => ({
    frame,
    outcomes: await Promise.all(frame.maps.map(({ path, reads }) => reading.readMap({ root, path, reads }))),
  }));
}

/**
 * What a map gave. Throws `SOURCE_UNREADABLE` with its file where it could not be read, or has very many numbers for which
 * nothing `isDeclared`.
 */
export function mapOf(
  root: string,
  { path }: MapFile,
  outcome: MapOutcome,
  isDeclared: (value: number) => boolean,
): ReadMap {
  if (!outcome.ok)
    throw unreadable(join(root, path), null, `${outcome.detail.replace(`${JSON.stringify(path)}: `, '')}.`);
  const { width, height } = outcome;
  const unknown = outcome.regions.filter(({ value }) => !isDeclared(value)).length;
  if (unknown > MOST_UNDECLARED)
    throw unreadable(
      join(root, path),
      null,
      `${unknown} of its ${outcome.regions.length} numbers or colours are declared nowhere: it is a picture, or the map of another set.`,
    );
  return {
    path,
    size: { width, height },
    regions: outcome.regions.map((region) => regionOf(region, [height, width])),
  };
}

function regionOf({ value, pixels, runs }: MapRegion, size: Mask['size']): Region {
  const rest = runs.reduce((left, run) => left - run, size[0] * size[1]);
  // COCO's own writer counts the zeros at the end too.
  const mask = maskOfRuns(rest > 0 ? [...runs, rest] : [...runs], size);
  return { value, pixels, mask, values: maskBox(mask)! };
}

/** The object of a region. */
export function boxOf({ mask, values }: Region, label: string, detail: Detail = {}): Box {
  return { label, format: 'xywh-pixel', values, detail: { ...detail, mask } };
}

/**
 * Adds the regions of a class map: of each class one, as a region of objects that are not told apart. `classOf` says the
 * class of a number: null for none, such as the background; undefined where none is declared, which is counted by number.
 */
export function addClassRegions(
  boxes: ImageBoxes,
  reading: Reading,
  map: ReadMap,
  classOf: (value: number) => string | null | undefined,
  shown: (value: number) => string = String,
): void {
  for (const region of map.regions) {
    const label = classOf(region.value);
    if (typeof label === 'string') boxes.add(boxOf(region, label, { crowd: true }));
    else if (label === undefined) leaveUndeclared(boxes, reading, map.path, region, shown);
  }
}

/** Counts pixels of a number that stands for nothing that is declared. */
export function leaveUndeclared(
  boxes: ImageBoxes,
  reading: Reading,
  path: string,
  { value, pixels }: Region,
  shown: (value: number) => string = String,
): void {
  reading.leave('undeclared', shown(value), pixels, path);
  boxes.note({ others: true });
}

/** The number of a colour that a dataset writes as `(255, 0, 0, 255)`, `[255 0 0]` or a list; null if it is none. */
export function colourIn(written: unknown): number | null {
  const parts =
    typeof written === 'string' ? /^\s*[([]([\d\s,]+)[)\]]\s*$/.exec(written)?.[1]?.split(/[\s,]+/) : written;
  if (!Array.isArray(parts)) return null;
  const channels = parts.filter((part) => part !== '').map(Number);
  const fits = channels.every((channel) => Number.isInteger(channel) && channel >= 0 && channel <= 255);
  if (!fits || channels.length < 3 || channels.length > 4) return null;
  return colourOf(channels[0]!, channels[1]!, channels[2]!, channels[3]);
}

/** A colour as datasets write it: `(255, 0, 0, 255)`. */
export function shownColour(value: number): string {
  const channels = [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(value / unit) % 256);
  return `(${channels.join(', ')})`;
}
