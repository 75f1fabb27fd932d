import { join } from 'node:path';
import type { MapOutcome } from '../../../imaging/label-map.ts';
import type { Box } from '../../base/boxes.ts';
import { glanceOnce } from '../glance.ts';
import { defineSource, entry, type SourceEntry } from './define.ts';
import { ImageBoxes } from './image-boxes.ts';
import { jsonRecord, jsonValue } from './json-record.ts';
import {
  addClassRegions,
  boxOf,
  colourIn,
  leaveUndeclared,
  mapOf,
  shownColour,
  withMaps,
  type MapFile,
  type ReadMap,
  type Region,
} from './label-maps.ts';
import { npyRows } from './npy.ts';
import type { Reading } from './reading.ts';
import { frameOf, replicatorFrames, type FrameFiles } from './replicator-frames.ts';
import { isFolder } from './source-files.ts';
import { splitInPath } from './splits.ts';
import { isRecord, unreadable } from './untrusted.ts';

/** What BasicWriter calls pixels and objects to which the author gave no class. */
const NO_CLASS = new Set(['background', 'unlabelled']);
/** Parts that say what is in a frame; the others belong to them. */
const ANNOTATORS = [
  'bounding_box_2d_tight',
  'bounding_box_2d_loose',
  'instance_segmentation',
  'semantic_segmentation',
] as const;

/** What a labels file says of one id: its class, null for none, and what else its semantics say. */
interface Semantics {
  label: string | null;
  others: Record<string, unknown>;
}

/** What the numbers of a map stand for. */
interface Legend<T> {
  isColour: boolean;
  of: ReadonlyMap<number, T>;
}

/** `{"class": "cube", "colour": "red"}`, or the name alone. */
function semanticsOf(value: unknown): Semantics | null {
  if (typeof value === 'string') return { label: nameOrNull(value), others: {} };
  if (!isRecord(value)) return null;
  const { class: given, ...others } = value;
  if (typeof given === 'string') return { label: nameOrNull(given), others };
  const [first, ...rest] = Object.entries(value);
  if (typeof first?.[1] !== 'string') return null;
  return { label: nameOrNull(first[1]), others: Object.fromEntries(rest) };
}

function nameOrNull(name: string): string | null {
  return NO_CLASS.has(name.toLowerCase()) ? null : name;
}

/** Reads a file that says what each id or colour stands for: `{"(255, 0, 0, 255)": …}` or `{"2": …}`. */
async function legendOf<T>(file: string, parse: (value: unknown) => T | null): Promise<Legend<T>> {
  const of = new Map<number, T>();
  let isColour = false;
  for (const [key, value] of Object.entries(await jsonRecord(file))) {
    const colour = colourIn(key);
    if (colour === null && !/^\d+$/.test(key))
      throw unreadable(
        file,
        null,
        `the key ${JSON.stringify(key)} is neither a number nor a colour (r, g, b, a).`,
      );
    isColour ||= colour !== null;
    const parsed = parse(value);
    if (parsed !== null) of.set(colour ?? Number(key), parsed);
  }
  return { isColour, of };
}

interface Frame {
  files: FrameFiles;
  maps: MapFile[];
  instances: Legend<Semantics> | null;
  prims: ReadonlyMap<number, string>;
  classes: Legend<Semantics> | null;
  /** What kept a legend from being read; it is told when the frame's turn comes. */
  faults: unknown[];
}

/** Finds out which maps of a frame are read, and what their numbers stand for. */
async function prepared(root: string, files: FrameFiles): Promise<Frame> {
  const frame: Frame = { files, maps: [], instances: null, prims: new Map(), classes: null, faults: [] };
  const path = (part: string): string | undefined => files.get(part);
  try {
    const [instances, semantics, mapping] = [
      path('instance_segmentation'),
      path('instance_segmentation_semantics_mapping'),
      path('instance_segmentation_mapping'),
    ];
    if (instances && semantics) {
      frame.instances = await legendOf(join(root, semantics), semanticsOf);
      if (mapping)
        frame.prims = (
          await legendOf(join(root, mapping), (prim) => (typeof prim === 'string' ? prim : null))
        ).of;
      frame.maps.push({ path: instances, reads: frame.instances.isColour ? 'colour' : 'value' });
      return frame;
    }
    const [classes, labels] = [path('semantic_segmentation'), path('semantic_segmentation_labels')];
    if (classes && labels) {
      frame.classes = await legendOf(join(root, labels), semanticsOf);
      frame.maps.push({ path: classes, reads: frame.classes.isColour ? 'colour' : 'value' });
    }
  } catch (error) {
    frame.faults.push(error);
  }
  return frame;
}

/** A record of a file of boxes, as an object. */
interface Row {
  box: Box;
  prim: string | undefined;
}

async function rowsOf(root: string, files: FrameFiles, boxes: ImageBoxes): Promise<Row[]> {
  const kind = (['bounding_box_2d_tight', 'bounding_box_2d_loose'] as const).find((one) => files.has(one));
  if (!kind) return [];
  const file = join(root, files.get(kind)!);
  const labelsPath = files.get(`${kind}_labels`);
  if (labelsPath === undefined)
    throw unreadable(
      file,
      null,
      `there is no ${kind}_labels file of this frame, which names the classes of its ids.`,
    );
  const { of: labels } = await legendOf(join(root, labelsPath), semanticsOf);
  const primsPath = files.get(`${kind}_prim_paths`);
  const prims = primsPath === undefined ? null : await jsonValue(join(root, primsPath));
  const rows: Row[] = [];
  for (const [i, row] of (await npyRows(file)).entries()) {
    const { semanticId, x_min, y_min, x_max, y_max, occlusionRatio } = row;
    if (
      semanticId === undefined ||
      x_min === undefined ||
      y_min === undefined ||
      x_max === undefined ||
      y_max === undefined
    )
      throw unreadable(
        file,
        null,
        'its columns are not those of boxes: semanticId, x_min, y_min, x_max, y_max.',
      );
    const semantics = labels.get(semanticId);
    if (!semantics) {
      boxes.skip(null, `record ${i} has the semanticId ${semanticId}, which ${labelsPath} does not name.`);
      continue;
    }
    if (semantics.label === null) continue;
    if (x_max < x_min || y_max < y_min) {
      boxes.skip(null, `record ${i} has a negative size: ${x_min}, ${y_min} to ${x_max}, ${y_max}.`);
      continue;
    }
    const prim = Array.isArray(prims) && typeof prims[i] === 'string' ? prims[i] : undefined;
    const attributes = {
      ...semantics.others,
      ...(prim !== undefined && { prim }),
      // -1 where it is not known, as of an object with parts.
      ...(occlusionRatio !== undefined && occlusionRatio >= 0 && { occlusionRatio }),
    };
    rows.push({
      prim,
      box: {
        label: semantics.label,
        format: 'xywh-pixel',
        values: [x_min, y_min, x_max - x_min, y_max - y_min],
        ...(Object.keys(attributes).length > 0 && { detail: { attributes } }),
      },
    });
  }
  return rows;
}

/** Whether a box is that around a region, with its last pixel or without it: versions differ. */
function isAround({ box }: Row, { values }: Region, label: string): boolean {
  const [x, y, width, height] = values;
  const [left, top, across, down] = box.values;
  const fits = (side: number): boolean => across === width - side && down === height - side;
  return box.label === label && left === x && top === y && (fits(0) || fits(1));
}

/** Adds the objects of an instance map, each joined to its box by its prim; without prims, by class and place. */
function addInstances(
  rows: readonly Row[],
  map: ReadMap,
  { instances, prims }: Frame,
  boxes: ImageBoxes,
  reading: Reading,
): void {
  const free = new Set(rows);
  const masks = new Map<Row, Region>();
  const others: Box[] = [];
  const shown = instances!.isColour ? shownColour : String;
  for (const region of map.regions) {
    const semantics = instances!.of.get(region.value);
    if (!semantics) {
      // Nothing is declared for what is in no legend but the background.
      if (region.value !== 0) leaveUndeclared(boxes, reading, map.path, region, shown);
      continue;
    }
    const { label, others: facts } = semantics;
    if (label === null) continue;
    const prim = prims.get(region.value);
    const row = [...free].find((one) =>
      one.prim !== undefined && prim !== undefined ? one.prim === prim : isAround(one, region, label),
    );
    if (row) {
      free.delete(row);
      masks.set(row, region);
      continue;
    }
    const attributes = { ...facts, ...(prim !== undefined && { prim }) };
    others.push(boxOf(region, label, Object.keys(attributes).length > 0 ? { attributes } : {}));
  }
  for (const row of rows) {
    const mask = masks.get(row)?.mask;
    boxes.add(mask ? { ...row.box, detail: { ...row.box.detail, mask } } : row.box);
  }
  for (const box of others) boxes.add(box);
}

async function frameEntry(
  root: string,
  frame: Frame,
  outcomes: readonly MapOutcome[],
  image: string,
  reading: Reading,
): Promise<SourceEntry> {
  const { files, maps, faults } = frame;
  const split = splitInPath(image);
  const boxes = new ImageBoxes(reading, join(root, files.get('bounding_box_2d_tight') ?? image));
  let stated: SourceEntry['stated'] = null;
  for (const fault of faults)
    await boxes.part(() => {
      throw fault;
    });
  const rows = (await boxes.part(() => rowsOf(root, files, boxes))) ?? [];
  const map =
    maps.length > 0
      ? await boxes.part(() =>
          mapOf(root, maps[0]!, outcomes[0]!, (value) => (frame.instances ?? frame.classes)!.of.has(value)),
        )
      : null;
  if (map) stated = map.size;
  if (map && frame.instances) addInstances(rows, map, frame, boxes, reading);
  else for (const { box } of rows) boxes.add(box);
  if (map && frame.classes) {
    const { of, isColour } = frame.classes;
    const classOf = (value: number): string | null | undefined =>
      of.has(value) ? of.get(value)!.label : value === 0 ? null : undefined;
    addClassRegions(boxes, reading, map, classOf, isColour ? shownColour : String);
  }
  leaveUnread(root, frame, reading);
  // Somebody looked only where an annotator wrote something.
  if (!ANNOTATORS.some((one) => files.has(one))) return entry(image, { split });
  return entry(image, { ...boxes.of(image), split, stated });
}

/** Counts what of a frame says the same again, or cannot be told without what is missing. */
function leaveUnread(root: string, { files, maps }: Frame, reading: Reading): void {
  for (const part of ['instance_segmentation', 'instance_id_segmentation', 'semantic_segmentation']) {
    const path = files.get(part);
    if (path !== undefined && !maps.some((map) => map.path === path))
      reading.leave('mask-file', '', 1, join(root, path));
  }
  const loose = files.get('bounding_box_2d_loose');
  if (loose !== undefined && files.has('bounding_box_2d_tight'))
    reading.leave('file', '.npy', 1, join(root, loose));
}

export default defineSource({
  id: 'replicator',
  title: 'NVIDIA Omniverse Replicator',
  layout:
    'BasicWriter: rgb_0000.png with bounding_box_2d_tight_0000.npy and its labels, instance_segmentation or semantic_segmentation PNGs and their mappings; flat, in a folder for each annotator, or for each camera. Instances become masks of their boxes; of class maps each class becomes one region.',
  priority: 79,
  async detects(root, glance = glanceOnce(root)) {
    if (!(await isFolder(root))) return false;
    const { files, images } = await glance();
    const isPart = (path: string, part: RegExp): boolean => part.test(frameOf(path)?.part ?? '');
    return (
      images.some(({ path }) => isPart(path, /^rgb$/)) &&
      files.some(({ path }) =>
        isPart(path, /^(?:bounding_box_2d_(?:tight|loose)|(?:semantic|instance)_segmentation_\w+)$/),
      )
    );
  },
  async *list(root, reading) {
    const found = await replicatorFrames(root, reading);
    async function* frames(): AsyncGenerator<Frame> {
      for (const files of found) yield prepared(root, files);
    }
    for await (const { frame, outcomes } of withMaps(frames(), root, reading)) {
      const image = frame.files.get('rgb');
      if (image !== undefined) yield await frameEntry(root, frame, outcomes, image, reading);
      else {
        const [first] = frame.files.values();
        reading.skip(
          join(root, first!),
          null,
          'there is no rgb picture of its frame. Write the set with rgb=True.',
        );
      }
    }
  },
});
