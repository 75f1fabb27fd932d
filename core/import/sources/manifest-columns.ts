import { FIELDS, FILE_FIELDS, keyOf, type FileField } from '../../../rpc/contract/fields.ts';
import { parsedOrNull } from './untrusted.ts';

export type Column = FileField | 'path' | 'label' | 'boxes' | 'objects';

/** Accepted names of each column, best first; compared in lower case, with runs of other characters as one `_`. */
const COLUMNS = new Map<Column, readonly string[]>([
  [
    'path',
    [
      'path',
      'file_name',
      'filename',
      'file',
      'file_path',
      'filepath',
      'image_path',
      'image',
      'image_name',
      'image_file',
      'image_filename',
      'img_path',
      'img_name',
      'img',
      'relative_path',
      'image_url',
      'image_id',
      'imageid',
      'img_id',
      'id',
    ],
  ],
  [
    'label',
    [
      'label',
      'class',
      'category',
      'target',
      'class_name',
      'label_name',
      'category_name',
      'class_label',
      'labels',
      'class_id',
      'label_id',
      'category_id',
    ],
  ],
  ...FILE_FIELDS.map((id) => [id, [keyOf(id), id.toLowerCase(), ...FIELDS[id].manifest]] as const),
  ['boxes', ['boxes']],
  ['objects', ['objects']],
]);

/** Names of a path column, for messages. */
export const PATH_COLUMNS = 'path, file_name, filename, file, image_path, image, image_name or image_id';

/** Whether images are named only by a column `id`, which as often numbers rows. */
export function isById(names: readonly string[]): boolean {
  return plainName(columnsOf(names).get('path') ?? '') === 'id';
}

/** Every column but the path, for the `layout` of sources. */
export const OPTIONAL_COLUMNS = ['label', ...FILE_FIELDS.map(keyOf)].join(', ');

const COLUMN_OF = new Map(
  [...COLUMNS].flatMap(([column, names]) => names.map((name, rank) => [name, { column, rank }] as const)),
);

/** A column's name in lower case, with runs of other characters as one `_`. */
export function plainName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_');
}

/** The name that stands for each column; the best one if several do. */
export function columnsOf(names: readonly string[]): Map<Column, string> {
  const best = new Map<Column, { name: string; rank: number }>();
  for (const name of names) {
    const known = COLUMN_OF.get(plainName(name));
    if (!known || known.rank >= (best.get(known.column)?.rank ?? Infinity)) continue;
    best.set(known.column, { name, rank: known.rank });
  }
  return new Map([...best].map(([column, { name }]) => [column, name]));
}

/** Whether a header is that of Open Images: its classes are codes that another file names. */
export function isOpenImages(names: readonly string[]): boolean {
  const plain = new Set(names.map(plainName));
  return plain.has('imageid') && plain.has('labelname');
}

/** Whether a header is that of the VGG Image Annotator, whose shapes are JSON in the cells. */
export function isVia(names: readonly string[]): boolean {
  return names.some((name) => plainName(name) === 'region_shape_attributes');
}

/** Columns that only Assay's releases have together. */
const OF_RELEASES = ['sha256', 'given_label', 'origin'];
/**
 * What a release says of its files and of where they came from: the import works out the one anew, and the other stays
 * in the project that released them.
 */
const RELEASED = new Set(
  'path file_name sha256 format bytes text_guard original_path origin role batch generation decided_at settled grid'.split(
    ' ',
  ),
);
/** People of a release and what they said in sum, all of which is in its column `judgements` too. */
const LISTED = new Set(['reviewer', 'adjudicator', 'label_distribution', 'annotators']);
const SIZES = new Set(['width', 'height', 'image_width', 'image_height', 'img_width', 'img_height']);

/**
 * Whether a release's column says in this row only what is known anyway: the label or the split that was given where it
 * still holds. A hold-out image keeps the split `test` that the release gave it: with its own it could be trained on.
 */
export function isEcho(name: string, values: Readonly<Record<string, unknown>>): boolean {
  const value = values[name];
  return (
    (name === 'given_label' && value === values['label']) ||
    (name === 'given_split' && value === values['split'])
  );
}

/** The number of judgements that a row of a release lists; null where the value is no such list. */
export function judgementsIn(value: unknown): number | null {
  const list = typeof value === 'string' ? parsedOrNull(value) : value;
  return Array.isArray(list) ? list.length : null;
}

/** The columns that no field takes, and whose values are therefore lost. `taken` are those that are read. */
export function lostColumns(names: readonly string[], taken: ReadonlySet<string>): string[] {
  const isRelease = OF_RELEASES.every((name) => names.includes(name));
  return names.filter(
    (name) =>
      !taken.has(name) &&
      !SIZES.has(plainName(name)) &&
      !(isRelease && (RELEASED.has(name) || (LISTED.has(name) && names.includes('judgements')))),
  );
}
