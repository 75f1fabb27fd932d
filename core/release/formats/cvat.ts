import { isCrowd, pointsInPixels, toPixels, type Box } from '../../base/boxes.ts';
import { maskBox, maskPixels, runsOfBits, type Mask } from '../../base/mask.ts';
import { defineExport, lossLine, type ExportItem, type ExportJob, type LossCounter } from './define.ts';
import { copyImages, imagePath, itemsWhere, survey } from './items.ts';
import { Counters, DetailCounter, hasMask, joined } from './outlines.ts';
import { xmlText } from './xml-text.ts';

/** Attributes that CVAT has of its own. */
const NATIVE = new Set(['rotation', 'occluded', 'group_id', 'z_order']);

/** `name="value"` of each that has a value, with a blank before it. */
function attributes(values: Record<string, unknown>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${xmlText(value)}"`)
    .join('');
}

function* shapes(item: ExportItem): Generator<string> {
  const { boxes, label } = item;
  // In a dataset of objects their classes say it.
  const objects = (boxes ?? []).filter((box) => !isCrowd(box));
  if (label !== null && objects.length === 0)
    yield `    <tag label="${xmlText(label)}" source="manual"></tag>\n`;
  for (const box of objects) {
    const { attributes: facts = {} } = box.detail ?? {};
    const { rotation, occluded, group_id, z_order } = facts;
    const own = {
      label: box.label,
      source: 'manual',
      occluded: occluded === true || occluded === 1 ? '1' : '0',
      ...geometryOf(box, item),
      z_order: typeof z_order === 'number' ? z_order : '0',
      ...(typeof rotation === 'number' && { rotation }),
      ...(typeof group_id === 'number' && { group_id }),
    };
    const name = nameOf(box, item);
    const others = Object.entries(facts)
      .filter(([key]) => !NATIVE.has(key))
      .map(([key, value]) => `<attribute name="${xmlText(key)}">${xmlText(value)}</attribute>`);
    yield `    <${name}${attributes(own)}>${others.join('')}</${name}>\n`;
  }
}

const nameOf = (box: Box, item: ExportItem): 'box' | 'polygon' | 'mask' =>
  box.detail?.polygons ? 'polygon' : hasMask(box, item) ? 'mask' : 'box';

function geometryOf(box: Box, item: ExportItem): Record<string, unknown> {
  const { polygons, mask } = box.detail ?? {};
  if (polygons) {
    const ring = pointsInPixels(joined(polygons), box, item);
    const points = Array.from({ length: ring.length / 2 }, (_, i) => `${ring[2 * i]},${ring[2 * i + 1]}`);
    return { points: points.join(';') };
  }
  if (mask && hasMask(box, item)) return rowsOf(mask);
  const [xtl, ytl, width, height] = toPixels(box, item.width, item.height);
  return { xtl, ytl, xbr: xtl + width, ybr: ytl + height };
}

/** A mask as CVAT has it: runs of 0 and 1 in turn, row by row, in the frame around it. */
function rowsOf(mask: Mask): Record<string, unknown> {
  const [left, top, width, height] = maskBox(mask) ?? [0, 0, 1, 1];
  const pixels = maskPixels(mask);
  const runs = runsOfBits(
    width * height,
    (k) => pixels[(top + Math.floor(k / width)) * mask.size[1] + left + (k % width)]!,
  );
  return { rle: runs.join(', '), left, top, width, height };
}

/** The declaration of the classes: what CVAT needs to make a task of it, each with every attribute that occurs. */
function meta(job: ExportJob, classes: readonly string[]): string {
  const names = new Set<string>();
  for (const item of itemsWhere(job, () => true))
    for (const { detail } of item.boxes ?? [])
      for (const name of Object.keys(detail?.attributes ?? {})) if (!NATIVE.has(name)) names.add(name);
  const declared = [...names].map(
    (name) =>
      `<attribute><name>${xmlText(name)}</name><mutable>False</mutable><input_type>text</input_type><default_value></default_value><values></values></attribute>`,
  );
  const labels = classes.map(
    (name) =>
      `<label><name>${xmlText(name)}</name><type>any</type><attributes>${declared.join('')}</attributes></label>`,
  );
  return `  <meta><task><name>${xmlText(job.dataset.name)}</name><size>${job.count}</size><mode>annotation</mode><labels>${labels.join('\n')}</labels></task></meta>\n`;
}

function* document(job: ExportJob): Generator<string> {
  yield `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n${meta(job, survey(job).classes)}`;
  let id = 0;
  for (const item of itemsWhere(job, () => true)) {
    const { fileName, width, height, split } = item;
    yield `  <image${attributes({ id: id++, name: fileName, subset: split ?? undefined, width, height })}>\n`;
    yield* shapes(item);
    yield '  </image>\n';
  }
  yield '</annotations>\n';
}

/** Counts what CVAT's form changes of objects. */
class CvatCounter implements LossCounter {
  #joined = 0;
  #otherSize = 0;
  #boxes = 0;

  add(item: ExportItem): void {
    for (const box of item.boxes ?? []) {
      if (isCrowd(box)) continue;
      const { polygons, mask } = box.detail ?? {};
      if (polygons || hasMask(box, item)) this.#boxes += 1;
      if (polygons && polygons.length > 1) this.#joined += 1;
      if (mask && !hasMask(box, item)) this.#otherSize += 1;
    }
  }

  result(): string[] {
    return [
      ...lossLine(
        this.#boxes,
        'box of an object with an outline or mask: the box around that is read instead',
        'boxes of objects with an outline or mask: the box around that is read instead',
      ),
      ...lossLine(
        this.#joined,
        'outline of several parts: written as one, joined by lines that enclose nothing',
        'outlines of several parts: each written as one, joined by lines that enclose nothing',
      ),
      ...lossLine(
        this.#otherSize,
        'mask of another size than its image: only the box is written',
        'masks of another size than their image: only the boxes are written',
      ),
    ];
  }
}

const LOST = [
  'prompts, seeds and generators',
  'who decided what and when, the original names, roles and batches',
];

export default defineExport({
  id: 'cvat',
  title: 'CVAT for images',
  layout:
    'annotations.xml (CVAT for images 1.1) and images/<sha256>.<extension>: a task of them is made of images/, and annotations.xml uploaded to it. Boxes, outlines, masks and attributes of objects, a tag for the label of an image without objects, splits as subsets.',
  loses: {
    withBoxes: [
      ...LOST,
      'the fractions of YOLO boxes and outlines, and the last digit of the size of others: corners are written, in pixels',
      'the label of an image whose boxes do not all carry it',
      'the difference between an image without boxes and one never checked for boxes',
    ],
    withoutBoxes: LOST,
  },
  counter: () => new Counters(new CvatCounter(), new DetailCounter('outline', 'attributes')),
  oneLabel: true,
  source: 'cvat-xml',
  async write(job) {
    await copyImages(job, imagePath);
    await job.output.writeText('annotations.xml', document(job));
  },
});
