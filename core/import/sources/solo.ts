import { basename, join } from 'node:path';
import { colourOf, type MapOutcome } from '../../../imaging/label-map.ts';
import { boxValues, type Box } from '../../base/boxes.ts';
import type { Detail } from '../../base/detail.ts';
import { glanceOnce } from '../glance.ts';
import { defineSource, entry, type SourceEntry } from './define.ts';
import { ImageBoxes } from './image-boxes.ts';
import { jsonRecord } from './json-record.ts';
import {
  addClassRegions,
  boxOf,
  colourIn,
  leaveUndeclared,
  mapOf,
  shownColour,
  withMaps,
} from './label-maps.ts';
import type { Reading } from './reading.ts';
import { contents, isFolder, walkImages } from './source-files.ts';
import { captureOf, FRAME, frameFiles, pair, records, type Capture, type Json } from './solo-frame.ts';
import { splitInPath } from './splits.ts';
import { faultOf, unreadable } from './untrusted.ts';

/** Unity draws what has no label in black. */
const BLACK = new Set([colourOf(0, 0, 0), colourOf(0, 0, 0, 0)]);
/** Pictures of labelers that are no picture of a camera. */
const BESIDE = /(?:segmentation|depth|normals?|pixel ?position|occlusion)[^/]*\.\w+$/i;

/** Gathers what the parts of a capture say of each object, by its instance. */
class Instances {
  readonly #objects = new Map<string, Partial<Box> & { detail: Detail }>();
  readonly #boxes: ImageBoxes;

  constructor(boxes: ImageBoxes) {
    this.#boxes = boxes;
  }

  /** The object of a record; an instance that several parts name is one. */
  #of({ instanceId }: Json): Partial<Box> & { detail: Detail } {
    const key =
      typeof instanceId === 'number' || typeof instanceId === 'string'
        ? String(instanceId)
        : `#${this.#objects.size}`;
    const known = this.#objects.get(key);
    if (known) return known;
    const fresh = { detail: key.startsWith('#') ? {} : { attributes: { instanceId } } };
    this.#objects.set(key, fresh);
    return fresh;
  }

  addBox(record: Json): void {
    const { origin, dimension, labelName, instanceId } = record;
    const id = instanceId as string | number | undefined;
    const [at, size] = [pair(origin), pair(dimension)];
    const values = at && size && boxValues([...at, ...size]);
    if (!values)
      return this.#boxes.skip(null, 'a box without `origin` and `dimension` of two numbers each.', id);
    if (values[2] < 0 || values[3] < 0) return this.#boxes.skip(null, 'the box has a negative size.', id);
    if (typeof labelName !== 'string') return this.#boxes.skip(null, 'the box has no `labelName`.', id);
    Object.assign(this.#of(record), { label: labelName, values });
  }

  addMask(record: Json, region: Parameters<typeof boxOf>[0]): void {
    const object = this.#of(record);
    const { labelName } = record;
    if (typeof labelName === 'string') object.label ??= labelName;
    object.values ??= region.values;
    object.detail.mask = region.mask;
  }

  /** Points of a template in their order; their states are the visibilities of COCO. */
  addKeypoints(record: Json): void {
    const points = records(record['keypoints']);
    const keypoints = points.map((point): [number, number, number] | null => {
      const at = pair(point['location']);
      const { state } = point;
      return at && (state === 0 || state === 1 || state === 2) ? [...at, state] : null;
    });
    const sound = keypoints.filter((point) => point !== null);
    if (sound.length < points.length || points.length === 0)
      return this.#boxes.skip(
        null,
        'keypoints without a `location` of two numbers and a `state` of 0, 1 or 2.',
        record['instanceId'] as string,
      );
    this.#of(record).detail.keypoints = sound;
  }

  /** Passes the objects on; keypoints of an instance that has neither box nor mask are counted. */
  finish(): void {
    for (const { label, values, detail } of this.#objects.values())
      if (values && label !== undefined)
        this.#boxes.add({
          label,
          format: 'xywh-pixel',
          values,
          ...(Object.keys(detail).length > 0 && { detail }),
        });
      else if (detail.keypoints) this.#boxes.leave('keypoints');
  }
}

async function captureEntry(
  root: string,
  capture: Capture,
  outcomes: readonly MapOutcome[],
  reading: Reading,
): Promise<SourceEntry> {
  const { image, frame, maps, legends } = capture;
  const boxes = new ImageBoxes(reading, join(root, frame));
  const instances = new Instances(boxes);
  for (const record of capture.boxes) instances.addBox(record);
  const regions: (() => void)[] = [];
  for (const [i, { kind, of }] of legends.entries()) {
    const legend = new Map(
      of.map((one) => [colourIn(one[kind === 'instances' ? 'color' : 'pixelValue']), one]),
    );
    const map = await boxes.part(() => mapOf(root, maps[i]!, outcomes[i]!, (value) => legend.has(value)));
    if (!map) continue;
    capture.stated ??= map.size;
    const isNone = (value: number): boolean => BLACK.has(value) && !legend.has(value);
    if (kind === 'classes') {
      const classOf = (value: number): string | null | undefined => {
        const name = legend.get(value)?.['labelName'];
        return typeof name === 'string' ? name : isNone(value) ? null : undefined;
      };
      regions.push(() => addClassRegions(boxes, reading, map, classOf, shownColour));
      continue;
    }
    for (const region of map.regions) {
      const record = legend.get(region.value);
      if (record) instances.addMask(record, region);
      else if (!isNone(region.value)) leaveUndeclared(boxes, reading, map.path, region, shownColour);
    }
  }
  for (const record of capture.keypoints) instances.addKeypoints(record);
  instances.finish();
  for (const add of regions) add();
  for (const left of capture.left)
    if (left.includes('/') || left.endsWith('.png')) reading.leave('mask-file', '', 1, join(root, left));
    else reading.leave('other-shape', left, 1, join(root, frame));
  const split = splitInPath(image);
  if (!capture.looked) return entry(image, { split, stated: capture.stated });
  return entry(image, { ...boxes.of(image), split, stated: capture.stated });
}

export default defineSource({
  id: 'solo',
  title: 'Unity Perception (SOLO)',
  layout:
    'sequence.0/step0.frame_data.json beside the pictures of the cameras that it names: boxes, instance and class maps and keypoints of each, joined by instance. Instances become masks; of class maps each class becomes one region.',
  priority: 78,
  detects: async (root, glance = glanceOnce(root)) =>
    (await isFolder(root)) && (await glance()).files.some(({ path }) => FRAME.test(path)),
  async *list(root, reading) {
    const known = new Set<string>();
    async function* captures(): AsyncGenerator<Capture | { fault: unknown; maps: [] }> {
      for await (const path of frameFiles(root)) {
        try {
          const frame = await jsonRecord(join(root, path));
          if (!Array.isArray(frame['captures']))
            throw unreadable(join(root, path), null, 'there are no `captures` in this frame.');
          if (records(frame['metrics']).length > 0) reading.leave('column', 'metrics', 1, join(root, path));
          for (const record of records(frame['captures'])) {
            const capture = captureOf(path, record);
            if (capture) yield capture;
            else
              throw unreadable(
                join(root, path),
                null,
                'a capture without `filename`, which names its picture.',
              );
          }
        } catch (fault) {
          yield { fault, maps: [] };
        }
      }
    }
    for await (const { frame: capture, outcomes } of withMaps(captures(), root, reading)) {
      if ('fault' in capture) {
        const { file, line, problem } = faultOf(capture.fault);
        reading.skip(file, line, problem);
        continue;
      }
      for (const { path } of capture.maps) known.add(path);
      for (const path of capture.left) known.add(path);
      if (known.has(capture.image)) {
        reading.skip(
          join(root, capture.frame),
          null,
          `its picture ${capture.image} is that of another capture already.`,
        );
        continue;
      }
      known.add(capture.image);
      yield await captureEntry(root, capture, outcomes, reading);
    }
    for await (const path of walkImages(root))
      if (!known.has(path))
        reading.leave(BESIDE.test(basename(path)) ? 'mask-beside' : 'unlisted', '', 1, join(root, path));
  },
  async classes(root) {
    const names = new Map<string, number>();
    for await (const file of definitionFiles(root)) {
      const definitions: Json = await jsonRecord(file).catch(() => ({}));
      for (const { spec } of records(
        definitions['annotationDefinitions'] ?? definitions['annotation_definitions'],
      ))
        for (const { label_name: name, label_id: id } of records(spec))
          if (typeof name === 'string' && !names.has(name))
            names.set(name, typeof id === 'number' ? id : Infinity);
    }
    if (names.size === 0) return null;
    return [...names].sort(([, a], [, b]) => a - b || 0).map(([name]) => name);
  },
});

/** Definitions lie at the top of each run. */
async function* definitionFiles(root: string): AsyncGenerator<string> {
  for (const { name, kind } of await contents(root)) {
    if (kind === 'file' && name === 'annotation_definitions.json') yield join(root, name);
    if (kind !== 'folder') continue;
    const inner = await contents(join(root, name)).catch(() => []);
    if (inner.some((item) => item.name === 'annotation_definitions.json'))
      yield join(root, name, 'annotation_definitions.json');
  }
}
