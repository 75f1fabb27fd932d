import { FILE_FIELDS } from '../../../rpc/contract/fields.ts';
import { integer } from '../../../rpc/format.ts';
import type { Box } from '../../base/boxes.ts';
import { rowBox, statedSize, type BoxColumns, type BoxForm } from './box-columns.ts';
import type { SourceEntry } from './define.ts';
import { ImageBoxes } from './image-boxes.ts';
import type { ManifestRow } from './manifest-row.ts';
import type { Reading } from './reading.ts';
import { unreadable } from './untrusted.ts';

type Four = Box['values'];
type Known = Exclude<BoxForm, 'x, y, w, h' | 'unnamed'>;

/** Fractions may be rounded a little beyond 1, and pixels a little beyond the image. */
const BEYOND = 0.02;

interface RowBox {
  line: number;
  label: string;
  values: Four;
}

/** The rows of one image. */
interface Group {
  entry: SourceEntry;
  line: number;
  rows: RowBox[];
  boxes: ImageBoxes;
}

/**
 * Gathers the boxes of a table with one box per row. All boxes of a file are held until its end: rows of an image need
 * not be adjacent, and only all numbers together tell fractions from pixels.
 */
export class RowBoxes {
  readonly #file: string;
  readonly #columns: BoxColumns;
  readonly #reading: Reading;
  readonly #groups = new Map<string, Group>();
  readonly #lost = new Set<string>();

  constructor(file: string, columns: BoxColumns, reading: Reading) {
    this.#file = file;
    this.#columns = columns;
    this.#reading = reading;
  }

  /** Adds one row; its label is that of the box. Faulty rows are left out. */
  add(entry: SourceEntry, { line, values }: ManifestRow, decimalComma: boolean): void {
    const box = rowBox(values, this.#columns, decimalComma);
    const stated = statedSize(values, this.#columns);
    let group = this.#groups.get(entry.path);
    if (!group) {
      const facts = { ...entry, stated, label: box ? null : entry.label };
      group = { entry: facts, line, rows: [], boxes: new ImageBoxes(this.#reading, this.#file) };
      this.#groups.set(entry.path, group);
    }
    const { entry: before, boxes } = group;
    if (box === 'faulty')
      return boxes.skip(
        line,
        `${named(this.#columns.names)} must be four numbers, or empty for an image without boxes.`,
      );
    if (box && entry.label === null) return boxes.skip(line, 'the box has no class.');
    const other = FILE_FIELDS.find((id) => before[id] !== entry[id]);
    const size = JSON.stringify(stated) !== JSON.stringify(before.stated);
    if (other !== undefined || size)
      return boxes.skip(
        line,
        `${JSON.stringify(entry.path)} has another ${other ?? 'size'} than in line ${group.line}. Make them alike.`,
      );
    if (box) group.rows.push({ line, label: entry.label!, values: box });
  }

  /** Takes note of a row of the image at `path` that could not be read at all. */
  lose(path: string): void {
    this.#lost.add(path);
  }

  /** The images in the order of their first rows. Throws `SOURCE_UNREADABLE` where the numbers can mean two things. */
  *entries(): Generator<SourceEntry> {
    const { form, fractions } = this.#meaning();
    let twice = 0;
    for (const [path, { entry, rows, boxes }] of this.#groups) {
      const seen = new Set<string>();
      for (const { line, label, values } of rows) {
        const key = `${values.join(' ')} ${label}`;
        if (seen.has(key)) {
          twice++;
          continue;
        }
        seen.add(key);
        const problem = problemWith(values, form, fractions);
        if (problem === null) boxes.add(boxOf(label, values, form, fractions));
        else boxes.skip(line, problem);
      }
      boxes.note({ faulty: this.#lost.has(path) });
      const known = boxes.of(path);
      yield { ...entry, ...known, label: known.boxes?.length ? known.label : entry.label };
    }
    noteRepeated(twice, this.#reading);
  }

  /** What the numbers of the file mean, by the names of the columns and, where these leave it open, by all numbers. */
  #meaning(): { form: Known; fractions: boolean } {
    const { form, names } = this.#columns;
    let most = 0;
    let whole = true;
    const possible = { corners: true, size: true, centre: true };
    let any = false;
    for (const { entry, rows } of this.#groups.values())
      for (const { values } of rows) {
        any = true;
        const [a, b, c, d] = values;
        most = Math.max(most, a, b, c, d);
        whole &&= values.every(Number.isInteger);
        if (c < a || d < b) possible.corners = false;
        const [right, bottom] = entry.stated
          ? [entry.stated.width, entry.stated.height]
          : [Infinity, Infinity];
        if (a + c > right + 1 || b + d > bottom + 1) possible.size = false;
      }
    const fractions = any && most <= 1 + BEYOND;
    if (fractions && whole)
      throw unreadable(
        this.#file,
        null,
        `all numbers in ${named(names)} are 0 or 1, so that they can be pixels or fractions. Correct them.`,
      );
    if (fractions)
      for (const { rows } of this.#groups.values())
        for (const { values } of rows) {
          const [a, b, c, d] = values;
          if (a + c > 1 + BEYOND || b + d > 1 + BEYOND) possible.size = false;
          if (Math.min(a - c / 2, b - d / 2) < -BEYOND || Math.max(a + c / 2, b + d / 2) > 1 + BEYOND)
            possible.centre = false;
        }
    if (fractions)
      this.#reading.note(
        `The numbers in ${named(names)} lie between 0 and 1, and are read as fractions of the image.`,
      );
    if (form !== 'unnamed' && form !== 'x, y, w, h') return { form, fractions };
    if (!any || (form === 'x, y, w, h' && !fractions)) return { form: 'size', fractions };
    const open = (form === 'unnamed' ? ['corners', 'size', 'centre'] : ['size', 'centre']).filter(
      (one): one is Known => possible[one as Known] && (fractions || one !== 'centre'),
    );
    const [only] = open;
    if (only === undefined || open.length > 1) throw unreadable(this.#file, null, openNames(names, form));
    this.#reading.note(
      `The numbers in ${named(names)} are read as ${MEANINGS[only]}: nothing else fits all of them.`,
    );
    return { form: only, fractions };
  }
}

const MEANINGS: Record<Known, string> = {
  corners: 'two corners',
  size: 'the top left corner and the size',
  centre: 'the centre and the size',
};

function openNames(names: string[], form: BoxForm): string {
  const remedy =
    form === 'unnamed'
      ? 'Rename it to bbox_xywh (corner and size), bbox_xyxy (two corners) or bbox_cxcywh (centre and size).'
      : 'Rename x and y to xmin and ymin, or to x_center and y_center.';
  return `the numbers in ${named(names)} can be read in several ways. ${remedy}`;
}

function named(names: string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function problemWith([a, b, c, d]: Four, form: Known, fractions: boolean): string | null {
  if (!fractions && Math.max(a, b, c, d) <= 1 && ![a, b, c, d].every(Number.isInteger))
    return 'the box is in fractions, and others of the file are in pixels.';
  if (form === 'corners')
    return c < a || d < b ? 'the second corner of the box lies before the first.' : null;
  return c < 0 || d < 0 ? 'the box has a negative size.' : null;
}

function boxOf(label: string, [a, b, c, d]: Four, form: Known, fractions: boolean): Box {
  const [w, h] = form === 'corners' ? [c - a, d - b] : [c, d];
  if (fractions) {
    const centre = form === 'centre';
    const values: Four = [centre ? a : a + w / 2, centre ? b : b + h / 2, w, h];
    return { label, format: 'cxcywh-relative', values };
  }
  const values: Four = form === 'centre' ? [a - w / 2, b - h / 2, w, h] : [a, b, w, h];
  return { label, format: 'xywh-pixel', values };
}

/** Says how many rows of a table repeat another. */
export function noteRepeated(count: number, reading: Reading): void {
  if (count === 1) reading.note('One row is repeated; it is read once.');
  else if (count > 1) reading.note(`${integer(count)} rows are repeated; each is read once.`);
}
