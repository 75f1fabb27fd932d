import { createHash } from 'node:crypto';
import { collisionKey, RESERVED } from './output-path.ts';
import { partOf } from '../../base/splits.ts';

const MAX_NAME_BYTES = 120;

/**
 * Makes a folder name from any text. Letters and digits of every script and `-()+,&` stay, as do blanks, dots and
 * underscores inside; other characters become `%XX` of their UTF-8 bytes, as does the first one of a reserved name.
 * Different texts of up to 120 bytes get different names; longer ones are cut and end in a part of their hash.
 */
export function safeName(text: string): string {
  const plain = text.replace(/[^\p{L}\p{M}\p{N}\-()+,& ._]/gu, percent);
  const edges = plain.replace(/^[ ._]/, percent).replace(/[ .]$/, percent);
  const name = edges === '' ? '%' : RESERVED.test(edges) ? percent(edges[0]!) + edges.slice(1) : edges;
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  let start = '';
  for (const { segment } of new Intl.Segmenter().segment(name)) {
    if (Buffer.byteLength(start + segment) > MAX_NAME_BYTES - hash.length - 1) break;
    start += segment;
  }
  return `${start}~${hash}`;
}

function percent(character: string): string {
  return [...Buffer.from(character, 'utf8')]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

/** Names each text so that no file system confuses two of them (by case, say): later ones get a number. */
export function uniqueNames<T>(
  texts: Iterable<T>,
  nameOf: (text: T) => string,
  separator: '~' | '_',
): Map<T, string> {
  const taken = new Set<string>();
  const names = new Map<T, string>();
  for (const text of texts) {
    const base = nameOf(text);
    let name = base;
    for (let n = 2; taken.has(collisionKey(name)); n += 1) name = `${base}${separator}${n}`;
    taken.add(collisionKey(name));
    names.set(text, name);
  }
  return names;
}

/**
 * Makes a name of letters, digits and `_` only, as Hugging Face requires of splits, where `all` stands for every split; a
 * valid folder name everywhere.
 */
export function wordName(text: string): string {
  const word = text.replace(/\W+/g, '_').slice(0, 60);
  return /^_|^$|^all$/i.test(word) || RESERVED.test(word) ? `split${word.replace(/^(?!_)/, '_')}` : word;
}

/**
 * Folders (or file names) of splits, by split: words, different ones for different splits. Images without a split share
 * the folder of the training split, or have `train` to themselves.
 */
export function splitFolders(splits: Iterable<string | null>): Map<string | null, string> {
  const all = [...splits];
  const named = all.filter((split) => split !== null);
  const training = named.find((split) => partOf(split) === 'train') ?? 'train';
  // The training split comes first, so that it keeps its name.
  const names = uniqueNames(new Set([training, ...named]), wordName, '_');
  return new Map(all.map((split) => [split, names.get(split ?? training)!]));
}
