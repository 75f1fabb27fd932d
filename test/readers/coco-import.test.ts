import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import coco from '../../core/import/sources/coco.ts';
import { isCrowd } from '../../core/base/boxes.ts';
import { Reading } from '../../core/import/sources/reading.ts';
import { temporaryFolder } from '../support/folders.ts';
import { READERS, runPython } from './read.ts';

type Boxes = Record<string, { label: string; box: number[] }[]>;

const [WIDTH, HEIGHT] = [40, 30];
const CLASSES = ['cat', ' dog', 'Ÿ "x"', '10'];

/** Numbers that look random and are the same every time, 0 to 1. */
function* numbers(): Generator<number, never> {
  for (let state = 7; ;) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

/** Annotations of every form: boxes, polygons and masks without boxes, crowds; some images have none. */
function dataset(): object {
  const random = numbers();
  const below = (most: number): number => Math.floor(random.next().value * most);
  const shapes: ((id: number) => object)[] = [
    () => ({ bbox: [below(30) + 0.1, below(20) / 3, below(9), 1e-3], area: NaN, segmentation: [] }),
    () => {
      const [x, y, w, h] = [below(20), below(15), 1 + below(19), 1 + below(14)];
      return { segmentation: [[x, y, x + w, y, x + w, y + h, x, y + h]] };
    },
    () => {
      const counts = [below(400)];
      for (let left = WIDTH * HEIGHT - counts[0]!; left > 0; left -= counts.at(-1)!)
        counts.push(Math.min(left, 1 + below(counts.length % 2 === 0 ? 200 : 40)));
      return { segmentation: { size: [HEIGHT, WIDTH], counts } };
    },
    () => ({
      bbox: [0, 0, 5, 5],
      iscrowd: 1,
      segmentation: { size: [HEIGHT, WIDTH], counts: [WIDTH * HEIGHT] },
    }),
  ];
  const images = Array.from({ length: 30 }, (_, i) => ({
    id: 900 - i,
    file_name: `${i}.jpg`,
    width: WIDTH,
    height: HEIGHT,
  }));
  const annotations = Array.from({ length: 200 }, (_, i) => ({
    id: i + 1,
    image_id: 900 - below(25),
    iscrowd: 0,
    category_id: 5 * below(CLASSES.length),
    ...shapes[i % shapes.length]!(i),
  }));
  return { annotations, categories: CLASSES.map((name, i) => ({ id: 5 * i, name })), images };
}

async function imported(folder: string): Promise<Boxes> {
  const images: Boxes = {};
  for await (const { path, boxes } of coco.list(folder, new Reading(folder, { strict: true })))
    images[path.slice('val2017/'.length)] = boxes!
      .filter((box) => !isCrowd(box))
      .map(({ label, values }) => ({ label, box: values }));
  return images;
}

/** JSON as Python writes it, with its NaN. */
function pythonJson(value: object): string {
  return JSON.stringify(value, (_, one: unknown) => (Number.isNaN(one) ? '__NaN__' : one)).replaceAll(
    '"__NaN__"',
    'NaN',
  );
}

test.skipIf(READERS === null).each(['as lists of runs', 'as text'])(
  'an import has the boxes that pycocotools has, crowds apart; masks %s',
  async (form) => {
    const folder = temporaryFolder();
    const file = join(folder, 'annotations', 'instances_val2017.json');
    mkdirSync(dirname(file));
    mkdirSync(join(folder, 'val2017'));
    writeFileSync(join(folder, 'val2017', '0.jpg'), '');
    writeFileSync(file, pythonJson(dataset()));
    if (form === 'as text') runPython('coco_boxes', 'compress', file);
    const theirs = JSON.parse(runPython('coco_boxes', 'read', file)) as Boxes;
    const ours = await imported(folder);
    expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
    expect(Object.values(ours).flat()).toHaveLength(150);
    for (const [image, boxes] of Object.entries(ours)) expect([image, boxes]).toEqual([image, theirs[image]]);
  },
);
