import { join, posix } from 'node:path';
import { glanceOnce } from '../glance.ts';
import { leaveUnlistedImage } from './dataset-walk.ts';
import { defineSource, entry } from './define.ts';
import { ImageBoxes } from './image-boxes.ts';
import { jsonRecord } from './json-record.ts';
import { boxOf, leaveUndeclared, mapOf, withMaps, type MapFile } from './label-maps.ts';
import { contents, isFolder, isImageName, stemOf, walkImages } from './source-files.ts';
import { splitInPath } from './splits.ts';
import { isRecord, unreadable } from './untrusted.ts';

/** The file with the classes of a version; that of version 1 is called config.json. */
const CONFIG = /^config(?:_v([\d.]+))?\.json$/i;

interface Config {
  /** Its file, below the root. */
  file: string;
  /** The folder of its maps beside `images`; '' for that of version 1. */
  version: string;
}

/** The configurations at the top, newest first. */
async function configs(root: string): Promise<Config[]> {
  const found = (await contents(root)).flatMap(({ name, kind }) => {
    const match = kind === 'file' ? CONFIG.exec(name) : null;
    return match ? [{ file: name, version: match[1] === undefined ? '' : `v${match[1]}` }] : [];
  });
  return found.sort((a, b) => (a.version > b.version ? -1 : 1));
}

/** A class: whether its objects are told apart, and whether it is none but what nobody labelled. */
interface Label {
  name: string;
  hasInstances: boolean;
  isVoid: boolean;
}

async function labelsIn(file: string): Promise<Label[]> {
  const { labels } = await jsonRecord(file);
  if (!Array.isArray(labels) || labels.length === 0)
    throw unreadable(file, null, 'there is no list `labels`.');
  return labels.map((label: unknown, i) => {
    const { name, readable, instances } = isRecord(label) ? label : {};
    const given = typeof name === 'string' && name !== '' ? name : readable;
    if (typeof given !== 'string' || given === '')
      throw unreadable(file, null, `label ${i} has no \`name\`.`);
    return { name: given, hasInstances: instances === true, isVoid: given.startsWith('void--unlabel') };
  });
}

interface Frame {
  image: string;
  maps: MapFile[];
}

async function filesIn(root: string, folder: string): Promise<string[]> {
  const items = await contents(join(root, folder)).catch(() => []);
  return items.flatMap(({ name, kind }) => (kind === 'file' && isImageName(name) ? [name] : []));
}

/** The pictures of each part (`training/images`) with their instance maps. */
async function* framesOf(root: string, version: string): AsyncGenerator<Frame> {
  for (const { name: part, kind } of await contents(root)) {
    if (kind !== 'folder') continue;
    const place = posix.join(part, version, 'instances');
    const maps = new Map((await filesIn(root, place)).map((name) => [stemOf(name), posix.join(place, name)]));
    for (const name of await filesIn(root, `${part}/images`)) {
      const map = maps.get(stemOf(name));
      yield {
        image: `${part}/images/${name}`,
        maps: map === undefined ? [] : [{ path: map, reads: 'value' }],
      };
    }
  }
}

export default defineSource({
  id: 'vistas',
  title: 'Mapillary Vistas',
  layout:
    'config.json or config_v2.0.json with labels, training/images and training/instances (1.2) or training/v2.0/instances (2.0), validation and testing alike. Classes with instances become objects; each other class becomes one region.',
  priority: 73,
  async detects(root, glance = glanceOnce(root)) {
    if (!(await isFolder(root)) || (await configs(root)).length === 0) return false;
    const { images } = await glance();
    return (
      images.some(({ folder }) => /^[^/]+\/images$/.test(folder)) &&
      images.some(({ folder }) => /^[^/]+\/(?:v[\d.]+\/)?instances$/.test(folder))
    );
  },
  async *list(root, reading) {
    const [config] = await configs(root);
    const labels = await labelsIn(join(root, config!.file));
    const known = new Set<string>();
    // The high byte is the class, the low one the instance.
    const labelOf = (value: number): Label | undefined => labels[Math.floor(value / 256)];
    for await (const { frame, outcomes } of withMaps(framesOf(root, config!.version), root, reading)) {
      const { image, maps } = frame;
      for (const path of [image, ...maps.map((map) => map.path)]) known.add(path);
      const split = splitInPath(image);
      if (maps.length === 0) {
        yield entry(image, { split });
        continue;
      }
      const boxes = new ImageBoxes(reading, join(root, maps[0]!.path));
      const map = await boxes.part(() =>
        mapOf(root, maps[0]!, outcomes[0]!, (value) => labelOf(value) !== undefined),
      );
      for (const region of map?.regions ?? []) {
        const label = labelOf(region.value);
        if (!label) leaveUndeclared(boxes, reading, map!.path, region);
        else if (label.hasInstances)
          boxes.add(boxOf(region, label.name, { attributes: { instance: region.value % 256 } }));
        else if (!label.isVoid) boxes.add(boxOf(region, label.name, { crowd: true }));
      }
      yield entry(image, { ...boxes.of(image), split, stated: map?.size ?? null });
    }
    for await (const path of walkImages(root))
      if (!known.has(path)) {
        const isMap = /\/(?:labels|instances|panoptic)$/.test(posix.dirname(path));
        if (isMap) reading.leave('mask-file', '', 1, join(root, path));
        else leaveUnlistedImage(root, path, reading);
      }
  },
  async classes(root) {
    const [config] = await configs(root);
    return (await labelsIn(join(root, config!.file))).filter(({ isVoid }) => !isVoid).map(({ name }) => name);
  },
});
