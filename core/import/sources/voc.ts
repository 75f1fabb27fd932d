import { integer } from '../../../rpc/format.ts';
import { join, posix } from 'node:path';
import { glanceOnce, someBegins } from '../glance.ts';
import { leaveUnlisted } from './dataset-walk.ts';
import { defineSource, entry } from './define.ts';
import { ImageNames } from './image-names.ts';
import { mapOf, type MapFile } from './label-maps.ts';
import { manifestPath } from './manifest-row.ts';
import type { Reading } from './reading.ts';
import { contents, isFolder, isImageName, stemOf } from './source-files.ts';
import { splitInPath } from './splits.ts';
import { folderOf, StemImages } from './stem-images.ts';
import { head } from './text-encoding.ts';
import { faultOf } from './untrusted.ts';
import { readVocAnnotation, type VocAnnotation, type VocMasks } from './voc-annotation.ts';
import { readVocSets, type VocSets } from './voc-sets.ts';

/** Numbers of 8 bits. */
const MOST_OBJECTS = 255;

/** XML files whose beginning is looked at. */
const FEW = { inFolder: 3, inAll: 60 };

/** Whether text begins a file of Pascal VOC; LabelMe's old XML has the same root, and polygons of <pt>. */
function isVoc(text: string): boolean {
  const inner = /<annotation(?:\s[^>]*)?>([\s\S]*)/.exec(text)?.[1];
  return inner !== undefined && !/<pt>/.test(inner) && /<(?:bndbox|size|object|filename)[\s>]/.test(inner);
}

/** Yields the paths of all XML files below a folder, depth first. */
async function* xmlFiles(root: string, prefix = ''): AsyncGenerator<string> {
  for (const { name, kind } of await contents(join(root, prefix)))
    if (kind === 'folder') yield* xmlFiles(root, `${prefix}${name}/`);
    else if (kind === 'file' && /\.xml$/i.test(name)) yield prefix + name;
}

/** The image sets that annotations below a folder belong to, and the folder that their ids are relative to. */
interface Sets {
  sets: VocSets;
  folder: string;
}

/** Finds the image sets of annotations: ImageSets lies beside the folder of the annotations. */
class SetsOfFolders {
  readonly #root: string;
  readonly #reading: Reading;
  readonly #found = new Map<string, Sets | null>();

  constructor(root: string, reading: Reading) {
    this.#root = root;
    this.#reading = reading;
  }

  async of(folder: string): Promise<Sets | null> {
    const known = this.#found.get(folder);
    if (known !== undefined) return known;
    const above = folder === '' ? null : posix.dirname(folder) === '.' ? '' : posix.dirname(folder);
    const sets = above === null ? new Map<string, null>() : await this.#setsIn(above);
    const found = sets.size > 0 ? { sets, folder } : above === null ? null : await this.of(above);
    this.#found.set(folder, found);
    return found;
  }

  async #setsIn(above: string): Promise<VocSets> {
    const isThere = (await contents(join(this.#root, above))).some(({ name }) => name === 'ImageSets');
    return isThere ? readVocSets(join(this.#root, above), this.#reading) : new Map();
  }

  /** Every folder of annotations with its sets. */
  all(): Set<Sets> {
    return new Set([...this.#found.values()].filter((one) => one !== null));
  }
}

/** The numbers of SegmentationObject that are no object: the background, and the void around objects. */
const NO_OBJECTS = new Set([0, 255]);

/** Reads the maps of objects that lie beside the folder of annotations. */
class ObjectMaps {
  /** The maps that were read, below the root. */
  readonly read = new Set<string>();
  readonly #root: string;
  readonly #reading: Reading;
  readonly #folders = new Map<string, Set<string>>();
  #faulty = 0;

  constructor(root: string, reading: Reading) {
    this.#root = root;
    this.#reading = reading;
  }

  /** The masks of the objects of an annotation file; none where it has no map, or a faulty one. */
  async of(xml: string): Promise<VocMasks> {
    const folder = posix.join(folderOf(folderOf(xml)), 'SegmentationObject');
    let names = this.#folders.get(folder);
    if (!names) {
      const items = await contents(join(this.#root, folder)).catch(() => []);
      this.#folders.set(folder, (names = new Set(items.map(({ name }) => name))));
    }
    const name = `${stemOf(xml)}.png`;
    if (folderOf(xml) === '' || !names.has(name)) return new Map();
    const map: MapFile = { path: posix.join(folder, name), reads: 'value' };
    this.read.add(map.path);
    try {
      const outcome = await this.#reading.readMap({ root: this.#root, ...map });
      const { regions } = mapOf(this.#root, map, outcome, (value) => value <= MOST_OBJECTS);
      return new Map(
        regions.filter(({ value }) => !NO_OBJECTS.has(value)).map((region) => [region.value, region]),
      );
    } catch (error) {
      // Boxes are whole without it.
      const { file, problem } = faultOf(error);
      this.#reading.leave('mask-file', '', 1, file);
      if (this.#faulty++ === 0)
        this.#reading.note(
          `Maps of objects that cannot be read are counted as mask files. ${map.path}: ${problem}`,
        );
      return new Map();
    }
  }
}

/** Finds the image of an annotation file. */
class Images {
  /** Files that name another image than that of their own name. */
  otherwise = 0;
  readonly #names: ImageNames;
  readonly #stems: StemImages;

  constructor(root: string) {
    this.#names = new ImageNames(root);
    this.#stems = new StemImages(root);
  }

  /**
   * The image named like the file, as torchvision and supervision take it, since `filename` is often that of before the
   * files were renamed; else the image that the file names. If neither is there, the path where it should be.
   */
  async of(xml: string, { filename, path }: VocAnnotation): Promise<string> {
    const places = await this.#stems.placesOf(folderOf(xml));
    const own = await this.#stems.find(stemOf(xml), places);
    if (own !== null) {
      const named = baseOf(filename);
      if (stemOf(named) !== stemOf(own) && (await this.#names.hasNameOf(named))) this.otherwise++;
      return own;
    }
    for (const written of [filename, path]) {
      const found = written === '' ? null : await this.#names.find(written, places);
      if (found !== null) return found;
    }
    const name = baseOf(filename) || stemOf(xml);
    return manifestPath(posix.join(places[1] ?? places[0]!, isImageName(name) ? name : `${name}.jpg`));
  }

  /** The image of an id in an image set, that has no annotation file. */
  async ofId(id: string, folder: string): Promise<string | null> {
    const places = await this.#stems.placesOf(posix.join(folder, posix.dirname(id)));
    return this.#stems.find(posix.basename(id), places);
  }
}

function baseOf(written: string): string {
  return posix.basename(written.replaceAll('\\', '/'));
}

export default defineSource({
  id: 'voc',
  title: 'Pascal VOC',
  layout:
    'One XML file <annotation> for each image, in Annotations with the images in JPEGImages, or beside the images; splits from ImageSets/Main or folders. An image has the class of its boxes if they agree.',
  priority: 76,
  detects: async (root, glance = glanceOnce(root)) =>
    (await isFolder(root)) && someBegins(await glance(), '.xml', FEW, isVoc),
  async *list(root, reading) {
    const images = new Images(root);
    const folders = new SetsOfFolders(root, reading);
    const maps = new ObjectMaps(root, reading);
    const listed = new Map<string, string>();
    const annotated = new Set<string>();
    for await (const xml of xmlFiles(root)) {
      const file = join(root, xml);
      const belongs = await folders.of(folderOf(xml));
      const id = xml
        .slice(belongs && belongs.folder !== '' ? belongs.folder.length + 1 : 0)
        .replace(/\.xml$/i, '');
      if (belongs) annotated.add(`${belongs.folder}\n${id}`);
      if (!isVoc(await head(file))) {
        reading.leave('file', '.xml', 1, file);
        continue;
      }
      const annotation = await readOrSkip(file, reading, await maps.of(xml));
      if (!annotation) continue;
      const path = await images.of(xml, annotation);
      const before = listed.get(path);
      if (before !== undefined) {
        reading.skip(file, null, `its image ${path} is that of ${before} already.`);
        continue;
      }
      listed.set(path, xml);
      const { boxes, stated } = annotation;
      const split = belongs?.sets.get(id) ?? splitInPath(xml) ?? splitInPath(path);
      yield entry(path, { ...boxes.of(path), split, stated });
    }
    // Test sets are published without annotations: nobody was asked for boxes.
    for (const { sets, folder } of folders.all())
      for (const [id, split] of sets) {
        if (annotated.has(`${folder}\n${id}`)) continue;
        const path = await images.ofId(id, folder);
        if (path === null || listed.has(path)) continue;
        listed.set(path, '');
        yield entry(path, { split });
      }
    if (images.otherwise > 0)
      reading.note(
        `${integer(images.otherwise)} annotation files name another image in \`filename\` than the one called like the file; the latter is taken.`,
      );
    const isKnown = { has: (path: string) => listed.has(path) || maps.read.has(path) };
    await leaveUnlisted(root, isKnown, reading);
  },
});

async function readOrSkip(file: string, reading: Reading, masks: VocMasks): Promise<VocAnnotation | null> {
  try {
    return await readVocAnnotation(file, reading, masks);
  } catch (error) {
    const { line, problem } = faultOf(error);
    reading.skip(file, line, problem);
    return null;
  }
}
