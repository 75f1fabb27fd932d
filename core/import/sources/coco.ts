import { basename, relative } from 'node:path';
import { categoryName, readCoco, type CocoFile } from './coco-file.ts';
import { findCoco, hasCoco } from './coco-files.ts';
import { splitOfFile } from './coco-places.ts';
import { chooseViews, type View } from './coco-views.ts';
import { defineSource, type SourceEntry } from './define.ts';
import { ImageBoxes } from './image-boxes.ts';
import { arrayElements } from './json-elements.ts';
import type { Reading } from './reading.ts';
import { leaveUnlisted } from './dataset-walk.ts';
import { isFolder, rootFolder } from './source-files.ts';
import { splitInPath } from './splits.ts';
import { isRecord, unreadable } from './untrusted.ts';

export default defineSource({
  id: 'coco',
  title: 'COCO',
  layout:
    'COCO JSON with images, annotations and categories, in any folder up to two levels down, or below annotations/, beside the images. Annotations without a box or shape label the whole image; otherwise an image has the class of its boxes if they agree.',
  priority: 80,
  detects: hasCoco,
  async *list(root, reading) {
    const top = await rootFolder(root);
    const { coco: files, results } = await findCoco(root);
    if (files.length === 0)
      throw unreadable(
        results[0] ?? root,
        null,
        results.length > 0
          ? 'this is a list of detection results, not a dataset: it names neither images nor classes. Import the COCO file that it was made for.'
          : 'there is no JSON with images, annotations and categories.',
      );
    reading.leave('results', '', results.length, results[0]);
    const read: CocoFile[] = [];
    for (const file of files) read.push(await readCoco(file, reading.encoding));
    const views = await chooseViews(top, read, reading);
    for (const { coco } of views) tell(coco, top, reading);
    const boxed = views.some(({ coco }) => coco.boxes > 0);
    for (const view of views) yield* entriesOf(view, top, boxed, reading);
    if (await isFolder(root)) await leaveUnlisted(top, new Set(views.flatMap(({ paths }) => paths)), reading);
  },
  async classes(root, encoding = null) {
    const { coco: files } = await findCoco(root);
    const main = files.filter(
      (file) => !/(?:^|[_-])(?:stuff|panoptic|captions)(?:[_-]|$)/i.test(basename(file)),
    );
    const names = new Set<string>();
    for (const file of main.length > 0 ? main : files)
      for await (const elements of arrayElements(file, new Set(['categories']), { encoding }))
        for (const { value } of elements) {
          const name = isRecord(value) ? categoryName(value) : null;
          if (name !== null) names.add(name);
        }
    return [...names];
  },
});

/** Tells the reading what a file has that is not taken over. Throws where its classes are not declared. */
function tell(coco: CocoFile, top: string, reading: Reading): void {
  if (coco.annotations > 0 && coco.classes.length === 0)
    throw unreadable(
      coco.file,
      null,
      'its annotations name classes by `category_id`, but there are no `categories` that say what they are called. Add them to the file.',
    );
  for (const { line, problem, id } of coco.faults.toSorted((a, b) => a.line - b.line))
    reading.skip(coco.file, line, problem, id);
  for (const { kind, name, count } of coco.left.values()) reading.leave(kind, name, count, coco.file);
  for (const sentence of coco.notes) reading.note(`${relative(top, coco.file)}: ${sentence}`);
}

function* entriesOf(
  { coco, kind, paths }: View,
  top: string,
  boxed: boolean,
  reading: Reading,
): Generator<SourceEntry> {
  const ofFile = splitOfFile(top, coco.file);
  /** A list of images for which nobody was asked for boxes, such as COCO's test set. */
  const unasked = kind === 'captions' || !coco.seen.has('annotations');
  for (const [i, { facts, written, says }] of coco.images.entries()) {
    const path = paths[i]!;
    if (path === null) continue;
    const boxes = new ImageBoxes(reading, coco.file);
    for (const box of coco.boxesOf(i)) boxes.add(box);
    boxes.note(coco.unreadOf(i));
    const known = boxes.of(path);
    const whole = coco.labelsOf(i);
    const [one = known.label] = whole;
    const label = whole.length > 1 ? null : one;
    if (whole.length > 1) reading.leave('label', '', whole.length, coco.file);
    yield {
      ...facts,
      path,
      label: says.label ? facts.label : label,
      split: says.split ? facts.split : (ofFile ?? splitInPath(written)),
      boxes: boxed && !unasked ? known.boxes : null,
    };
  }
}
