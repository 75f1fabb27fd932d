import { basename, dirname, extname, join, relative, sep } from 'node:path';
import type { CocoImage } from './coco-image.ts';
import type { ImageNames } from './image-names.ts';
import { below, manifestPath } from './manifest-row.ts';
import { contents } from './source-files.ts';
import { isSplitName } from '../../base/splits.ts';
import { splitInFileName } from './splits.ts';

const USUAL = new Set(['images', 'jpegimages', 'image', 'imgs', 'img', 'data', 'photos']);
const MOST_FOLDERS = 2000;
/** Folders whose own folders are looked at. */
const OPENED = 50;
const PROBED = 20;

/** The split that the name of a file below `root`, or its folder's, stands for. */
export function splitOfFile(root: string, file: string): string | null {
  const folder = basename(dirname(file));
  const ofFolder = dirname(file) === root ? (isSplitName(folder) ? folder : null) : splitInFileName(folder);
  return splitInFileName(basename(file)) ?? ofFolder;
}

/** Folders at the top and in those. None where there are thousands: then a name is found by its end. */
export async function foldersBelow(root: string): Promise<string[]> {
  const foldersIn = async (folder: string): Promise<string[]> =>
    (await contents(join(root, folder)))
      .filter(({ kind }) => kind === 'folder')
      .map(({ name }) => (folder === '' ? name : `${folder}/${name}`));
  const top = await foldersIn('');
  if (top.length > MOST_FOLDERS) return [];
  const found = [...top];
  for (const folder of top.slice(0, OPENED))
    if (found.length < MOST_FOLDERS) found.push(...(await foldersIn(folder)));
  return found;
}

/** Folders that the name or the place of a COCO file points to: `val2017` for `person_keypoints_val2017.json`. */
function pointedTo(root: string, folders: readonly string[], file: string): string[] {
  const words = basename(file, extname(file)).split('_');
  const sets = new Set(words.map((_, i) => words.slice(i).join('_')));
  const beside = relative(root, dirname(file)).split(sep).join('/');
  if (beside !== '') sets.add(basename(beside));
  const split = splitOfFile(root, file)?.toLowerCase();
  const named = folders.filter((folder) => sets.has(basename(folder)));
  const ofSplit = folders.filter((folder) => splitInFileName(basename(folder))?.toLowerCase() === split);
  return [...named, ...(split === undefined ? [] : ofSplit), beside];
}

/** The images of one COCO file, looked for in the likely folders and then by the ends of their paths. */
export class CocoPlaces {
  /** Folders that hold some of the first images, best first. */
  readonly folders: readonly string[];
  /** A sentence where two folders fit as well as each other. */
  readonly doubt: string | null;
  readonly #names: ImageNames;
  readonly #missing: string;

  private constructor(names: ImageNames, folders: string[], doubt: string | null, missing: string) {
    this.#names = names;
    this.folders = folders;
    this.doubt = doubt;
    this.#missing = missing;
  }

  static async of(
    root: string,
    subfolders: readonly string[],
    names: ImageNames,
    file: string,
    images: readonly CocoImage[],
  ): Promise<CocoPlaces> {
    const pointed = pointedTo(root, subfolders, file);
    const usual = subfolders.filter((folder) => USUAL.has(basename(folder).toLowerCase()));
    const splits = subfolders.filter((folder) => splitInFileName(basename(folder)) !== null);
    const probed = spread(images, PROBED);
    const hits = new Map<string, number>();
    for (const place of new Set([...pointed, ...usual, '', ...splits])) {
      let count = 0;
      for (const { written } of probed) if (await names.isThere(joined(place, written))) count += 1;
      if (count > 0) hits.set(place, count);
    }
    const best = [...hits].sort((a, b) => b[1] - a[1]);
    const [first, second] = best;
    const doubt =
      first && second && first[1] === second[1] && !pointed.includes(first[0])
        ? `images of the same names are in ${first[0] || 'the top folder'} and in ${second[0] || 'the top folder'}; those in the first were taken.`
        : null;
    return new CocoPlaces(
      names,
      best.map(([place]) => place),
      doubt,
      subfolders.includes('images') ? 'images' : '',
    );
  }

  /** Whether any of the images could be in the folder at all; true where a file lists none. */
  async anyThere(images: readonly CocoImage[]): Promise<boolean> {
    if (this.folders.length > 0 || images.length === 0) return true;
    for (const { written } of images) if (await this.#names.hasNameOf(written)) return true;
    return false;
  }

  /** The path of an image; where it is not found, the one where it should be. */
  async pathOf({ written }: CocoImage): Promise<string> {
    const found = await this.#names.find(written, this.folders);
    return found ?? joined(this.folders[0] ?? this.#missing, written);
  }
}

function joined(place: string, written: string): string {
  return below(place, manifestPath(written.replaceAll('\\', '/')));
}

/** At most `most` of a list, evenly spread over it. */
export function spread<T>(all: readonly T[], most: number): T[] {
  const step = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(most, all.length) }, (_, i) => all[Math.floor(i * step)]!);
}
