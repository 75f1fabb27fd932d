import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { manifestPath } from './manifest-row.ts';
import { isImageName, walkImages } from './source-files.ts';

/**
 * Finds the images that annotations name. A name is tried as a path in the likely places first, then matched against
 * all images of the folder by the end of its path, so that it does not matter where a dataset keeps its pictures, with
 * which prefix, or with which slashes a file names them.
 */
export class ImageNames {
  readonly #root: string;
  #all: Promise<Map<string, string[]>> | null = null;
  #stems: Promise<Map<string, string | null>> | null = null;
  readonly #folders = new Map<string, Set<string>>();
  /** Where the last name was found that was looked for in these places: others are likely there too. */
  #last = { places: '', place: '' };

  /** `root`: the folder that found paths are relative to. */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * The path, below the root and with `/`, of the image that `written` names, with or without its extension; null where
   * none or several fit. `places` are folders below the root to look into first.
   */
  async find(written: string, places: readonly string[] = []): Promise<string | null> {
    const name = manifestPath(written.replaceAll('\\', '/'));
    const key = places.join('\n');
    const first = this.#last.places === key ? [this.#last.place] : [];
    if (!name.startsWith('..') && !posix.isAbsolute(name))
      for (const place of new Set([...first, ...places, ''])) {
        const path = posix.join(place, name);
        if (path.startsWith('..') || !(await this.isThere(path))) continue;
        this.#last = { places: key, place };
        return path;
      }
    return (await this.#byEnding(name)) ?? (isImageName(name) ? null : this.byStem(name));
  }

  /** The images most like a name that was not found: of the same file name, or else the first ones. At most `most`. */
  async nearest(written: string, most: number): Promise<string[]> {
    const all = await this.#images();
    const base = baseOf(written);
    const same = all.get(base) ?? [];
    const stem = stemOf(base);
    const alike = [...all].filter(([name]) => name.startsWith(stem)).flatMap(([, paths]) => paths);
    const any = [...all.values()].flat();
    return [...new Set([...same, ...alike, ...any])].slice(0, most);
  }

  /** How many images there are. */
  async count(): Promise<number> {
    let count = 0;
    for (const paths of (await this.#images()).values()) count += paths.length;
    return count;
  }

  /** Whether any image of the folder has the file name at the end of `written`. */
  async hasNameOf(written: string): Promise<boolean> {
    return (await this.#images()).has(baseOf(written));
  }

  /** The one image whose path shares the most of the end of `name`; null where two share as much. */
  async #byEnding(name: string): Promise<string | null> {
    const wanted = name.toLowerCase().split('/');
    let best: string | null = null;
    let bestShared = 0;
    let twice = false;
    for (const path of (await this.#images()).get(baseOf(name)) ?? []) {
      const parts = path.toLowerCase().split('/');
      let shared = 0;
      while (shared < parts.length && parts.at(-1 - shared) === wanted.at(-1 - shared)) shared++;
      if (shared > bestShared) [best, bestShared, twice] = [path, shared, false];
      else if (shared === bestShared) twice = true;
    }
    return twice ? null : best;
  }

  /** All images by file name in lower case; read once, at the first name that is not where it is said to be. */
  #images(): Promise<Map<string, string[]>> {
    this.#all ??= (async () => {
      const all = new Map<string, string[]>();
      for await (const path of walkImages(this.#root)) {
        const paths = all.get(baseOf(path));
        if (paths) paths.push(path);
        else all.set(baseOf(path), [path]);
      }
      return all;
    })();
    return this.#all;
  }

  /** Whether there is a file at a path below the root. Folders are read once each: to ask for every file takes longer. */
  async isThere(path: string): Promise<boolean> {
    const folder = posix.dirname(path);
    let names = this.#folders.get(folder);
    if (!names) {
      names = new Set(await readdir(join(this.#root, folder)).catch(() => []));
      this.#folders.set(folder, names);
    }
    return names.has(posix.basename(path));
  }

  /** The one image of this name before its extension; null where there is none, or several. */
  async byStem(name: string): Promise<string | null> {
    this.#stems ??= (async () => {
      const stems = new Map<string, string | null>();
      for (const paths of (await this.#images()).values())
        for (const path of paths) {
          const stem = stemOf(baseOf(path));
          stems.set(stem, stems.has(stem) ? null : path);
        }
      return stems;
    })();
    return (await this.#stems).get(baseOf(name)) ?? null;
  }
}

function baseOf(path: string): string {
  return posix.basename(path.replaceAll('\\', '/')).toLowerCase();
}

function stemOf(base: string): string {
  return base.replace(/\.[^.]*$/, '');
}
