import { basename } from 'node:path';
import { FILE_FIELDS } from '../../../rpc/contract/fields.ts';
import { boxColumnsOf } from './box-columns.ts';
import type { Doubt } from './define.ts';
import { columnsOf, lostColumns, plainName } from './manifest-columns.ts';
import type { ManifestRow } from './manifest-row.ts';
import type { Reading } from './reading.ts';
import { isRecord } from './untrusted.ts';

/** Rows of a table that are looked at to tell its columns: lines of JSON need not have the same keys. */
const LOOKED_AT = 20;
const NAMED = 12;

/** Names under which people keep the class. They are only proposed: as often they hold something else. */
const CLASS_LIKE =
  /^(?:dx|diagnosis|disease|species|breed|choice|answer|finding|genus|variety|kind|type|tag|object|sentiment|(?:class|label|category|species|breed)_(?:name|id|no|number|idx|index|text|str|code))$/;
/** Columns that number, check or caption images, and cannot be their class. */
const NO_CLASS =
  /^(?:index|id|number|nr|no|row|_|unnamed_?\d*|column_\d+|sha256|sha1|md5|hash|bytes|size|format|text|captions?|description)$/;

/** What the columns of a table say of its images. */
interface TableColumns {
  names: string[];
  /**
   * `labels`: labels or boxes. `facts`: no labels, but facts that are read, such as prompts. `names`: nothing else. `other`:
   * no labels, and columns that are not read, one of which may hold the class.
   */
  kind: 'labels' | 'facts' | 'names' | 'other';
  /** Columns of 0 and 1, where all that are not read are. */
  oneHot: string[];
}

function tableColumns(names: string[], rows: readonly ManifestRow[]): TableColumns {
  const known = columnsOf(names);
  const isLabelled = known.has('label') || known.has('boxes') || known.has('objects');
  if (isLabelled || boxColumnsOf(names)) return { names, kind: 'labels', oneHot: [] };
  const facts = FILE_FIELDS.filter((id) => known.has(id));
  const others = lostColumns(names, new Set(known.values())).filter(
    (name) => !NO_CLASS.test(plainName(name)),
  );
  if (others.length === 0) return { names, kind: facts.length > 0 ? 'facts' : 'names', oneHot: [] };
  const isOneHot =
    others.length > 1 &&
    rows.length > 0 &&
    rows.every(({ values }) => others.every((name) => isBit(values[name])));
  return {
    names,
    kind: facts.some((id) => id !== 'split') ? 'facts' : 'other',
    oneHot: isOneHot ? others : [],
  };
}

/** Whether a value is 0 or 1, as number or text. */
export function isBit(value: unknown): boolean {
  return value === 0 || value === 1 || (typeof value === 'string' && /^[01](?:\.0*)?$/.test(value.trim()));
}

/**
 * What stands against taking a table for the labels of its images without asking: that it has none. Null where it has
 * labels, boxes, or facts such as prompts, and where it cannot be read, which its import says.
 */
export async function labelDoubt(file: string, rows: AsyncIterable<ManifestRow>): Promise<Doubt | null> {
  const names = new Set<string>();
  const seen: ManifestRow[] = [];
  try {
    for await (const row of rows) {
      if (!isRecord(row.values)) continue;
      for (const name of Object.keys(row.values)) names.add(name);
      if (seen.push(row) === LOOKED_AT) break;
    }
  } catch {
    return null;
  }
  if (names.size === 0) return null;
  const { kind, oneHot } = tableColumns([...names], seen);
  if (kind === 'labels' || kind === 'facts') return null;
  return {
    kind: kind === 'names' ? 'only-names' : 'no-labels',
    files: [file],
    why: noLabels(file, [...names], oneHot),
  };
}

/** Says in the preview and the result that the images of a table come without labels. */
export function noteUnlabelled(doubt: Doubt | null, reading: Reading): void {
  if (doubt) reading.note(`${doubt.why} Its images come without labels.`);
}

function noLabels(file: string, names: string[], oneHot: string[]): string {
  const what = `No column of ${basename(file)} is called label. ${columnsSentence(names)}`;
  if (oneHot.length > 0)
    return `${what} ${named(oneHot)} hold only 0 and 1. If they are the classes, name the file _classes.csv.`;
  return `${what} ${renameToLabel(names)}`;
}

/** `Its columns are a, b.` */
export function columnsSentence(names: readonly string[]): string {
  return names.length === 1 ? `Its only column is ${names[0]}.` : `Its columns are ${named(names)}.`;
}

/** What to do about a table without a column of labels, with the column that is likely to hold them. */
export function renameToLabel(names: readonly string[]): string {
  const others = names.filter((name) => !columnsOf([name]).has('path'));
  if (others.every((name) => NO_CLASS.test(plainName(name)))) return 'Add a column label with the classes.';
  const likely = others.find((name) => CLASS_LIKE.test(plainName(name)));
  return `Rename the one that holds the class${likely === undefined ? '' : `, perhaps ${likely},`} to label.`;
}

function named(names: readonly string[]): string {
  const few = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? `${few} and ${names.length - NAMED} more` : few;
}
