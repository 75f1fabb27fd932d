/** What a reader says of an image; what it cannot tell is absent. */
export interface ReadImage {
  /** Of the bytes that the reader gave, or of the file that it points to. */
  sha256: string;
  label?: string | null;
  /** Left, top, width and height in pixels; null where the reader says that nobody looked for boxes. */
  boxes?: ReadBox[] | null;
  /** Further columns by name. */
  facts?: Record<string, unknown>;
}

export interface ReadBox {
  label: string;
  box: number[];
}

/** What a reader makes of a release: its images by split, in its order, and its classes in order. */
export interface Reading {
  splits: Record<string, ReadImage[]>;
  classes?: string[];
}

/** A reading, or why the reader refused the release. */
export type Read = Reading | { error: string };

/** Boxes may differ by this much, in pixels. */
const TOLERANCE = 0.01;
const NAMED = 20;

/** Every way in which a reading differs from what is expected, in words; of very many the first twenty. */
export function differences(expected: Reading, read: Read): string[] {
  if ('error' in read) return [`the reader failed: ${read.error}`];
  const found: string[] = [];
  same(found, 'the splits', Object.keys(expected.splits).sort(), Object.keys(read.splits).sort());
  for (const [split, images] of Object.entries(expected.splits))
    compareImages(found, split, images, read.splits[split] ?? []);
  if (expected.classes) same(found, 'the classes', expected.classes, read.classes);
  return found.length > NAMED ? [...found.slice(0, NAMED), `and ${found.length - NAMED} more`] : found;
}

function compareImages(found: string[], split: string, expected: ReadImage[], read: ReadImage[]): void {
  same(found, `${split}: the number of images`, expected.length, read.length);
  const left = new Map(read.map((image) => [image.sha256, image]));
  for (const image of expected) {
    const other = left.get(image.sha256);
    const where = `${split}/${image.sha256.slice(0, 8)}`;
    if (other) compareImage(found, where, image, other);
    else found.push(`${where} is missing`);
    left.delete(image.sha256);
  }
  for (const sha256 of left.keys()) found.push(`${split}/${sha256.slice(0, 8)} should not be there`);
}

function compareImage(found: string[], where: string, expected: ReadImage, read: ReadImage): void {
  if (expected.label !== undefined) same(found, `${where}: the label`, expected.label, read.label);
  for (const [name, value] of Object.entries(expected.facts ?? {}))
    same(found, `${where}: ${name}`, value, read.facts?.[name]);
  if (expected.boxes === undefined) return;
  const [boxes, others] = [expected.boxes, read.boxes];
  if (!boxes || !others || boxes.length !== others.length) {
    same(found, `${where}: the boxes`, boxes, others);
    return;
  }
  for (const [i, { label, box }] of boxes.entries()) {
    const other = others[i]!;
    const isNear = box.every((value, n) => Math.abs(value - other.box[n]!) <= TOLERANCE);
    if (label !== other.label || !isNear)
      same(found, `${where}: box ${i}`, { label, box }, { label: other.label, box: other.box });
  }
}

function same(found: string[], what: string, expected: unknown, read: unknown): void {
  const [one, other] = [JSON.stringify(expected), JSON.stringify(read) ?? 'nothing'];
  if (one !== other) found.push(`${what}: expected ${one}, read ${other}`);
}
