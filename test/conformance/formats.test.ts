import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanName } from '../../core/base/class-name.ts';
import { isCrowd, labelOfBoxes, toPixels, toRelative, type Box } from '../../core/base/boxes.ts';
import { maskBox, maskOf } from '../../core/base/mask.ts';
import { isSplitName } from '../../core/base/splits.ts';
import type { SourceEntry } from '../../core/import/sources/define.ts';
import { findSource } from '../../core/import/detect.ts';
import { Reading } from '../../core/import/sources/reading.ts';
import { sources } from '../../core/import/sources/registry.ts';
import type { ExportItem } from '../../core/release/formats/define.ts';
import { splitFolders } from '../../core/release/formats/names.ts';
import { exports } from '../../core/release/formats/registry.ts';
import { DecodePool } from '../../imaging/decode-pool.ts';
import { FILE_FIELDS, valuesOf } from '../../rpc/contract/fields.ts';
import { HOSTILE } from '../support/hostile-texts.ts';
import { makeImage } from '../support/images.ts';
import { exportTo, makeItem, makeItems, type ItemFacts } from '../support/releases.ts';

type Facts = Omit<SourceEntry, 'path' | 'stated'> & { sha256: string };
type Expected = (item: ExportItem, all: ExportItem[]) => Partial<Facts>;

const TRAINING = ['train', 'training'];

function plain(item: ExportItem): Facts {
  const { sha256, label, boxes } = item;
  return { sha256, label, ...valuesOf(FILE_FIELDS, item), boxes };
}

/** Boxes in pixels, without what else is known of their objects; regions of crowds are left out unless they are asked for. */
function pixels(item: ExportItem, crowds = false): Box[] | null {
  const { boxes, width, height } = item;
  return (
    boxes &&
    boxes
      .filter((box) => crowds || !isCrowd(box))
      .map((box) => ({ label: box.label, format: 'xywh-pixel', values: toPixels(box, width, height) }))
  );
}

/** Objects and regions of crowds in pixels, with all that is known of them; of YOLO's only polygons are made here. */
function objects(item: ExportItem): Box[] {
  return (pixels(item, true) ?? []).map((box, i) => {
    const { detail, format } = item.boxes![i]!;
    if (!detail) return box;
    if (format === 'xywh-pixel') return { ...box, detail };
    const sides = [item.width, item.height];
    const polygons = detail.polygons!.map((ring) => ring.map((value, at) => value * sides[at % 2]!));
    return { ...box, detail: { polygons } };
  });
}

function fractions(item: ExportItem): Box[] {
  const { boxes, width, height } = item;
  return (boxes ?? [])
    .filter((box) => !isCrowd(box))
    .map((box) => ({
      label: box.label,
      format: 'cxcywh-relative',
      values: toRelative(box, width, height),
    }));
}

/** Signs that XML does not have are replaced. */
function inXml<T extends string | null>(text: T): T {
  // oxlint-disable-next-line no-control-regex
  return (text?.toWellFormed().replaceAll(/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g, '\uFFFD') ?? null) as T;
}

/** A class without a visible sign has no name in a project: CVAT's elements with one are faulty. */
const named = (label: string | null): string | null =>
  label === null || cleanName(inXml(label)) === '' ? null : inXml(label);

/** Objects as CVAT has them: in pixels, masks as text, attributes as text apart from CVAT's own, nothing else. */
function inCvat(item: ExportItem): Box[] {
  return objects(item)
    .filter((box) => !isCrowd(box))
    .map((box) => {
      const { polygons, mask, attributes } = box.detail ?? {};
      const { occluded, rotation, note } = attributes ?? {};
      const facts = attributes && { rotation, occluded, note };
      const detail = {
        ...(polygons && { polygons }),
        ...(mask && { mask: { ...mask, counts: MASK_TEXT } }),
        ...(facts && { attributes: facts }),
      };
      const label = inXml(box.label);
      return Object.keys(detail).length > 0
        ? { ...box, label, detail }
        : { label, format: box.format, values: box.values };
    });
}

/** Objects as Pascal VOC has them: in pixels, masks as text, attributes as texts and numbers, names without outer blanks. */
function inVoc(item: ExportItem): Box[] {
  return objects(item)
    .filter((box) => !isCrowd(box) && named(box.label.trim()) !== null)
    .map(({ detail, ...box }) => {
      const { polygons, mask, attributes } = detail ?? {};
      const { occluded, rotation, note } = attributes ?? {};
      const facts = {
        ...(polygons && { polygons }),
        ...(mask && { mask: { ...mask, counts: MASK_TEXT } }),
        ...(attributes && { attributes: { occluded: Number(occluded), note, rotation } }),
      };
      const label = inXml(box.label).trim();
      return Object.keys(facts).length > 0 ? { ...box, label, detail: facts } : { ...box, label };
    });
}

/** Objects as KITTI has them: in pixels, of facts occluded and score alone, names as words that are no numbers. */
function inKitti(item: ExportItem): Box[] {
  return objects(item)
    .filter((box) => !isCrowd(box))
    .map(({ detail, ...box }) => {
      const word = box.label
        .toWellFormed()
        .replaceAll(/[\s%]/gu, (sign) => encodeURIComponent(sign).toLowerCase());
      const label =
        Number.isNaN(Number(word)) || word === 'Infinity'
          ? word
          : `%${word.charCodeAt(0).toString(16)}${word.slice(1)}`;
      if (!detail?.columns) return { ...box, label };
      return { ...box, label, detail: { attributes: { occluded: 1 }, columns: { score: 0.25 } } };
    });
}

/** Every object as its outline, in fractions: that of its polygon or mask, else the corners of its box. */
function outlined(item: ExportItem): Box[] {
  return fractions(item).map((box, i) => {
    const [cx, cy, w, h] = box.values;
    const [x, y] = [cx - w / 2, cy - h / 2];
    const corners = [x, y, x + w, y, x + w, y + h, x, y + h];
    const { detail, format } = item.boxes!.filter((one) => !isCrowd(one))[i]!;
    const sides = format === 'xywh-pixel' ? [item.width, item.height] : [1, 1];
    const given = detail?.mask ? MASK_BORDER : detail?.polygons?.[0];
    const ring = given?.map((value, at) => value / sides[at % 2]!) ?? corners;
    return { ...box, detail: { polygons: [ring] } };
  });
}

function boxed(all: ExportItem[]): boolean {
  return all.some(({ boxes }) => boxes !== null);
}

/** The split for images without one in the classification layout. */
function training(all: ExportItem[]): string {
  const splits = all.map(({ split }) => split).filter((split) => split !== null);
  return splits.sort().find((split) => TRAINING.includes(split.toLowerCase())) ?? 'train';
}

/** The facts that a re-import restores: each export's `loses` in code. Lost facts come back empty. */
const BACK: Record<string, Expected> = {
  jsonl: plain,
  csv: plain,
  croissant: (item) => ({ ...plain(item), boxes: pixels(item) }),
  'hf-imagefolder': (item) => ({ ...plain(item), boxes: pixels(item) }),
  coco: (item, all) => ({ ...plain(item), boxes: boxed(all) ? objects(item) : null }),
  folder: ({ sha256, label }) => ({ sha256, label }),
  cvat: (item) => ({
    sha256: item.sha256,
    split: item.split !== null && /^default$/i.test(item.split) ? null : inXml(item.split),
    label: item.boxes?.length ? inXml(labelOfBoxes(item.boxes)) : named(item.label),
    boxes: inCvat(item),
  }),
  voc: (item, all) => {
    const splits = all.map(({ split }) => split).sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
    const folder = splitFolders(splits).get(item.split)!;
    const boxes = inVoc(item);
    return {
      sha256: item.sha256,
      split: folder === 'default' ? null : folder,
      label: labelOfBoxes(boxes),
      boxes,
    };
  },
  kitti: (item, all) => {
    const splits = all.map(({ split }) => split).sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
    const folder = splitFolders(splits).get(item.split)!;
    const boxes = inKitti(item);
    return {
      sha256: item.sha256,
      split: isSplitName(folder) ? folder : null,
      label: labelOfBoxes(boxes, cleanName),
      boxes,
    };
  },
  masks: (item) => {
    const boxes = inMaps(item);
    return { sha256: item.sha256, split: item.split, label: labelOfBoxes(boxes ?? []), boxes };
  },
  yolo: yolo(fractions),
  'yolo-segment': yolo(outlined),
  'yolo-pose': yolo((item) => {
    const points = item.boxes?.flatMap(({ detail }) => detail?.keypoints ?? []) ?? [];
    const [width, height] = [item.width, item.height];
    return fractions(item).map((box) =>
      points.length === 0
        ? box
        : { ...box, detail: { keypoints: points.map(([x, y, seen]) => [x / width, y / height, seen!]) } },
    );
  }),
};

/** Whether the centre of a pixel is in a ring, by the angles to its points: they add up to a turn inside. */
function isIn(ring: readonly number[], x: number, y: number): boolean {
  let turn = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const [ax, ay] = [ring[i]! - x, ring[i + 1]! - y];
    const [bx, by] = [ring[(i + 2) % ring.length]! - x, ring[(i + 3) % ring.length]! - y];
    turn += Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
  }
  return Math.abs(turn) > Math.PI;
}

/**
 * What maps hold of objects: each pixel shows one, the larger drawn first. Where nothing but a box is known of one, nobody
 * looked.
 */
function inMaps(item: ExportItem): Box[] | null {
  const { boxes, width, height } = item;
  if (!boxes) return null;
  const drawn = boxes.map((box) => {
    const { polygons, mask, crowd } = box.detail ?? {};
    const sides = box.format === 'xywh-pixel' ? [1, 1] : [width, height];
    const rings = polygons?.map((ring) => ring.map((value, i) => value * sides[i % 2]!));
    const covers = (x: number, y: number): boolean =>
      mask ? x >= 2 && x < 4 && y >= 1 && y < 4 : rings!.some((ring) => isIn(ring, x + 0.5, y + 0.5));
    return { box, crowd: crowd === true, area: mask ? 6 : 100, covers: mask || rings ? covers : null };
  });
  const order = drawn
    .filter(({ covers }) => covers)
    .sort((a, b) => b.area - a.area || Number(b.crowd) - Number(a.crowd));
  const found = drawn.flatMap((object) => {
    const own = new Uint8Array(width * height).map((_, at) =>
      Number(order.findLast(({ covers }) => covers!(at % width, Math.floor(at / width))) === object),
    );
    if (!own.includes(1)) return [];
    const mask = maskOf(own, [height, width], '');
    const detail = { ...(object.crowd && { crowd: true as const }), mask };
    return [{ label: object.box.label, format: 'xywh-pixel' as const, values: maskBox(mask)!, detail }];
  });
  return found.length === 0 && boxes.length > 0 ? null : found;
}

function yolo(boxes: (item: ExportItem) => Box[]): Expected {
  return (item, all) =>
    boxed(all)
      ? {
          sha256: item.sha256,
          split: item.split,
          label: labelOfBoxes(item.boxes ?? []),
          boxes: boxes(item),
        }
      : { sha256: item.sha256, split: item.split ?? training(all), label: item.label };
}

const EMPTY = { label: null, ...valuesOf(FILE_FIELDS, {}), boxes: null };

let scratch: string;
let originals: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'assay-formats-'));
  originals = join(scratch, 'originals');
});
const maps = new DecodePool({ workers: 1 });
afterAll(async () => {
  await maps.close();
  await rm(scratch, { recursive: true, force: true });
});

let count = 0;
function fresh(): string {
  count += 1;
  return join(scratch, `target-${count}`);
}

/** Returns every entry of the detected source with its file's hash, in hash order. */
async function readBack(folder: string): Promise<{ source: string; facts: Facts[] }> {
  const source = await findSource(folder, 'auto');
  const facts: Facts[] = [];
  for await (const { path, stated: _, ...rest } of source.list(folder, new Reading('', { maps }))) {
    const sha256 = createHash('sha256')
      .update(await readFile(join(folder, path)))
      .digest('hex');
    facts.push({ ...rest, sha256 });
  }
  return { source: source.id, facts: facts.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)) };
}

interface Result {
  source: string;
  facts: Facts[];
  classes: string[] | null;
}

/** Exports and imports again; returns the actual and the expected entries. */
async function roundTrip(id: string, items: ExportItem[], classes: string[]): Promise<[Result, Result]> {
  const target = fresh();
  await exportTo(target, id, items, { classes });
  const { source, facts } = await readBack(target);
  const declared = (await sources.get(source)!.classes?.(target)) ?? null;
  await rm(target, { recursive: true });
  const wanted = {
    source: id.startsWith('yolo') && !boxed(items) ? 'class-folders' : exports.get(id)!.source!,
    facts: items.map((item) => ({ ...EMPTY, sha256: item.sha256, ...BACK[id]!(item, items) })),
    // A declaration is text of its element, without blanks around it: names of a project have none.
    classes: declared && (id === 'cvat' ? [...new Set(classes.map((name) => inXml(name).trim()))] : classes),
  };
  const got = { source, facts, classes: declared && declared.slice(0, classes.length) };
  // The box around an outline, and the size of one between corners, are computed.
  return ['yolo-segment', 'cvat', 'voc', 'kitti'].includes(id)
    ? [rounded(got), rounded(wanted)]
    : [got, wanted];
}

function rounded(result: Result): Result {
  const round = (_: string, value: unknown): unknown =>
    typeof value === 'number' ? Number(value.toFixed(9)) : value;
  return JSON.parse(JSON.stringify(result, round)) as Result;
}

/** Two columns of three pixels, of the size that all images here have. */
const MASK = { size: [16, 24] as [number, number], counts: [2 * 16 + 1, 3, 13, 3, 24 * 16 - 52] };
const MASK_TEXT = 'Q13=0o9';
const MASK_BORDER = [4, 1, 4, 4, 2, 4, 2, 1];
const LABELS = ['cat', 'dog', '../x'];
const box = (label: string, format: Box['format'], ...values: Box['values']): Box => ({
  label,
  format,
  values,
});
const DATASETS: Record<string, (index: number) => ItemFacts> = {
  'labels, prompts and splits': (i) => ({
    label: [...LABELS, null][i % 4]!,
    givenLabel: 'cat',
    origin: i % 3 === 0 ? 'relabelled' : 'given',
    reviewer: i % 3 === 0 ? 'r-1' : null,
    decidedAt: i % 3 === 0 ? '2026-01-01T00:00:00.000Z' : null,
    split: ['train', 'validation', 'test', 'hold out', null][i % 5]!,
    prompt: i % 2 === 0 ? `=cmd("${i}"), a\nphotograph` : '',
    negativePrompt: i % 2 === 0 ? null : '@blurry',
    seed: String(2n ** 64n - 1n - BigInt(i)),
    generator: 'sdxl',
    generatorVersion: '1.0',
    generation: i,
  }),
  'COCO boxes': (i) => ({
    label: i % 2 === 0 ? 'cat' : null,
    split: i % 3 === 0 ? 'val' : 'train',
    boxes: [
      box('cat', 'xywh-pixel', 0.1, 0.2, 10 / 3, 1e-7),
      ...(i % 2 === 0 ? [] : [box('dog', 'xywh-pixel', 1, 2, 3.3000000000000003, 4)]),
    ].slice(i % 4 === 3 ? 2 : 0),
  }),
  'YOLO boxes': (i) => ({
    label: i === 0 ? null : 'dog',
    boxes: i === 0 ? [] : [box('dog', 'cxcywh-relative', 0.1 + 0.2, 1 / 3, 0.1, 5e-324)],
  }),
  'objects of COCO': () => ({
    label: 'cat',
    split: 'train',
    boxes: [
      {
        ...box('cat', 'xywh-pixel', 1, 2, 5.5, 6),
        detail: {
          polygons: [[1, 2, 6.5, 2, 4, 8]],
          columns: { area: 7.5, score: 0.25, track_id: 0 },
          attributes: { occluded: true, note: 'a "quoted" text', rotation: 12.5 },
        },
      },
      { ...box('dog', 'xywh-pixel', 0, 0, 9, 9), detail: { mask: MASK, crowd: true } },
      { ...box('cat', 'xywh-pixel', 2, 1, 2, 3), detail: { mask: MASK } },
    ],
  }),
  'keypoints of COCO': () => ({
    label: 'cat',
    split: 'train',
    boxes: [
      {
        ...box('cat', 'xywh-pixel', 1, 2, 4, 4),
        detail: {
          keypoints: [
            [1.5, 2, 2],
            [4, 5, 1],
            [0, 0, 0],
          ],
        },
      },
    ],
  }),
  'outlines of YOLO': () => ({
    label: 'cat',
    boxes: [
      { ...box('cat', 'cxcywh-relative', 0.5, 0.25, 1, 0.5), detail: { polygons: [[0, 0, 1, 0, 1, 0.5]] } },
    ],
  }),
  'no labels at all': () => ({}),
};

const reimported = [...exports.values()].filter(({ source }) => source !== null);

describe.each(reimported)('export $id', (format) => {
  const id = format.id;

  test.each(Object.keys(DATASETS))('comes back from disk: %s', async (name) => {
    const items = await makeItems(originals, 9, DATASETS[name]!);
    const [got, wanted] = await roundTrip(id, items, ['dog', 'cat', 'unused']);
    expect(got).toEqual(wanted);
  });

  const names = ['cvat', 'voc'].includes(id) ? HOSTILE.filter((name) => named(name) !== null) : HOSTILE;

  test('comes back from disk with hostile labels', async () => {
    const items = await makeItems(originals, names.length, (i) => ({ label: names[i]!, split: 'train' }));
    const [got, wanted] = await roundTrip(id, items, [...new Set(names)]);
    expect(got).toEqual(wanted);
  });

  test('comes back from disk with hostile splits and boxes', async () => {
    const items = await makeItems(originals, names.length, (i) => ({
      split: names[i]!,
      prompt: names[i]!,
      boxes: [box(names[i]!, 'cxcywh-relative', 0.5, 0.5, 0.25, 0.25)],
    }));
    const [got, wanted] = await roundTrip(id, items, []);
    expect(got).toEqual(wanted);
  });

  test('comes back from disk whatever the texts', async () => {
    const images = await Promise.all([0, 1, 2].map((seed) => makeImage(seed)));
    const sorted = images.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
    const some = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      fc.constantFrom(...HOSTILE),
    );
    const facts = fc.record({
      label: fc.option(some),
      split: fc.option(some),
      prompt: fc.option(fc.oneof(some, fc.constant(''))),
      negativePrompt: fc.option(some),
      seed: fc.option(some),
      generator: fc.option(some),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(facts, { minLength: 1, maxLength: 3 }), async (all) => {
        const items = await Promise.all(all.map((one, i) => makeItem(originals, sorted[i]!, one)));
        const [got, wanted] = await roundTrip(id, items, []);
        expect(got).toEqual(wanted);
      }),
      { numRuns: 15 },
    );
  });
});

describe.each([...exports.values()])('export $id', (format) => {
  test('writes the same bytes every time, and names images by hash only', async () => {
    const items = await makeItems(originals, 9, DATASETS['labels, prompts and splits']!);
    const [first, second] = [fresh(), fresh()];
    const written = await exportTo(first, format.id, items);
    expect((await exportTo(second, format.id, items)).files).toEqual(written.files);
    for (const file of written.files) {
      const bytes = await readFile(join(first, file.path));
      expect({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }).toEqual({
        bytes: file.bytes,
        sha256: file.sha256,
      });
    }
    const images = written.files
      .filter(({ path }) => /\.(?:jpg|png|webp)$/.test(path))
      .map(({ path }) => basename(path));
    const expected = format.id === 'parquet' ? [] : items.map(({ fileName }) => fileName);
    expect(images.sort()).toEqual(expected);
  });

  test('stops when cancelled, and leaves nothing', async () => {
    const items = await makeItems(originals, 3, () => ({}));
    const target = fresh();
    const cancelled = exportTo(target, format.id, items, { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(readFile(target)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('states what it loses, and is known to this suite', () => {
    expect(format.source === null || BACK[format.id]).toBeTruthy();
    const all = BACK[format.id] === plain;
    expect(format.loses.withBoxes.length === 0).toBe(all);
    expect(format.source === null || sources.has(format.source)).toBe(true);
  });
});
