import { realpath, stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, posix, relative } from 'node:path';
import { defineSource, entry } from './define.ts';
import { ImageBoxes } from './image-boxes.ts';
import { ImageNames } from './image-names.ts';
import { textLines } from './text-lines.ts';
import { manifestPath } from './manifest-row.ts';
import { Reading } from './reading.ts';
import { contents, isFolder, walkImages } from './source-files.ts';
import { splitInPath } from './splits.ts';
import { isDarknet, readDarknet } from './yolo-darknet.ts';
import { findDataYaml, labelFile, readDataYaml, type YoloData } from './yolo-data.ts';
import { readLines } from './yolo-lines.ts';

async function read(root: string, reading: Reading): Promise<YoloData> {
  const file = await findDataYaml(root);
  return file === null ? readDarknet(root, reading) : readDataYaml(file, reading);
}

interface Listed {
  image: string;
  split: string | null;
  /** The list that names it, with its line. */
  file: string;
  line: number | null;
}

/** The images of all splits: those of a folder, the lines of a list, or one file. */
async function* listed({ root, splits }: YoloData, reading: Reading): AsyncGenerator<Listed> {
  if (splits === 'by path') {
    for await (const image of walkImages(root))
      yield { image, split: splitInPath(image), file: join(root, image), line: null };
    return;
  }
  const names = new ImageNames(root);
  for (const { split, path } of splits) {
    const file = join(root, path);
    if (await isFolder(file)) {
      const prefix = path === '.' ? '' : `${path}/`;
      for await (const image of walkImages(root, prefix)) yield { image, split, file, line: null };
    } else if (extname(path).toLowerCase() === '.txt') {
      for await (const { line, text } of textLines(file, reading)) {
        const written = text.trim();
        if (written === '') continue;
        // Ultralytics takes lines with `./` to be relative to the list.
        const plain = written.startsWith('./') ? posix.join(posix.dirname(path), written) : written;
        yield { image: (await names.find(plain)) ?? manifestPath(plain), split, file, line };
      }
    } else yield { image: path, split, file, line: null };
  }
}

/** The boxes of a label file; none where there is no file, as Ultralytics reads it. Links out of the root are not followed. */
async function boxesOf(file: string, data: YoloData, root: string, reading: Reading): Promise<ImageBoxes> {
  const path = await realpath(file).then(
    (real) => relative(root, real),
    () => null,
  );
  if (path !== null && !path.startsWith('..') && !isAbsolute(path)) return readLines(file, data, reading);
  const boxes = new ImageBoxes(reading, file);
  if (path !== null) boxes.skip(null, 'it is a link out of the folder, which is not followed.');
  return boxes;
}

/** Counts the label files, in the folders of those that were read, whose image is not listed. */
async function leaveOrphans(known: ReadonlySet<string>, reading: Reading): Promise<void> {
  for (const folder of new Set([...known].map((file) => dirname(file))))
    for (const { name, kind } of await contents(folder).catch(() => [])) {
      const file = join(folder, name);
      if (kind !== 'file' || extname(name) !== '.txt' || known.has(file) || /^classes\.txt$/i.test(name))
        continue;
      if ((await stat(file)).size > 0) reading.skip(file, null, 'it labels an image that is not there.');
    }
}

export default defineSource({
  id: 'yolo',
  title: 'YOLO',
  layout:
    'A data.yaml with names and train, val, test as folders, lists or files below it, or a list of classes (classes.txt, obj.names); boxes in labels/**.txt for images/**, or beside each image. An image has the class of its boxes if they agree; without a .txt it has no boxes.',
  priority: 90,
  detects: async (root) => (await findDataYaml(root)) !== null || (await isDarknet(root)),
  async *list(root, reading) {
    const data = await read(root, reading);
    const real = await realpath(data.root);
    const seen = new Set<string>();
    const labels = new Set<string>();
    for await (const { image, split, file, line } of listed(data, reading)) {
      if (seen.has(image)) {
        reading.skip(file, line, `${JSON.stringify(image)} is already listed. It keeps its first split.`);
        continue;
      }
      seen.add(image);
      const label = join(data.root, labelFile(image));
      const boxes = await boxesOf(label, data, real, reading);
      if (labelFile(image).includes('labels/')) labels.add(label);
      yield entry(image, { ...boxes.of(image), split });
    }
    await leaveOrphans(labels, reading);
  },
  classes: async (root) => [...new Set((await read(root, new Reading(root))).names.values())],
});
