import { join } from 'node:path';
import { cleanName } from '../../base/class-name.ts';
import { glanceOnce } from '../glance.ts';
import { addShape, classesOf, isShape, leaveAttributes } from './cvat-shapes.ts';
import { readTracks } from './cvat-tracks.ts';
import { defineSource, entry, type SourceEntry } from './define.ts';
import { ImageBoxes } from './image-boxes.ts';
import { ImageNames } from './image-names.ts';
import { manifestPath } from './manifest-row.ts';
import type { Reading } from './reading.ts';
import { leaveUnlisted } from './dataset-walk.ts';
import { isFolder, rootFolder } from './source-files.ts';
import { splitInPath } from './splits.ts';
import { StemImages } from './stem-images.ts';
import { head } from './text-encoding.ts';
import { unreadable } from './untrusted.ts';
import { finite, xmlElements, type XmlElement } from './xml.ts';

const LOOKED_AT = 60;

/** The XML files of CVAT in a folder, or the file itself. */
async function findFiles(root: string, glance = glanceOnce(root)): Promise<string[]> {
  const isCvat = async (file: string): Promise<boolean> =>
    /<annotations[\s>][\s\S]*<(?:image|track|meta)[\s>]/.test(await head(file));
  if (!(await isFolder(root))) return (await isCvat(root)) ? [root] : [];
  const { files } = await glance();
  const found: string[] = [];
  for (const { path } of files.filter(({ extension }) => extension === '.xml').slice(0, LOOKED_AT))
    if (await isCvat(join(root, path))) found.push(join(root, path));
  return found;
}

/** What an <image> says of the image at `path`. */
function factsOf(image: XmlElement, path: string, file: string, reading: Reading): Partial<SourceEntry> {
  const { subset = '' } = image.attributes;
  const [width, height] = [finite(image.attributes['width']), finite(image.attributes['height'])];
  const size = width > 0 && height > 0 ? { width, height } : null;
  const boxes = new ImageBoxes(reading, file);
  const tags: string[] = [];
  for (const element of image.children)
    if (isShape(element)) addShape(element, boxes, { size, reading, file });
    else if (element.name === 'tag') {
      const label = element.attributes['label'] ?? '';
      if (cleanName(label) === '') reading.skip(file, element.line, 'the tag has no label.');
      else tags.push(label);
      leaveAttributes(element, file, reading);
    }
  const labels = new Set(tags.map(cleanName));
  if (labels.size > 1) reading.leave('label', '', labels.size, file);
  return {
    ...boxes.of(path),
    ...(labels.size > 0 && { label: labels.size === 1 ? tags[0]! : null }),
    split: subset !== '' && !/^default$/i.test(subset) ? subset : null,
    stated: size,
  };
}

export default defineSource({
  id: 'cvat-xml',
  title: 'CVAT XML',
  layout:
    'CVAT for images 1.1 (annotations.xml with <image> elements), or CVAT for video with its frames as images. A tag is the label of its image; without tags an image has the class of its boxes if they agree.',
  priority: 72,
  onShown: true,
  detects: async (root, glance) => (await findFiles(root, glance)).length > 0,
  async *list(root, reading) {
    const top = await rootFolder(root);
    const files = await findFiles(root);
    if (files.length === 0) throw unreadable(root, null, 'there is no XML file of CVAT.');
    const names = new ImageNames(top);
    const places = await new StemImages(top).placesOf('annotations');
    const listed = new Set<string>();
    for (const file of files) {
      const tracks: XmlElement[] = [];
      const wanted = (path: string): boolean => /^annotations\/(?:image|track)$/.test(path);
      for await (const element of xmlElements(file, wanted, reading.encoding)) {
        if (element.name === 'track') {
          tracks.push(element);
          continue;
        }
        const written = element.attributes['name']?.trim() ?? '';
        if (written === '') {
          reading.skip(file, element.line, 'the image has no name.', element.attributes['id']);
          continue;
        }
        const inSubset = element.attributes['subset'] ?? '';
        const likely =
          inSubset === '' ? places : [...places.map((place) => `${place}/${inSubset}`), ...places];
        const path = (await names.find(written, likely)) ?? manifestPath(written);
        if (listed.has(path)) {
          reading.skip(file, element.line, `${JSON.stringify(path)} is already listed.`);
          continue;
        }
        listed.add(path);
        const facts = factsOf(element, path, file, reading);
        yield entry(path, { ...facts, split: facts.split ?? splitInPath(path) });
      }
      if (tracks.length === 0) continue;
      for await (const found of readTracks(tracks, file, names, places, reading)) {
        if (listed.has(found.path)) continue;
        listed.add(found.path);
        yield found;
      }
    }
    if (await isFolder(root)) await leaveUnlisted(top, listed, reading);
  },
  async classes(root, encoding = null) {
    const names = new Set<string>();
    for (const file of await findFiles(root))
      for await (const meta of xmlElements(file, (path) => path === 'annotations/meta', encoding))
        for (const name of classesOf(meta)) names.add(name);
    return [...names];
  },
});
