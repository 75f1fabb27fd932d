import { isCrowd } from '../../base/boxes.ts';
import { encodeMap } from '../../../imaging/png.ts';
import { MAPS_FILE, type MapFacts } from '../../import/sources/class-maps.ts';
import { both, defineExport, type ExportItem, type ExportJob } from './define.ts';
import { drawMaps, IGNORED, MapCounter } from './draw-maps.ts';
import { copyImages, itemsWhere, survey } from './items.ts';
import { splitFolders } from './names.ts';
import { Counters, DetailCounter } from './outlines.ts';

/** Numbers of 8 bits are enough for so many classes, beside 0 for the background and 255 for what is to be ignored. */
const MOST_IN_8_BITS = 254;

/** How classes are numbered in the maps: from 1 on, in their order. */
function numbering(classes: readonly string[]) {
  const isWide = classes.length > MOST_IN_8_BITS;
  return {
    ignore: isWide ? 65_535 : 255,
    of: new Map(classes.map((name, i) => [name, i + 1])),
    values: (count: number) => (isWide ? new Uint16Array(count) : new Uint8Array(count)),
  };
}

/** The maps of an image: of its classes and, where objects are told apart in it, of its instances; null where nobody looked. */
function mapsOf(
  item: ExportItem,
  numbers: ReturnType<typeof numbering>,
): { classes: Buffer; instances: Buffer | null } | null {
  const drawn = drawMaps(item);
  if (!drawn) return null;
  const { width, height, boxes } = item;
  const classOf = boxes!.map(({ label }) => numbers.of.get(label)!);
  // Instances are numbered in the order of the list, from 1 on.
  let count = 0;
  const instanceOf = boxes!.map((box) => (isCrowd(box) ? 0 : ++count));
  const classes = numbers.values(width * height);
  const instances = new Uint16Array(width * height);
  for (const [at, object] of drawn.objects.entries()) {
    if (object === 0) continue;
    classes[at] = object === IGNORED ? numbers.ignore : classOf[object - 1]!;
    instances[at] = object === IGNORED ? 0 : instanceOf[object - 1]!;
  }
  return {
    classes: encodeMap(classes, width, height),
    instances: drawn.hasInstances ? encodeMap(instances, width, height) : null,
  };
}

async function write(job: ExportJob): Promise<void> {
  const { classes, splits } = survey(job);
  const folders = splitFolders(splits);
  const numbers = numbering(classes);
  await copyImages(
    job,
    (item) => `images/${folders.get(item.split)!}/${item.fileName}`,
    async (item) => {
      const maps = mapsOf(item, numbers);
      if (!maps) return;
      const name = `${folders.get(item.split)!}/${item.sha256}.png`;
      await job.output.writeBytes(`masks/${name}`, maps.classes);
      if (maps.instances) await job.output.writeBytes(`instances/${name}`, maps.instances);
    },
  );
  // Images without a split may share the folder of a split.
  const own = [...itemsWhere(job, ({ split }) => split === null)].map(({ sha256 }) => sha256);
  const facts: MapFacts = {
    format: 'assay-class-maps',
    version: 1,
    background: 0,
    ignore: numbers.ignore,
    classes: classes.map((name, i) => ({ value: i + 1, name })),
    splits: splits.flatMap((split) => (split === null ? [] : [{ folder: folders.get(split)!, split }])),
    withoutSplit: splits.length > 1 ? own : [],
  };
  await job.output.writeText(MAPS_FILE, `${JSON.stringify(facts, null, 1)}\n`);
}

const LOST = [
  'prompts, seeds and generators',
  'labels of images as a whole',
  'who decided what and when, the original names, roles and batches',
];

export default defineExport({
  id: 'masks',
  title: 'Images and class maps',
  layout:
    'images/<split>/<sha256>.<extension> with masks/<split>/<sha256>.png, a PNG whose pixels are numbers of classes (8 bits, 16 for over 254 classes), instances/<split>/<sha256>.png with numbers of objects where they are told apart, and class-maps.json, which names the numbers. 0 is the background, 255 (65535) to be ignored. Larger objects are drawn first.',
  loses: {
    withBoxes: [
      ...LOST,
      'boxes: those around the masks are read',
      'the numbers of outlines, and what of an object lies under another one',
    ],
    withoutBoxes: both(...LOST).withoutBoxes,
  },
  counter: () => new Counters(new MapCounter(), new DetailCounter('outline', 'crowds')),
  oneLabel: true,
  usage: [
    'from pathlib import Path',
    'import numpy as np; from PIL import Image',
    'pairs = [(image, np.array(Image.open(Path("masks") / image.parent.name / f"{image.stem}.png"))) for image in Path("images").glob("*/*") if (Path("masks") / image.parent.name / f"{image.stem}.png").exists()]',
  ],
  source: 'class-maps',
  write,
});
