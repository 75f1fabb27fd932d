import { join, posix } from 'node:path';
import { contents, isAnnotationFolder, isImageName, stemOf } from './source-files.ts';

const USUAL = /^(?:(?:jpe?g|png)?images?|imgs?|pictures?|photos?|jpe?gs?|pngs?|data|image_2|frames|rgb)$/i;

/** Finds the images of annotation files that lie beside them, or in a folder beside theirs, under the same name. */
export class StemImages {
  readonly #root: string;
  readonly #folders = new Map<string, Promise<Map<string, string[]>>>();
  readonly #places = new Map<string, Promise<string[]>>();

  /** `root`: the folder that all paths are relative to. */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Folders, below the root, where the images of the annotations in `folder` can be: the folder itself, then those beside
   * it that usually hold images, with the folders in it: `JPEGImages/train` for `Annotations/train`, and first the one of
   * its own name: `image_2` for `label_2`.
   */
  placesOf(folder: string): Promise<string[]> {
    let places = this.#places.get(folder);
    if (!places) this.#places.set(folder, (places = this.#findPlaces(folder)));
    return places;
  }

  /** The one image named `stem` in the first of the folders that has any; null if there is none, or several. */
  async find(stem: string, places: readonly string[]): Promise<string | null> {
    for (const place of places) {
      const found = (await this.#imagesIn(place)).get(stem);
      if (found) return found.length === 1 ? posix.join(place, found[0]!) : null;
    }
    return null;
  }

  async #findPlaces(folder: string): Promise<string[]> {
    const parts = folder === '' ? [] : folder.split('/');
    const named = parts.findLastIndex((part) => isAnnotationFolder(part) || /xml|label/i.test(part));
    const at = named < 0 ? parts.length - 1 : named;
    const above = parts.slice(0, Math.max(at, 0)).join('/');
    const rest = parts.slice(at + 1).join('/');
    const beside = await contents(join(this.#root, above)).catch(() => []);
    const alike = parts[at]?.replace(/label/i, 'image');
    const usual = beside
      .filter(({ name, kind }) => kind === 'folder' && (USUAL.test(name) || name === alike))
      .sort((a, b) => Number(b.name === alike) - Number(a.name === alike));
    const places = usual.flatMap(({ name }) => [posix.join(above, name, rest), posix.join(above, name)]);
    return [...new Set([folder, ...places, above])];
  }

  #imagesIn(folder: string): Promise<Map<string, string[]>> {
    let images = this.#folders.get(folder);
    if (!images) this.#folders.set(folder, (images = imagesByStem(join(this.#root, folder))));
    return images;
  }
}

async function imagesByStem(folder: string): Promise<Map<string, string[]>> {
  const images = new Map<string, string[]>();
  for (const { name, kind } of await contents(folder).catch(() => []))
    if (kind === 'file' && isImageName(name)) {
      const stem = stemOf(name);
      images.set(stem, [...(images.get(stem) ?? []), name]);
    }
  return images;
}

/** The folder of a path below the root; '' for the top. */
export function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}
