import { join, posix } from 'node:path';
import type { MapOutcome } from '../../../imaging/label-map.ts';
import { ringBox } from '../../base/detail.ts';
import { glanceOnce } from '../glance.ts';
import { leaveUnlistedImage } from './dataset-walk.ts';
import { defineSource, entry, type SourceEntry } from './define.ts';
import { ImageBoxes } from './image-boxes.ts';
import { jsonRecord } from './json-record.ts';
import { boxOf, leaveUndeclared, mapOf, withMaps, type MapFile } from './label-maps.ts';
import type { Reading } from './reading.ts';
import { isFolder, walkFiles } from './source-files.ts';
import { splitInPath } from './splits.ts';
import { isRecord, unreadable } from './untrusted.ts';

/** The labels of cityscapesScripts by their ids. */
const LABELS = [
  'unlabeled',
  'ego vehicle',
  'rectification border',
  'out of roi',
  'static',
  'dynamic',
  'ground',
  'road',
  'sidewalk',
  'parking',
  'rail track',
  'building',
  'wall',
  'fence',
  'guard rail',
  'bridge',
  'tunnel',
  'pole',
  'polegroup',
  'traffic light',
  'traffic sign',
  'vegetation',
  'terrain',
  'sky',
  'person',
  'rider',
  'car',
  'truck',
  'bus',
  'caravan',
  'trailer',
  'train',
  'motorcycle',
  'bicycle',
];
/** Ids below are of no class, but of what nobody labelled. */
const FIRST_CLASS = 4;
/** Ids from here on are of classes whose objects are told apart. */
const FIRST_THING = LABELS.indexOf('person');
const THINGS = new Set(LABELS.slice(FIRST_THING));
const IGNORED = new Set(LABELS.slice(0, FIRST_CLASS));

const IMAGE = /^(.*)_leftImg8bit\.(?:png|jpe?g|webp)$/i;
const TRUTH = /^(.*)_gt(?:Fine|Coarse)_(polygons\.json|instanceIds\.png|labelIds\.png)$/i;

interface Frame {
  image: string;
  /** Below the root; null where there is none. */
  polygons: string | null;
  kind: 'instances' | 'classes' | null;
  maps: MapFile[];
}

/** The files of a frame, by what they are; those of gtFine come before those of gtCoarse. */
type Truths = Map<string, string>;

async function framesOf(root: string, reading: Reading): Promise<Frame[]> {
  const images = new Map<string, string>();
  const truths = new Map<string, Truths>();
  const others: string[] = [];
  for await (const path of walkFiles(root)) {
    const name = posix.basename(path);
    const [image, truth] = [IMAGE.exec(name)?.[1], TRUTH.exec(name)];
    if (image !== undefined) images.set(image, path);
    else if (truth) {
      const found: Truths = truths.get(truth[1]!) ?? new Map<string, string>();
      const kind = truth[2]!.toLowerCase();
      const isFine = /_gtFine_/i.test(name);
      if (!found.has(kind) || isFine) found.set(kind, path);
      truths.set(truth[1]!, found);
    } else others.push(path);
  }
  for (const path of others)
    if (/_gt(?:Fine|Coarse)_\w+\.png$/i.test(path)) reading.leave('mask-file', '', 1, join(root, path));
    else if (/\.(?:png|jpe?g|webp|tiff?)$/i.test(path)) leaveUnlistedImage(root, path, reading);
    else reading.leave('file', posix.extname(path).toLowerCase() || 'without extension', 1, join(root, path));
  for (const [key, found] of truths)
    if (!images.has(key)) {
      const [first] = found.values();
      reading.skip(join(root, first!), null, `there is no picture ${key}_leftImg8bit.png for it.`);
    }
  return [...images].map(([key, image]) => {
    const found = truths.get(key);
    const [polygons = null, instances, labels] = ['polygons.json', 'instanceids.png', 'labelids.png'].map(
      (kind) => found?.get(kind),
    );
    const map = polygons !== null ? undefined : (instances ?? labels);
    return {
      image,
      polygons,
      kind: map === undefined ? null : instances === undefined ? 'classes' : 'instances',
      maps: map === undefined ? [] : [{ path: map, reads: 'value' }],
    };
  });
}

/** Adds the objects of a file of polygons; those drawn later lie in front. */
async function addPolygons(root: string, path: string, boxes: ImageBoxes): Promise<SourceEntry['stated']> {
  const file = join(root, path);
  const { imgWidth, imgHeight, objects } = await jsonRecord(file);
  if (!Array.isArray(objects)) throw unreadable(file, null, 'there is no list `objects`.');
  for (const [i, object] of objects.entries()) {
    const { label, polygon, deleted } = isRecord(object) ? object : {};
    const ring = Array.isArray(polygon) ? (polygon.flat() as unknown[]) : [];
    if (typeof label !== 'string' || label === '') boxes.skip(null, `object ${i} has no \`label\`.`);
    else if (ring.length < 2 || ring.length % 2 > 0 || !ring.every((value) => Number.isFinite(value)))
      boxes.skip(null, `the \`polygon\` of object ${i} is not made of pairs of numbers.`);
    else if (deleted === 1 || deleted === true) boxes.leave('ignored', 'deleted');
    else if (IGNORED.has(label)) boxes.leave('ignored', label);
    else {
      const points = ring as number[];
      // Objects that are not told apart: `cargroup`.
      const single = label.replace(/group$/, '');
      const isGroup = single !== label && THINGS.has(single);
      boxes.add({
        label: isGroup ? single : label,
        format: 'xywh-pixel',
        values: ringBox(points),
        detail: { polygons: [points], ...((isGroup || !THINGS.has(label)) && { crowd: true }) },
      });
    }
  }
  const isSize =
    typeof imgWidth === 'number' && typeof imgHeight === 'number' && imgWidth > 0 && imgHeight > 0;
  return isSize ? { width: imgWidth, height: imgHeight } : null;
}

/** Adds what a map of ids has: `id`, or `id * 1000 + instance` of a class whose objects are told apart. */
function addIds(
  root: string,
  { kind, maps }: Frame,
  outcome: MapOutcome,
  boxes: ImageBoxes,
  reading: Reading,
): SourceEntry['stated'] {
  const idOf = (value: number): number =>
    kind === 'instances' && value >= 1000 ? Math.floor(value / 1000) : value;
  const map = mapOf(root, maps[0]!, outcome, (value) => LABELS[idOf(value)] !== undefined);
  for (const region of map.regions) {
    const id = idOf(region.value);
    const label = LABELS[id];
    if (label === undefined) leaveUndeclared(boxes, reading, map.path, region);
    else if (id >= FIRST_CLASS && region.value >= 1000)
      boxes.add(boxOf(region, label, { attributes: { instance: region.value % 1000 } }));
    else if (id >= FIRST_CLASS) boxes.add(boxOf(region, label, { crowd: true }));
  }
  return map.size;
}

export default defineSource({
  id: 'cityscapes',
  title: 'Cityscapes',
  layout:
    'leftImg8bit/<split>/<city>/*_leftImg8bit.png with gtFine/<split>/<city>/*_gtFine_polygons.json, else *_instanceIds.png or *_labelIds.png; gtCoarse alike. Objects of people and vehicles; all else is one region for each polygon or class.',
  priority: 77,
  async detects(root, glance = glanceOnce(root)) {
    if (!(await isFolder(root))) return false;
    const { files, images } = await glance();
    const names = [...files, ...images].map(({ path }) => posix.basename(path));
    return names.some((name) => IMAGE.test(name)) && names.some((name) => TRUTH.test(name));
  },
  async *list(root, reading) {
    for await (const { frame, outcomes } of withMaps(await framesOf(root, reading), root, reading)) {
      const { image, polygons, maps } = frame;
      const split = splitInPath(image);
      if (polygons === null && maps.length === 0) {
        yield entry(image, { split });
        continue;
      }
      const boxes = new ImageBoxes(reading, join(root, polygons ?? maps[0]!.path));
      const stated = await boxes.part(() =>
        polygons === null
          ? addIds(root, frame, outcomes[0]!, boxes, reading)
          : addPolygons(root, polygons, boxes),
      );
      yield entry(image, { ...boxes.of(image), split, stated });
    }
  },
  classes: () => Promise.resolve(LABELS.slice(FIRST_CLASS)),
});
