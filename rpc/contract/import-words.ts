import { integer } from '../format.ts';
import { leftWords, type ImportPreview, type LeftBehind, type LeftKind } from './imports.ts';

/** Kinds of which a dataset has many by name, each with what one line says of all of them. */
const JOINED: Partial<Record<LeftKind, (things: string) => string>> = {
  column: (things) => `values in ${things} columns`,
  attribute: (things) => `attributes of ${things} kinds`,
  undeclared: (things) => `pixels of no declared class, with ${things} values`,
};
/** Names in one line. */
const NAMED = 10;
/** So many of a kind have a line each. */
const APART = 2;

/** What was left behind, a line each, most first. Columns are one line where there are many, as are attributes. */
export function leftLines(left: readonly LeftBehind[]): { words: string; example: string | null }[] {
  const lines = new Map<string, LeftBehind[]>();
  for (const one of left) {
    const isMany = one.kind in JOINED && left.filter(({ kind }) => kind === one.kind).length > APART;
    const key = isMany ? one.kind : `${one.kind}\n${one.name}`;
    const line = lines.get(key);
    if (line) line.push(one);
    else lines.set(key, [one]);
  }
  return [...lines.values()]
    .map((all) => ({ count: all.reduce((sum, { count }) => sum + count, 0), all }))
    .sort((a, b) => b.count - a.count)
    .map(({ count, all }) => ({
      words: all.length === 1 ? leftWords(all[0]!) : joined(all, count),
      example: all.find(({ example }) => example !== null)?.example ?? null,
    }));
}

function joined(all: readonly LeftBehind[], count: number): string {
  const names = all.slice(0, NAMED).map(({ name }) => JSON.stringify(name));
  const more = all.length > NAMED ? ` and ${integer(all.length - NAMED)} more` : '';
  return `${integer(count)} ${JOINED[all[0]!.kind]!(integer(all.length))}: ${names.join(', ')}${more}`;
}

type Classes = ImportPreview['classes'];

/** The classes with the most images first; else in their order. */
export function mostFrequent(classes: Classes): Classes {
  return classes.toSorted((a, b) => b.files - a.files);
}

/** What is said of classes that are not shown: `100 more, 37 of them without an image`. */
export function moreClasses(rest: Classes): string {
  const empty = rest.filter(({ files }) => files === 0).length;
  if (empty === 0) return `${integer(rest.length)} more`;
  if (empty === rest.length) return `${integer(empty)} more without an image`;
  return `${integer(rest.length)} more, ${integer(empty)} of them without an image`;
}
