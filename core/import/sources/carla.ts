import { join, posix } from 'node:path';
import type { MapOutcome } from '../../../imaging/label-map.ts';
import { glanceOnce, type Glance } from '../glance.ts';
import { isNone, isThing, tagsOf, type Tags } from './carla-tags.ts';
import { leaveUnlistedImage } from './dataset-walk.ts';
import { defineSource, entry, type SourceEntry } from './define.ts';
import { ImageBoxes } from './image-boxes.ts';
import {
  addClassRegions,
  boxOf,
  leaveUndeclared,
  mapOf,
  shownColour,
  withMaps,
  type MapFile,
  type ReadMap,
} from './label-maps.ts';
import type { Reading } from './reading.ts';
import { contents, isFolder, isImageName, stemOf, walkImages } from './source-files.ts';
import { splitInPath } from './splits.ts';

/** Folders of one camera, told apart by what stands behind: `rgb_front` and `semantic_front`. */
const KINDS = {
  rgb: /^(?:rgb|camera_rgb)((?:_\w+)?)$/i,
  classes: /^(?:semantic|semantics|semantic_segmentation|semseg|sem_seg|seg)((?:_\w+)?)$/i,
  instances: /^(?:instance|instances|instance_segmentation|inst|inst_seg)((?:_\w+)?)$/i,
} as const;
type Kind = keyof typeof KINDS;

/** What the folder of a name holds, and of which camera; null where it is none of these. */
function kindOf(name: string): { kind: Kind; camera: string } | null {
  // The longer names of a kind would else be cameras of the shorter ones: `semantic_segmentation`.
  const plain = name.replace(/^(semantic|instance)_segmentation/i, '$1');
  for (const [kind, pattern] of Object.entries(KINDS) as [Kind, RegExp][]) {
    const match = pattern.exec(plain);
    if (match) return { kind, camera: match[1]!.toLowerCase() };
  }
  return null;
}

/** The folders of one camera, below the root. */
type Camera = Partial<Record<Kind, string>>;

async function* cameras(root: string, prefix = ''): AsyncGenerator<Camera> {
  const found = new Map<string, Camera>();
  for (const { name, kind } of await contents(join(root, prefix))) {
    if (kind !== 'folder') continue;
    const of = kindOf(name);
    if (of) found.set(of.camera, { ...found.get(of.camera), [of.kind]: prefix + name });
    else yield* cameras(root, `${prefix}${name}/`);
  }
  for (const camera of found.values()) if (camera.rgb !== undefined) yield camera;
}

interface Frame {
  image: string;
  maps: MapFile[];
  /** Places in `maps`. */
  classes: number | null;
  instances: number | null;
}

async function byStem(root: string, folder: string | undefined): Promise<Map<string, string>> {
  if (folder === undefined) return new Map();
  const items = await contents(join(root, folder));
  return new Map(
    items.flatMap(({ name, kind }) =>
      kind === 'file' && isImageName(name) ? [[stemOf(name), posix.join(folder, name)] as const] : [],
    ),
  );
}

async function* framesOf(root: string): AsyncGenerator<Frame> {
  for await (const camera of cameras(root)) {
    const [images, classes, instances] = await Promise.all(
      [camera.rgb, camera.classes, camera.instances].map((folder) => byStem(root, folder)),
    );
    for (const [stem, image] of images!) {
      const frame: Frame = { image, maps: [], classes: null, instances: null };
      const [classMap, instanceMap] = [classes!.get(stem), instances!.get(stem)];
      if (instanceMap !== undefined)
        frame.instances = frame.maps.push({ path: instanceMap, reads: 'colour' }) - 1;
      // Without a class map, the tags in an instance map are one.
      if (classMap !== undefined) frame.classes = frame.maps.push({ path: classMap, reads: 'colour' }) - 1;
      else if (instanceMap !== undefined)
        frame.classes = frame.maps.push({ path: instanceMap, reads: 'red' }) - 1;
      yield frame;
    }
  }
}

/** A channel of a colour. */
function channel(colour: number, unit: 'red' | 'green' | 'blue'): number {
  return Math.floor(colour / 2 ** { red: 24, green: 16, blue: 8 }[unit]) % 256;
}

async function frameEntry(
  root: string,
  { image, maps, classes, instances }: Frame,
  outcomes: readonly MapOutcome[],
  tags: Tags,
  reading: Reading,
): Promise<SourceEntry> {
  const split = splitInPath(image);
  if (classes === null) return entry(image, { split });
  const boxes = new ImageBoxes(reading, join(root, maps[0]!.path));
  const read = (place: number, tagOf: (value: number) => number | undefined): Promise<ReadMap | null> =>
    boxes.part(() =>
      mapOf(root, maps[place]!, outcomes[place]!, (value) => tags.names[tagOf(value) ?? -1] !== undefined),
    );
  const redOf = (value: number): number => channel(value, 'red');
  const objects = instances === null ? null : await read(instances, redOf);
  for (const region of objects?.regions ?? []) {
    const name = tags.names[redOf(region.value)];
    if (name === undefined) leaveUndeclared(boxes, reading, objects!.path, region, shownColour);
    else if (isThing(name)) {
      const instance = channel(region.value, 'green') + channel(region.value, 'blue') * 256;
      boxes.add(boxOf(region, name, { attributes: { instance } }));
    }
  }
  const isRed = maps[classes]!.reads === 'red';
  const tagOf = isRed ? (value: number) => value : tags.of;
  // The same file once more is faulty once more.
  const map = isRed && !objects ? null : await read(classes, tagOf);
  const classOf = (value: number): string | null | undefined => {
    const name = tags.names[tagOf(value) ?? -1];
    // What an instance map has no name for was counted above.
    if (name === undefined) return isRed ? null : undefined;
    return isNone(name) || (objects && isThing(name)) ? null : name;
  };
  if (map) addClassRegions(boxes, reading, map, classOf, shownColour);
  return entry(image, { ...boxes.of(image), split, stated: (objects ?? map)?.size ?? null });
}

/** Whether a picture has a map of the same name in a folder beside its own. */
function hasPair({ images }: Glance): boolean {
  const places = new Set<string>();
  for (const { folder, stem } of images) {
    const of = kindOf(posix.basename(folder));
    if (of?.kind === 'rgb') places.add(`${posix.dirname(folder)}\n${of.camera}\n${stem}`);
  }
  return images.some(({ folder, stem, extension }) => {
    const of = kindOf(posix.basename(folder));
    if (!of || of.kind === 'rgb' || extension !== '.png') return false;
    return places.has(`${posix.dirname(folder)}\n${of.camera}\n${stem}`);
  });
}

export default defineSource({
  id: 'carla',
  title: 'CARLA',
  layout:
    'Folders rgb and semantic_segmentation, instance_segmentation or both, with PNGs of the same names as CARLA’s cameras save them: tags in the red channel or in the colours of CityScapesPalette, instances in green and blue. classes.txt gives the tags other names.',
  priority: 60,
  detects: async (root, glance = glanceOnce(root)) => (await isFolder(root)) && hasPair(await glance()),
  async *list(root, reading) {
    const tags = await tagsOf(root);
    if (!tags.isOwn)
      reading.note(
        'The tags of the maps are named as in CARLA 0.9.14 and newer. Sets of older versions need a classes.txt in the folder, with the names of their tags from 0 on, one in each line.',
      );
    const known = new Set<string>();
    for await (const { frame, outcomes } of withMaps(framesOf(root), root, reading)) {
      for (const path of [frame.image, ...frame.maps.map((map) => map.path)]) known.add(path);
      yield await frameEntry(root, frame, outcomes, tags, reading);
    }
    for await (const path of walkImages(root)) {
      if (known.has(path)) continue;
      const folder = posix.basename(posix.dirname(path));
      if (kindOf(folder)) reading.leave('mask-file', '', 1, join(root, path));
      else if (/depth|flow|normal/i.test(folder)) reading.leave('mask-beside', '', 1, join(root, path));
      else leaveUnlistedImage(root, path, reading);
    }
  },
  classes: async (root) => (await tagsOf(root)).names.filter((name) => !isNone(name)),
});
