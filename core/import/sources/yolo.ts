import { realpath } from 'node:fs/promises';
import { extname, join, posix, relative, isAbsolute } from 'node:path';
import { boxValues, labelOfBoxes, type Box } from '../../base/boxes.ts';
import { defineSource, entry } from './define.ts';
import { walkImages } from './source-files.ts';
import { textLines } from './jsonl-rows.ts';
import { ListedOnce, manifestPath } from './manifest-row.ts';
import { unreadable } from './unreadable.ts';
import { findDataYaml, labelFile, readYoloData, type YoloData } from './yolo-data.ts';

async function read(root: string): Promise<YoloData> {
  const file = await findDataYaml(root);
  if (file === null) throw unreadable(root, null, 'no data.yaml with `names` is here.');
  return readYoloData(file);
}

/** The images of one split: those of a folder, or the lines of a list. Lines with `./` are relative to the list. */
async function* imagesOf(root: string, path: string): AsyncGenerator<{ image: string; line: number | null }> {
  if (extname(path).toLowerCase() !== '.txt') {
    const prefix = path === '.' ? '' : `${path}/`;
    for await (const image of walkImages(root, prefix)) yield { image, line: null };
    return;
  }
  for await (const { line, text } of textLines(join(root, path))) {
    const written = text.trim();
    if (written === '') continue;
    const fromList = written.startsWith('./') ? posix.join(posix.dirname(path), written) : written;
    yield { image: manifestPath(fromList), line };
  }
}

/** Whether a file really lies below the folder, links followed; false where it does not exist. */
async function liesBelow(root: string, file: string): Promise<boolean> {
  try {
    const path = relative(root, await realpath(file));
    return !path.startsWith('..') && !isAbsolute(path);
  } catch {
    return false;
  }
}

/** Ultralytics' text lines: class and box, or class and polygon, of which the enclosing box is taken. */
async function readBoxes(file: string, names: Map<number, string>): Promise<Box[]> {
  const boxes: Box[] = [];
  for await (const { line, text } of textLines(file)) {
    const parts = text.trim().split(/\s+/);
    if (parts[0] === '') continue;
    const numbers = parts.slice(1).map(Number);
    const label = /^\d+$/.test(parts[0]!) ? names.get(Number(parts[0])) : undefined;
    if (label === undefined) throw unreadable(file, line, `data.yaml names no class ${parts[0]}.`);
    const values = numbers.every(Number.isFinite) ? boxOf(numbers) : null;
    if (!values)
      throw unreadable(
        file,
        line,
        'a class and four numbers, or a polygon of at least three points, belong here.',
      );
    boxes.push({ label, format: 'cxcywh-relative', values });
  }
  return boxes;
}

function boxOf(numbers: number[]): Box['values'] | null {
  const values = boxValues(numbers);
  if (values) return values;
  if (numbers.length < 6 || numbers.length % 2 === 1) return null;
  const [xs, ys] = [numbers.filter((_, i) => i % 2 === 0), numbers.filter((_, i) => i % 2 === 1)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
}

export default defineSource({
  id: 'yolo',
  title: 'YOLO',
  layout:
    'A data.yaml with names and train, val, test as folders or .txt lists below it; boxes in labels/**.txt for images/**. An image has the class of its boxes where they agree; without a .txt it has no boxes.',
  priority: 90,
  detects: async (root) => (await findDataYaml(root)) !== null,
  async *list(root) {
    const { root: folder, names, splits } = await read(root);
    const real = await realpath(folder);
    const listed = new ListedOnce();
    for (const { split, path } of splits) {
      for await (const { image, line } of imagesOf(folder, path)) {
        listed.add(image, join(folder, path), line);
        const file = join(folder, labelFile(image));
        const boxes = (await liesBelow(real, file)) ? await readBoxes(file, names) : [];
        yield entry(image, { label: labelOfBoxes(boxes), boxes, split });
      }
    }
  },
  classes: async (root) => [...(await read(root)).names.values()],
});
