import { basename, extname, join } from 'node:path';
import type { Reading } from './reading.ts';
import { contents } from './source-files.ts';
import { textLines } from './text-lines.ts';

/** Lists of several splits or of no split: an image that another list names has that one's name. */
const GENERAL = new Set(['all', 'default', 'trainval', 'trainvaltest']);
const NO_SPLIT = new Set(['all', 'default']);
/** Lines of `aeroplane_train.txt`: an image, and whether the class is in it. */
const CLASS_LINE = /^\S.*\s-?[01]$/;

/** Images by the lists that name them: the id of an image (its path without extension, below the annotations) to its split. */
export type VocSets = Map<string, string | null>;

/**
 * Reads the image sets of a folder: the lists in ImageSets/Main, or in ImageSets itself. Lists of one class, which say
 * in which images it is, are counted, since the boxes say that too.
 */
export async function readVocSets(folder: string, reading: Reading): Promise<VocSets> {
  const sets: VocSets = new Map();
  const lists: { split: string; ids: Map<string, number>; file: string }[] = [];
  for (const file of await listsOf(folder)) {
    const ids = new Map<string, number>();
    let marked = 0;
    for await (const { line, text } of textLines(file, reading)) {
      const id = text.trim().replace(/^"(.*)"$/, '$1');
      if (id === '' || id.startsWith('#')) continue;
      if (CLASS_LINE.test(id)) marked++;
      ids.set(id.replaceAll('\\', '/'), line);
    }
    const isOfClass = marked === ids.size && basename(file).includes('_');
    if (isOfClass && ids.size > 0) reading.leave('file', '.txt', 1, file);
    else lists.push({ split: basename(file, extname(file)), ids, file });
  }
  lists.sort((a, b) => Number(GENERAL.has(a.split)) - Number(GENERAL.has(b.split)));
  for (const { split, ids, file } of lists)
    for (const [id, line] of ids) {
      const given = sets.get(id);
      if (given === undefined) sets.set(id, NO_SPLIT.has(split) ? null : split);
      else if (!GENERAL.has(split))
        reading.skip(file, line, `${JSON.stringify(id)} is in ${given}.txt already. It keeps that split.`);
    }
  return sets;
}

async function listsOf(folder: string): Promise<string[]> {
  for (const place of ['ImageSets/Main', 'ImageSets']) {
    const found = await contents(join(folder, place)).catch(() => []);
    const lists = found.filter(({ name, kind }) => kind === 'file' && /\.txt$/i.test(name));
    if (lists.length > 0) return lists.map(({ name }) => join(folder, place, name));
  }
  return [];
}
