import coco from '../../../core/import/sources/coco.ts';
import { Reading } from '../../../core/import/sources/reading.ts';
import { leftWords } from '../../../rpc/contract/imports.ts';
import { folderWith } from '../folders.ts';

type Json = Record<string, unknown>;

/** A COCO file of images 1.jpg, 2.jpg ... and the classes cat (7) and dog (3), with one record per line. */
export function cocoText(annotations: (Json | string)[], more: Json = {}): string {
  const all = {
    images: [image(1), image(2)],
    annotations,
    categories: [
      { id: 7, name: 'cat' },
      { id: 3, name: 'dog' },
    ],
    ...more,
  };
  const lines = (value: unknown): string =>
    Array.isArray(value)
      ? `[\n${value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(',\n')}\n]`
      : JSON.stringify(value);
  return `{${Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${JSON.stringify(key)}: ${lines(value)}`)
    .join(',\n')}}`;
}

export function image(id: number, more: Json = {}): Json {
  return { id, file_name: `${id}.jpg`, ...more };
}

/** A sound annotation: a cat in image 1. */
export function box(more: Json = {}): Json {
  return { id: 1, image_id: 1, category_id: 7, bbox: [1, 2, 3, 4], ...more };
}

/** What a dataset of these files comes to; `root` is a file to import. Images that are not in `files` are made empty. */
export async function readDataset(files: Record<string, string>, root = '', strict = false) {
  const folder = folderWith(files);
  const from = root === '' ? folder : `${folder}/${root}`;
  const detected = await coco.detects(from);
  const reading = new Reading(folder, { strict });
  const images: Record<string, unknown[]> = {};
  for await (const { path, split, label, boxes } of coco.list(from, reading))
    images[path] = [split, label, ...(boxes?.map((one) => [one.label, ...one.values].join(' ')) ?? [null])];
  const { left, skipped, notes } = reading.result();
  return {
    detected,
    images,
    left: left.map(leftWords),
    skipped: skipped.examples,
    notes,
  };
}
