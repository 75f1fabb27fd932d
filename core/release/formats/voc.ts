import { isCrowd, toPixels, type Box } from '../../base/boxes.ts';
import { encodeMap } from '../../../imaging/png.ts';
import { clipBox, ClipCounter } from './clip.ts';
import { defineExport, lossLine, type ExportItem, type ExportJob, type LossCounter } from './define.ts';
import { drawMaps, MapCounter } from './draw-maps.ts';
import { copyImages, itemsWhere, survey } from './items.ts';
import { splitFolders, uniqueNames } from './names.ts';
import { Counters, DetailCounter, joined, ringsOf } from './outlines.ts';
import { isFalseBackground } from './yolo-boxes.ts';
import { xmlText } from './xml-text.ts';

/** Numbers of 8 bits, 0 for the background and 255 for the void left out. */
const MOST = 254;
const VOID = 255;

/** The colours of the VOC devkit: the bits of a number, from the lowest on, are the high bits of red, green and blue in turn. */
const PALETTE = Uint8Array.from({ length: 256 * 3 }, (_, at) => {
  const [number, channel] = [Math.floor(at / 3), at % 3];
  let value = 0;
  for (let bit = 0; bit < 8; bit++) value |= ((number >> (bit * 3 + channel)) & 1) << (7 - bit);
  return value;
});

/** Attributes that are elements of an object; all others have a name and a value. */
const NATIVE = ['pose', 'truncated', 'difficult', 'occluded'] as const;

interface Target {
  box: Box;
  clipped: Box;
}

/** The objects that are written, each with the part of its box that is inside the image. */
function targetsOf(item: ExportItem): Target[] {
  return (item.boxes ?? []).flatMap((box) => {
    const clipped = isCrowd(box) ? null : clipBox(box, item);
    return clipped ? [{ box, clipped }] : [];
  });
}

/** 0 and 1 for what is so or not, as the devkit writes it. */
function valueOf(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value;
}

function* objectText({ box, clipped }: Target, item: ExportItem): Generator<string> {
  const facts = box.detail?.attributes ?? {};
  const native = (name: (typeof NATIVE)[number], none: string): string =>
    `<${name}>${xmlText(valueOf(facts[name] ?? none))}</${name}>`;
  const [xmin, ymin, width, height] = toPixels(clipped, item.width, item.height);
  yield `  <object>\n    <name>${xmlText(box.label)}</name>\n    `;
  yield (
    native('pose', 'Unspecified') +
      native('truncated', '0') +
      native('difficult', '0') +
      native('occluded', '0')
  );
  const others = Object.entries(facts).filter(([name]) => !(NATIVE as readonly string[]).includes(name));
  if (others.length > 0) {
    const one = ([name, value]: [string, unknown]): string =>
      `<attribute><name>${xmlText(name)}</name><value>${xmlText(valueOf(value))}</value></attribute>`;
    yield `\n    <attributes>${others.map(one).join('')}</attributes>`;
  }
  yield `\n    <bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmin + width}</xmax><ymax>${ymin + height}</ymax></bndbox>`;
  if (box.detail?.polygons) {
    const ring = joined(ringsOf(box, item)!);
    const points = ring.map((value, i) => {
      const name = `${i % 2 === 0 ? 'x' : 'y'}${Math.floor(i / 2) + 1}`;
      return `<${name}>${value}</${name}>`;
    });
    yield `\n    <polygon>${points.join('')}</polygon>`;
  }
  yield '\n  </object>\n';
}

function* annotation(item: ExportItem, database: string, segmented: boolean): Generator<string> {
  const { fileName, width, height } = item;
  yield `<annotation>\n  <folder>JPEGImages</folder>\n  <filename>${fileName}</filename>\n  <source><database>${xmlText(database)}</database></source>\n`;
  yield `  <size><width>${width}</width><height>${height}</height><depth>3</depth></size>\n  <segmented>${Number(segmented)}</segmented>\n`;
  for (const target of targetsOf(item)) yield* objectText(target, item);
  yield '</annotation>\n';
}

/** The maps of an image in which the pixels of an object are known; null where there is none, or 8 bits are not enough. */
function mapsOf(
  item: ExportItem,
  numbers: ReadonlyMap<string, number>,
): { classes: Buffer; objects: Buffer } | null {
  const targets = targetsOf(item);
  if (numbers.size > MOST || targets.length > MOST || !hasPixels(item)) return null;
  const { objects: drawn } = drawMaps(item)!;
  const { width, height, boxes } = item;
  const places = new Map(targets.map(({ box }, i) => [box, i + 1]));
  const classes = new Uint8Array(width * height);
  const objects = new Uint8Array(width * height);
  for (const [at, object] of drawn.entries()) {
    if (object === 0) continue;
    const box = object > 0 ? boxes![object - 1]! : null;
    classes[at] = box ? numbers.get(box.label)! : VOID;
    // What is told apart by nothing is void among objects.
    objects[at] = (box && places.get(box)) ?? VOID;
  }
  return {
    classes: encodeMap(classes, width, height, PALETTE),
    objects: encodeMap(objects, width, height, PALETTE),
  };
}

function hasPixels(item: ExportItem): boolean {
  return (item.boxes ?? []).some((box) => ringsOf(box, item) !== null);
}

/** The names of the numbers with their colours, as CVAT and datumaro write and read them. */
function labelMap(classes: readonly string[]): string {
  const all = ['background', ...classes, 'ignored'];
  // Two texts may be one name here: a class may be called background.
  const names = uniqueNames(all.keys(), (at) => all[at]!.replaceAll(/[:\r\n]/g, '_'), '_');
  const lines = all.map((_, at) => {
    const number = at === all.length - 1 ? VOID : at;
    return `${names.get(at)!}:${PALETTE.subarray(number * 3, number * 3 + 3).join(',')}::\n`;
  });
  return `# label:color_rgb:parts:actions\n${lines.join('')}`;
}

async function write(job: ExportJob): Promise<void> {
  const { classes, splits } = survey(job);
  const numbers = new Map(classes.map((name, i) => [name, i + 1]));
  const segmented = new Set<string>();
  await copyImages(
    job,
    (item) => `JPEGImages/${item.fileName}`,
    async (item) => {
      const maps = mapsOf(item, numbers);
      if (maps) {
        segmented.add(item.sha256);
        await job.output.writeBytes(`SegmentationClass/${item.sha256}.png`, maps.classes);
        await job.output.writeBytes(`SegmentationObject/${item.sha256}.png`, maps.objects);
      }
      const text = annotation(item, job.dataset.name, maps !== null);
      await job.output.writeText(`Annotations/${item.sha256}.xml`, text);
    },
  );
  const lists = splitFolders(splits);
  for (const name of new Set(lists.values())) {
    const ids = [...itemsWhere(job, ({ split }) => lists.get(split) === name)].map(({ sha256 }) => sha256);
    await job.output.writeText(
      `ImageSets/Main/${name}.txt`,
      ids.map((id) => `${id}\n`),
    );
    const drawn = ids.filter((id) => segmented.has(id));
    if (drawn.length > 0)
      await job.output.writeText(
        `ImageSets/Segmentation/${name}.txt`,
        drawn.map((id) => `${id}\n`),
      );
  }
  if (segmented.size > 0) await job.output.writeText('labelmap.txt', labelMap(classes));
}

/** Counts what Pascal VOC's form changes of objects and images. */
class VocCounter implements LossCounter {
  readonly #maps = new MapCounter();
  #joined = 0;
  #many = 0;
  #falseBackgrounds = 0;

  add(item: ExportItem): void {
    if (hasPixels(item)) this.#maps.add(item);
    if (hasPixels(item) && targetsOf(item).length > MOST) this.#many += 1;
    if (isFalseBackground(item)) this.#falseBackgrounds += 1;
    for (const box of item.boxes ?? []) {
      const { polygons } = box.detail ?? {};
      if (polygons && polygons.length > 1) this.#joined += 1;
    }
  }

  result(): string[] {
    return [
      ...this.#maps.result(),
      ...lossLine(
        this.#joined,
        'outline of several parts: written as one, joined by lines that enclose nothing',
        'outlines of several parts: each written as one, joined by lines that enclose nothing',
      ),
      ...lossLine(
        this.#many,
        'image with more than 254 objects: it has no maps',
        'images with more than 254 objects: they have no maps',
      ),
      ...lossLine(
        this.#falseBackgrounds,
        'image with a label or boxes and no box left: readers take it for a background',
        'images with a label or boxes and no box left: readers take them for backgrounds',
      ),
    ];
  }
}

const LOST = [
  'prompts, seeds and generators',
  'labels of images as a whole',
  'names of splits with signs other than letters, digits and _; that an image had no split: it is in `train`',
  'who decided what and when, the original names, roles and batches',
];

export default defineExport({
  id: 'voc',
  title: 'Pascal VOC',
  layout:
    'Annotations/<sha256>.xml, JPEGImages/<sha256>.<extension> and ImageSets/Main/<split>.txt; where masks or outlines are known, SegmentationClass and SegmentationObject in the colours of the VOC devkit (255 is void), ImageSets/Segmentation and labelmap.txt. Corners are counted from 0, and clipped to the image.',
  loses: {
    withBoxes: [
      ...LOST,
      'the fractions of YOLO boxes and outlines, and the last digit of the size of others: corners are written, in pixels',
      'attributes that are no text or number: true becomes 1, lists become their text',
      'the difference between an image without boxes and one never checked for boxes',
    ],
    withoutBoxes: LOST,
  },
  counter: () =>
    new Counters(new ClipCounter(), new VocCounter(), new DetailCounter('outline', 'attributes')),
  oneLabel: true,
  source: 'voc',
  write,
});
