import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import * as z from 'zod';
import type { MapOutcome, MapRegion } from '../../../imaging/label-map.ts';
import type { Box } from '../../base/boxes.ts';
import { maskBox, maskOfRuns, runsOfBits, type Mask } from '../../base/mask.ts';
import { leaveUnlistedImage } from './dataset-walk.ts';
import { defineSource, entry, type SourceEntry } from './define.ts';
import { ImageBoxes } from './image-boxes.ts';
import { jsonValue } from './json-record.ts';
import { mapOf, withMaps, type MapFile } from './label-maps.ts';
import type { Reading } from './reading.ts';
import { contents, isFolder, isImageName, stemOf, walkImages } from './source-files.ts';
import { unreadable } from './untrusted.ts';

/** Says what the numbers of the maps beside it stand for. */
export const MAPS_FILE = 'class-maps.json';

const FactsSchema = z.object({
  format: z.literal('assay-class-maps'),
  version: z.literal(1),
  background: z.int(),
  ignore: z.int(),
  classes: z.array(z.object({ value: z.int(), name: z.string() })),
  /** The split of each folder below `images`. */
  splits: z.array(z.object({ folder: z.string(), split: z.string() })),
  /** Names of images, without extension, that have no split although their folder has one. */
  withoutSplit: z.array(z.string()),
});
export type MapFacts = z.infer<typeof FactsSchema>;

async function factsOf(root: string): Promise<MapFacts> {
  const file = join(root, MAPS_FILE);
  const found = FactsSchema.safeParse(await jsonValue(file));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw unreadable(
    file,
    null,
    `${issue!.path.join('.') || 'the top'}: ${issue!.message}. See the layout in docs/formats.md.`,
  );
}

interface Frame {
  image: string;
  folder: string;
  maps: MapFile[];
}

async function imagesIn(root: string, folder: string): Promise<string[]> {
  const items = await contents(join(root, folder)).catch(() => []);
  return items.flatMap(({ name, kind }) =>
    kind === 'file' && isImageName(name) ? [posix.join(folder, name)] : [],
  );
}

async function* framesOf(root: string): AsyncGenerator<Frame> {
  for (const { name: folder, kind } of await contents(join(root, 'images'))) {
    if (kind !== 'folder') continue;
    const [masks, instances] = await Promise.all(
      ['masks', 'instances'].map(async (of) => new Set(await imagesIn(root, `${of}/${folder}`))),
    );
    for (const image of await imagesIn(root, `images/${folder}`)) {
      const paths = ['masks', 'instances'].map((of) => `${of}/${folder}/${stemOf(image)}.png`);
      const maps = paths.filter((path) => masks!.has(path) || instances!.has(path));
      // Instances alone do not say of which class they are.
      const isWhole = maps[0] === paths[0];
      yield { image, folder, maps: isWhole ? maps.map((path) => ({ path, reads: 'value' })) : [] };
    }
  }
}

/** Calls `use` with the ends of each run inside a region. */
function eachInside({ runs }: MapRegion, use: (from: number, to: number) => void): void {
  let at = 0;
  for (const [i, run] of runs.entries()) {
    if (i % 2 === 1) use(at, at + run);
    at += run;
  }
}

/** Numbers of pixels, column by column, of regions. */
function painted(regions: readonly MapRegion[], count: number): Uint16Array {
  const numbers = new Uint16Array(count);
  for (const region of regions) eachInside(region, (from, to) => void numbers.fill(region.value, from, to));
  return numbers;
}

function boxOfMask(mask: Mask, label: string, detail: Omit<NonNullable<Box['detail']>, 'mask'>): Box {
  return { label, format: 'xywh-pixel', values: maskBox(mask)!, detail: { ...detail, mask } };
}

/** Adds the objects of an instance map, and then of each class what is in none of them. */
function addObjects(
  root: string,
  { maps }: Frame,
  outcomes: readonly MapOutcome[],
  { classes, background, ignore }: MapFacts,
  boxes: ImageBoxes,
  reading: Reading,
): SourceEntry['stated'] {
  const names = new Map(classes.map(({ value, name }) => [value, name]));
  const isKnown = (value: number): boolean => value === background || value === ignore || names.has(value);
  const { size } = mapOf(root, maps[0]!, outcomes[0]!, isKnown);
  const classMap = outcomes[0] as Extract<MapOutcome, { ok: true }>;
  const count = size.width * size.height;
  const numbers = painted(classMap.regions, count);
  if (maps[1]) {
    const { regions, size: own } = mapOf(root, maps[1], outcomes[1]!, () => true);
    if (own.width !== size.width || own.height !== size.height)
      throw unreadable(join(root, maps[1].path), null, 'it is of another size than the class map beside it.');
    const { regions: runs } = outcomes[1] as Extract<MapOutcome, { ok: true }>;
    for (const [i, { value, mask }] of regions.entries()) {
      if (value === 0) continue;
      const of = new Set<number>();
      eachInside(runs[i]!, (from, to) => {
        for (let at = from; at < to; at++) of.add(numbers[at]!);
      });
      const [number] = of;
      const label = of.size === 1 ? names.get(number!) : undefined;
      if (label === undefined)
        throw unreadable(
          join(root, maps[1].path),
          null,
          `object ${value} does not lie on pixels of one class.`,
        );
      boxes.add(boxOfMask(mask, label, {}));
      eachInside(runs[i]!, (from, to) => void numbers.fill(background, from, to));
    }
  }
  for (const value of [...new Set(numbers)].sort((a, b) => a - b)) {
    if (value === background) continue;
    const bits = runsOfBits(count, (at) => Number(numbers[at] === value));
    const label = names.get(value);
    if (label !== undefined)
      boxes.add(boxOfMask(maskOfRuns(bits, [size.height, size.width]), label, { crowd: true }));
    else if (value === ignore) boxes.leave('ignored');
    else {
      const pixels = bits.reduce((sum, run, i) => (i % 2 === 1 ? sum + run : sum), 0);
      reading.leave('undeclared', String(value), pixels, maps[0]!.path);
      boxes.note({ others: true });
    }
  }
  return size;
}

export default defineSource({
  id: 'class-maps',
  title: 'Images and class maps',
  layout:
    'class-maps.json beside images/<split> and masks/<split>, with PNGs whose pixels are numbers of classes, and perhaps instances/<split>, whose pixels are numbers of objects: the layout of Assay’s own releases of masks.',
  priority: 85,
  detects: async (root) => (await isFolder(root)) && existsSync(join(root, MAPS_FILE)),
  async *list(root, reading) {
    const facts = await factsOf(root);
    const splits = new Map(facts.splits.map(({ folder, split }) => [folder, split]));
    const without = new Set(facts.withoutSplit);
    const known = new Set<string>();
    for await (const { frame, outcomes } of withMaps(framesOf(root), root, reading)) {
      const { image, folder, maps } = frame;
      for (const path of [image, ...maps.map((map) => map.path)]) known.add(path);
      const split = without.has(stemOf(image)) ? null : (splits.get(folder) ?? null);
      if (maps.length === 0) {
        yield entry(image, { split });
        continue;
      }
      const boxes = new ImageBoxes(reading, join(root, maps[0]!.path));
      const stated = await boxes.part(() => addObjects(root, frame, outcomes, facts, boxes, reading));
      yield entry(image, { ...boxes.of(image), split, stated });
    }
    for await (const path of walkImages(root)) {
      if (known.has(path)) continue;
      if (/^(?:masks|instances)\//.test(path)) reading.leave('mask-file', '', 1, join(root, path));
      else leaveUnlistedImage(root, path, reading);
    }
  },
  classes: async (root) => (await factsOf(root)).classes.map(({ name }) => name),
});
