import { extname, join, posix } from 'node:path';
import { glanceOnce, someBegins } from '../glance.ts';
import { leaveUnlistedImage } from './dataset-walk.ts';
import { defineSource, entry } from './define.ts';
import { ImageNames } from './image-names.ts';
import { isKitti, readKittiLines } from './kitti-lines.ts';
import type { Reading } from './reading.ts';
import { contents, isFolder, stemOf, walkImages } from './source-files.ts';
import { splitInPath } from './splits.ts';
import { folderOf, StemImages } from './stem-images.ts';
import { head } from './text-encoding.ts';

/** Text files whose first line is looked at. */
const FEW = { inFolder: 20, inAll: 200 };

async function detects(root: string, glance = glanceOnce(root)): Promise<boolean> {
  if (!(await isFolder(root))) return false;
  const seen = await glance();
  if (seen.images.length === 0) return false;
  // Label files of images without objects are empty.
  const isNamed = seen.files.some(({ folder, extension }) => extension === '.txt' && isLabelFolder(folder));
  return isNamed || someBegins(seen, '.txt', FEW, isKitti);
}

/** Whether a folder has the name that the benchmark gives to that of the labels. */
function isLabelFolder(folder: string): boolean {
  return /(?:^|\/)label_2\/?$/.test(folder);
}

/**
 * Yields the label files below a folder, and counts other text and point clouds. A folder with one label file among its
 * first holds label files: those of images without objects are empty.
 */
async function* labelFiles(root: string, reading: Reading, prefix = ''): AsyncGenerator<string> {
  const items = await contents(join(root, prefix));
  const texts = items.filter(({ name, kind }) => kind === 'file' && extname(name).toLowerCase() === '.txt');
  let holdsLabels = isLabelFolder(prefix);
  for (const { name } of texts.slice(0, FEW.inFolder))
    holdsLabels ||= isKitti(await head(join(root, prefix, name)));
  for (const { name, kind } of items) {
    const extension = extname(name).toLowerCase();
    if (kind === 'folder') yield* labelFiles(root, reading, `${prefix}${name}/`);
    else if (extension === '.txt' && holdsLabels) yield prefix + name;
    else if (extension === '.txt' || extension === '.bin')
      reading.leave('file', extension, 1, join(root, prefix, name));
  }
}

export default defineSource({
  id: 'kitti',
  title: 'KITTI',
  layout:
    'One .txt for each image with lines of a class and 14 or 15 numbers: label_2 for image_2, labels for images, or beside the images. An image has the class of its boxes if they agree.',
  priority: 74,
  detects,
  async *list(root, reading) {
    const names = new ImageNames(root);
    const stems = new StemImages(root);
    const listed = new Set<string>();
    for await (const path of labelFiles(root, reading)) {
      const file = join(root, path);
      const stem = stemOf(path);
      const places = await stems.placesOf(folderOf(path));
      const found = (await stems.find(stem, places)) ?? (await names.find(stem, places));
      if (found === null && !isKitti(await head(file))) {
        reading.leave('file', '.txt', 1, file);
        continue;
      }
      const image = found ?? posix.join(places[1] ?? places[0]!, `${stem}.png`);
      if (listed.has(image)) {
        reading.skip(file, null, `another label file is that of ${image} already.`);
        continue;
      }
      listed.add(image);
      const boxes = await readKittiLines(file, reading);
      const split = splitInPath(path) ?? splitInPath(image);
      yield entry(image, { ...boxes.of(image), split });
    }
    const folders = new Set([...listed].map(folderOf));
    const usual = new Set([...folders].map((folder) => posix.basename(folder)));
    for await (const path of walkImages(root)) {
      if (listed.has(path)) continue;
      const folder = folderOf(path);
      const split = splitInPath(path);
      // Test sets are published without labels: nobody was asked for boxes.
      if (split !== null && !folders.has(folder) && usual.has(posix.basename(folder)))
        yield entry(path, { split });
      else leaveUnlistedImage(root, path, reading);
    }
  },
});
