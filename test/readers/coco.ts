import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_SETS, type Judge } from './judges.ts';
import type { ReadBox, Reading, ReadImage } from './reading.ts';
import { bySplit, inPixels, type Truth, type TrueImage } from './truth.ts';

/** What a file says of an image's objects besides their classes and boxes. */
type Details = (image: TrueImage, boxes: ReadBox[]) => NonNullable<ReadImage['facts']>;

/** The part of a box that is in the image; null if there is none. */
export function visible({ label, box }: ReadBox, { width, height }: TrueImage): ReadBox | null {
  const [x, y, w, h] = box as [number, number, number, number];
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(width, x + w), Math.min(height, y + h)];
  if (w <= 0 || h <= 0 || right <= left || bottom <= top) return null;
  return { label, box: [left, top, right - left, bottom - top] };
}

/** Boxes are clipped; a label of an image in which nobody looked for boxes has the box of all of it. */
function boxesOf(image: TrueImage): ReadBox[] {
  const { boxes, label, width, height } = image;
  if (boxes) return boxes.map((box) => visible(inPixels(box, image), image)).filter((box) => box !== null);
  return label === null ? [] : [{ label, box: [0, 0, width, height] }];
}

const expecting =
  (details: Details) =>
  (truth: Truth): Reading => ({
    splits: bySplit(
      truth,
      ({ split }) => split?.replaceAll(/\W+/g, '_') ?? null,
      (image) => {
        const boxes = boxesOf(image);
        return { sha256: image.sha256, boxes, facts: details(image, boxes) };
      },
    ),
    classes: truth.classes,
  });

interface CocoText {
  images: { id: number; width: number; height: number; file_name: string }[];
  annotations: { image_id: number; category_id: number; bbox: number[]; [column: string]: unknown }[];
  categories: { id: number; name: string }[];
}

const FILE = 'annotations/instances_train.json';

/** Changes the file of a split. */
const inFile = (change: (coco: CocoText) => void) => (folder: string) => {
  const file = join(folder, FILE);
  const coco = JSON.parse(readFileSync(file, 'utf8')) as CocoText;
  change(coco);
  writeFileSync(file, JSON.stringify(coco));
};

const inEach = (change: (annotation: CocoText['annotations'][number]) => void) =>
  inFile(({ annotations }) => annotations.forEach(change));

const FAULTS: Judge['faults']['plant'] = {
  'boxes are moved by a pixel': inEach(({ bbox }) => (bbox[0]! += 1)),
  'no bbox': inEach((annotation) => delete (annotation as Partial<typeof annotation>).bbox),
  'classes are shifted by one': inEach((annotation) => (annotation.category_id += 1)),
  'the order of classes is another': inFile(({ categories }) => {
    const names = categories.map(({ name }) => name).reverse();
    for (const [i, category] of categories.entries()) category.name = names[i]!;
  }),
  'an image is missing': inFile((coco) => coco.images.shift()),
  'an image file is gone': (folder) => rmSync(join(folder, globSync('images/*.png', { cwd: folder })[0]!)),
  'a split has no file': (folder) => rmSync(join(folder, FILE)),
  'images have the annotations of others': inFile(({ images }) => {
    const ids = images.map(({ id }) => id).reverse();
    for (const [i, image] of images.entries()) image.id = ids[i]!;
  }),
};

const NO_CROWD = inEach((annotation) => delete annotation['iscrowd']);
const NO_AREA = inEach((annotation) => delete annotation['area']);
const NO_SHAPE = inEach((annotation) => (annotation['segmentation'] = []));
const TURNED = inFile(({ images }) => {
  for (const image of images) [image.width, image.height] = [image.height, image.width];
});

/** What every reader that looks at shapes notices. */
const OF_SHAPES = { ...FAULTS, 'no segmentation': NO_SHAPE, 'width and height are swapped': TURNED };
const OF_CROWDS = { ...OF_SHAPES, 'no iscrowd': NO_CROWD };

const coco = { format: 'coco', sets: ALL_SETS } satisfies Partial<Judge>;

export const cocoByPycocotools: Judge = {
  ...coco,
  reader: 'pycocotools',
  count: 'sum(len(split.imgs) for split in splits.values())',
  expected: expecting((image, boxes) => ({
    label: image.label,
    split: image.split,
    reviewer: image.reviewer,
    prompt: image.prompt,
    crowds: boxes.map(() => 0),
    areas: boxes.map(() => 0),
    whole: boxes.map(() => image.boxes === null),
  })),
  faults: {
    of: 'splits',
    plant: {
      ...OF_CROWDS,
      'no area': NO_AREA,
      'whole images are not marked': inEach((annotation) => delete annotation['whole_image']),
    },
  },
};

export const cocoBySupervision: Judge = {
  ...coco,
  reader: 'supervision',
  expected: expecting((_, boxes) => ({ crowds: boxes.map(() => 0) })),
  faults: { of: 'splits', plant: OF_SHAPES },
};

export const cocoByDatumaro: Judge = {
  ...coco,
  reader: 'datumaro',
  expected: expecting((_, boxes) => ({ polygons: boxes.length, crowds: boxes.map(() => 0) })),
  faults: { of: 'splits', plant: OF_CROWDS },
};

export const cocoByFiftyone: Judge = {
  ...coco,
  reader: 'fiftyone',
  expected: expecting((image, boxes) => ({
    masks: boxes.length,
    crowds: boxes.map(() => 0),
    whole: boxes.map(() => image.boxes === null),
  })),
  faults: { of: 'splits', plant: OF_CROWDS },
};
