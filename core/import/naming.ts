import { counted, listed } from '../../rpc/format.ts';
import { cleanName, foldedName, shownName, withoutBlanks } from '../base/class-name.ts';
import type { SourceEntry } from './sources/define.ts';
import type { Reading } from './sources/reading.ts';

/** From the class names of a source to those of the project: cleaned, then mapped as the person says. */
export interface Naming {
  /** The project's name of a class; null for no label. */
  of(name: string | null): string | null;
  /** The same for a list, without repeats. */
  names(names: Iterable<string>): string[];
}

/** Maps the given names; every other name is only cleaned. A name of nothing but blanks is no label. */
export function classNaming(map: Record<string, string | null>): Naming {
  const given = new Map(
    Object.entries(map).map(([from, to]) => [cleanName(from), cleanName(to ?? '') || null]),
  );
  const known = new Map<string, string | null>();
  const of = (name: string | null): string | null => {
    if (name === null) return null;
    const found = known.get(name);
    if (found !== undefined) return found;
    const clean = cleanName(name);
    const mapped = given.get(clean);
    const called = mapped === undefined ? clean || null : mapped;
    known.set(name, called);
    return called;
  };
  return {
    of,
    names: (names) => [...new Set([...names].map(of).filter((name) => name !== null))],
  };
}

/** Sentences of a kind that are said one by one. */
const NAMED = 8;
/** Numbers that are shown. */
const NUMBERS = 5;

interface Count {
  images: number;
  boxes: number;
}

/** Counts the class names of a dataset as they are written, to say which are read otherwise, and which look alike. */
export class NameTally {
  readonly #counts = new Map<string, Count>();
  readonly #naming: Naming;
  readonly #project: readonly string[];

  /** `project` are the classes that are there already. */
  constructor(naming: Naming, project: readonly string[]) {
    this.#naming = naming;
    this.#project = project;
  }

  /** Names that the dataset declares, with or without images. */
  declare(names: readonly string[]): void {
    for (const name of names) this.#of(name);
  }

  add({ label, boxes }: SourceEntry): void {
    if (label !== null) this.#of(label).images++;
    if (boxes) for (const box of boxes) this.#of(box.label).boxes++;
  }

  /** Notes what was found, once all is counted. */
  tell(reading: Reading): void {
    this.#tellChanged(reading);
    const names = this.#naming.names(this.#counts.keys());
    tellAlike(reading, names, this.#project);
    if (names.length > 0 && names.every((name) => /^-?\d+(?:\.0+)?$/.test(name)))
      reading.note(
        `The names of the classes are numbers (${names.slice(0, NUMBERS).join(', ')}${names.length > NUMBERS ? ' …' : ''}). If these stand for other names, map them.`,
      );
  }

  #of(name: string): Count {
    const found = this.#counts.get(name);
    if (found) return found;
    const fresh = { images: 0, boxes: 0 };
    this.#counts.set(name, fresh);
    return fresh;
  }

  #tellChanged(reading: Reading): void {
    const changed = Map.groupBy(this.#counts.keys(), cleanName);
    for (const [name, written] of changed)
      if (name !== '' && written.length === 1 && written[0] === name) changed.delete(name);
    const nameless = changed.get('');
    changed.delete('');
    for (const name of nameless ?? []) {
      const { images, boxes } = this.#of(name);
      reading.leave('nameless', '', boxes);
      if (images > 0)
        reading.note(
          `The class ${shownName(name)} of ${counted(images, 'image')} has no name; it is read as no label.`,
        );
    }
    // Those that become one first: they change the dataset most.
    const all = [...changed].sort(([, a], [, b]) => Number(b.length > 1) - Number(a.length > 1));
    for (const [name, written] of all.slice(0, NAMED)) {
      const why = `as ${written.length > 1 ? 'one, ' : ''}${shownName(name)}: ${reasons(written)}.`;
      reading.note(
        written.length === 1
          ? `The class ${shownName(written[0]!)} is read ${why}`
          : `The classes ${listed(written.map((one) => `${shownName(one)} (${this.#counted([one])})`))} are read ${why}`,
      );
    }
    if (all.length > NAMED)
      reading.note(
        `${counted(all.length - NAMED, 'more class name is', 'more class names are')} read likewise.`,
      );
  }

  /** `3 images, 12 boxes`. */
  #counted(names: readonly string[]): string {
    let [images, boxes] = [0, 0];
    for (const name of names) {
      images += this.#of(name).images;
      boxes += this.#of(name).boxes;
    }
    const of = [counted(images, 'image'), ...(boxes > 0 ? [counted(boxes, 'box', 'boxes')] : [])];
    return (images > 0 ? of : of.slice(boxes > 0 ? 1 : 0)).join(', ');
  }
}

function reasons(written: readonly string[]): string {
  const blanks = written.some((name) => withoutBlanks(name) !== name);
  const form = written.some((name) => name.normalize('NFC') !== name);
  return [
    ...(blanks ? ['blanks around names are left out'] : []),
    ...(form ? ['letters with marks are read in one form (Unicode NFC)'] : []),
  ].join(', and ');
}

function tellAlike(reading: Reading, names: readonly string[], project: readonly string[]): void {
  const there = Map.groupBy(project, foldedName);
  const own = new Set(names);
  const sentences: string[] = [];
  for (const [folded, alike] of Map.groupBy(names, foldedName)) {
    if (alike.length > 1)
      sentences.push(`The classes ${listed(alike.map(shownName))} differ only in ${difference(alike)}`);
    const others = there.get(folded)?.filter((name) => !own.has(name)) ?? [];
    const [name] = alike;
    if (alike.length === 1 && others.length > 0)
      sentences.push(
        `The class ${shownName(name!)} differs from the project's ${listed(others.map(shownName))} only in ${difference([name!, ...others])}`,
      );
  }
  for (const sentence of sentences.slice(0, NAMED))
    reading.note(`${sentence}. They stay different classes; map them if they are one.`);
  if (sentences.length > NAMED)
    reading.note(
      `${counted(sentences.length - NAMED, 'more class name differs', 'more class names differ')} as little.`,
    );
}

function difference(names: readonly string[]): string {
  const lower = new Set(names.map((name) => name.toLowerCase()));
  return lower.size === 1 ? 'capitals' : 'capitals, blanks or signs that do not show';
}
