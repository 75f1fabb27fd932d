import { join, posix } from 'node:path';
import type { MapOutcome } from '../../../imaging/label-map.ts';
import { boxValues, type Box } from '../../base/boxes.ts';
import type { Mask } from '../../base/mask.ts';
import { glanceOnce } from '../glance.ts';
import { leaveUnlistedImage } from './dataset-walk.ts';
import { defineSource, entry, type SourceEntry } from './define.ts';
import { ImageBoxes } from './image-boxes.ts';
import { jsonRecord } from './json-record.ts';
import { mapOf, withMaps, type MapFile } from './label-maps.ts';
import type { Reading } from './reading.ts';
import { contents, isFolder, isImageName, stemOf, walkImages } from './source-files.ts';
import { splitInPath } from './splits.ts';
import { folderOf } from './stem-images.ts';
import { faultOf, isRecord, unreadable } from './untrusted.ts';

type Json = Record<string, unknown>;

const GROUND_TRUTH = 'scene_gt.json';

/** One picture of a scene, with what is known of each of its objects. */
interface View {
  /** The scene's file, below the root, in which the objects are. */
  file: string;
  image: string;
  objects: { pose: Json; info: Json | null; map: number | null }[];
  maps: MapFile[];
}

/** Yields the folders that hold scenes, below the root. */
async function* sceneFolders(root: string, prefix = ''): AsyncGenerator<string> {
  const items = await contents(join(root, prefix));
  if (items.some(({ name, kind }) => kind === 'file' && name === GROUND_TRUTH)) yield prefix;
  for (const { name, kind } of items) if (kind === 'folder') yield* sceneFolders(root, `${prefix}${name}/`);
}

/** The files of a folder that is there, by their numbers: `000003` and `3` are the same. */
async function numbered(root: string, folder: string): Promise<Map<string, string>> {
  const items = await contents(join(root, folder)).catch(() => []);
  const found = new Map<string, string>();
  for (const { name, kind } of items)
    if (kind === 'file' && isImageName(name)) {
      const numbers = stemOf(name).split('_').map(Number);
      found.set(numbers.join('_'), posix.join(folder, name));
    }
  return found;
}

async function* viewsOf(root: string, scene: string): AsyncGenerator<View> {
  const file = scene + GROUND_TRUTH;
  const poses = await jsonRecord(join(root, file));
  const infoPath = `${scene}scene_gt_info.json`;
  const hasInfo = (await contents(join(root, scene))).some(({ name }) => name === 'scene_gt_info.json');
  const infos = hasInfo ? await jsonRecord(join(root, infoPath)) : {};
  const pictures = await numbered(root, `${scene}rgb`);
  const images = pictures.size > 0 ? pictures : await numbered(root, `${scene}gray`);
  const masks = await numbered(root, `${scene}mask_visib`);
  for (const [id, list] of Object.entries(poses)) {
    if (!Array.isArray(list))
      throw unreadable(join(root, file), null, `image ${id} should have a list of objects.`);
    const info = infos[id];
    const view: View = {
      file,
      image: images.get(String(Number(id))) ?? `${scene}rgb/${id.padStart(6, '0')}.png`,
      objects: [],
      maps: [],
    };
    for (const [i, pose] of list.entries()) {
      const path = masks.get(`${Number(id)}_${i}`);
      const about: unknown = Array.isArray(info) ? info[i] : null;
      view.objects.push({
        pose: isRecord(pose) ? pose : {},
        info: isRecord(about) ? about : null,
        map: path === undefined ? null : view.maps.push({ path, reads: 'value' }) - 1,
      });
    }
    yield view;
  }
}

/** The pixels of an object in its mask: those that are not 0. Null where there is none. */
function visible(
  root: string,
  map: MapFile,
  outcome: MapOutcome,
): { mask: Mask; values: Box['values'] } | null {
  const { regions } = mapOf(root, map, outcome, () => true);
  const inside = regions.filter(({ value }) => value !== 0);
  if (inside.length > 1)
    throw unreadable(
      join(root, map.path),
      null,
      'a mask of one object should have the numbers 0 and 255 alone.',
    );
  return inside[0] ?? null;
}

async function viewEntry(
  root: string,
  view: View,
  outcomes: readonly MapOutcome[],
  reading: Reading,
): Promise<SourceEntry> {
  const { file, image, objects, maps } = view;
  const boxes = new ImageBoxes(reading, join(root, file));
  for (const [i, { pose, info, map }] of objects.entries()) {
    const { obj_id: id, ...facts } = pose;
    const { bbox_visib: written, ...others } = info ?? {};
    const named = `object ${i} of ${image}`;
    if (typeof id !== 'number' && typeof id !== 'string') {
      boxes.skip(null, `${named} has no \`obj_id\`.`);
      continue;
    }
    const read =
      map === null
        ? { region: undefined }
        : await boxes.part(() => ({ region: visible(root, maps[map]!, outcomes[map]!) }));
    const region = read?.region;
    const values = boxValues(written);
    // BOP writes -1 four times for what is hidden.
    if (values ? values[2] < 0 || values[3] < 0 : region === null) {
      reading.leave('hidden', '', 1, join(root, file));
      continue;
    }
    const at = values ?? region?.values;
    if (!at) {
      if (read)
        boxes.skip(
          null,
          `${named} has neither \`bbox_visib\` in scene_gt_info.json nor a file in mask_visib.`,
        );
      continue;
    }
    const attributes = { ...others, ...facts };
    boxes.add({
      label: String(id),
      format: 'xywh-pixel',
      values: at,
      detail: {
        ...(region && { mask: region.mask }),
        ...(Object.keys(attributes).length > 0 && { attributes }),
      },
    });
  }
  return entry(image, { ...boxes.of(image), split: splitOf(image) });
}

/** BOP puts the kind of a split behind its name: `train_pbr`. */
function splitOf(path: string): string | null {
  return splitInPath(path) ?? /(?:^|\/)(train|val|test)_[^/]+\//.exec(path)?.[1] ?? null;
}

export default defineSource({
  id: 'bop',
  title: 'BOP (BlenderProc)',
  layout:
    'Scenes with scene_gt.json, scene_gt_info.json and the folders rgb and mask_visib, as BlenderProc’s write_bop and the BOP benchmark have them. The class is the number of the object.',
  priority: 75,
  detects: async (root, glance = glanceOnce(root)) =>
    (await isFolder(root)) &&
    (await glance()).files.some(({ path }) => posix.basename(path) === GROUND_TRUTH),
  async *list(root, reading) {
    const known = new Set<string>();
    async function* views(): AsyncGenerator<View | { fault: unknown; maps: [] }> {
      for await (const scene of sceneFolders(root))
        try {
          yield* viewsOf(root, scene);
        } catch (fault) {
          yield { fault, maps: [] };
        }
    }
    for await (const { frame: view, outcomes } of withMaps(views(), root, reading)) {
      if ('fault' in view) {
        const { file, line, problem } = faultOf(view.fault);
        reading.skip(file, line, problem);
        continue;
      }
      for (const path of [view.image, ...view.maps.map((map) => map.path)]) known.add(path);
      yield await viewEntry(root, view, outcomes, reading);
    }
    for await (const path of walkImages(root)) {
      if (known.has(path)) continue;
      const folder = posix.basename(folderOf(path));
      if (folder === 'depth') reading.leave('mask-beside', '', 1, join(root, path));
      else if (folder === 'mask' || folder === 'mask_visib')
        reading.leave('mask-file', '', 1, join(root, path));
      else leaveUnlistedImage(root, path, reading);
    }
  },
});
