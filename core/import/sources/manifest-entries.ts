import { integer } from '../../../rpc/format.ts';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { FILE_FIELDS } from '../../../rpc/contract/fields.ts';
import { boxColumnsOf, statedSize, type BoxColumns } from './box-columns.ts';
import type { ClassNames } from './class-names.ts';
import { leaveUnlisted } from './dataset-walk.ts';
import type { SourceEntry } from './define.ts';
import { ImageNames } from './image-names.ts';
import { columnsOf, isEcho, judgementsIn, lostColumns } from './manifest-columns.ts';
import { below, isAddress, manifestPath, RowReader, type ManifestRow } from './manifest-row.ts';
import type { Reading } from './reading.ts';
import { noteRepeated, RowBoxes } from './row-boxes.ts';
import { isFolder, isImageName } from './source-files.ts';
import { faultOf, isNothing, unreadable } from './untrusted.ts';

/** A table of images. */
export interface Table {
  file: string;
  rows: AsyncIterable<ManifestRow>;
  /** The folder below the root that its names are relative to; '' for the root. */
  folder: string;
  /** A comma in a number is a decimal point. */
  decimalComma?: boolean;
  classNames?: ClassNames;
}

/** Makes the rows of a dataset's tables into its images. */
export class ManifestEntries {
  readonly #root: string;
  readonly #reading: Reading;
  readonly #names: ImageNames;
  readonly #once = new ListedOnce();
  /** Images that rows name without being listed for it: those of faulty rows, and masks. */
  readonly #named = new Set<string>();

  /** `root`: the folder that paths are relative to. */
  constructor(root: string, reading: Reading) {
    this.#root = root;
    this.#reading = reading;
    this.#names = new ImageNames(root);
  }

  /**
   * Yields each image once, in the order of its first row. Tables with one box per row are held until their end; of all
   * others, only what was listed. Throws `SOURCE_UNREADABLE` where boxes have no classes, or can mean several things.
   */
  async *entries({
    file,
    rows,
    folder,
    decimalComma = false,
    classNames,
  }: Table): AsyncGenerator<SourceEntry> {
    const reading = this.#reading;
    const reader = new RowReader(file, reading, classNames);
    const lost = new LostColumns(file, reading);
    const moved = new Moved(file, reading);
    let columns: BoxColumns | null | undefined;
    let boxes: RowBoxes | null = null;
    try {
      for await (const row of rows) {
        if (columns === undefined) {
          columns = rowBoxColumns(file, row);
          boxes = columns && new RowBoxes(file, columns, reading);
        }
        let found;
        try {
          found = reader.read(row);
        } catch (error) {
          reading.skip(file, row.line, faultOf(error).problem);
          const named = reader.pathOf(row);
          if (!named) continue;
          const path = await this.#place(named, folder);
          this.#named.add(path);
          boxes?.lose(path);
          continue;
        }
        lost.add(row, columns);
        if (found.label !== null && isImageName(found.label)) {
          // Where each pixel has a class, the label is the name of a mask.
          reading.leave('mask-file', '', 1, file);
          this.#named.add(await this.#place(manifestPath(found.label), folder));
          found.label = null;
        }
        const written = found.path;
        found.path = await this.#place(written, folder);
        if (found.path !== below(folder, written)) moved.add(written, found.path);
        if (boxes) boxes.add(found, row, decimalComma);
        else {
          const own = reader.boxesOf(row, reading);
          if (own) Object.assign(found, { boxes: own.known().boxes, stated: statedSize(row.values, NO_BOX) });
          if (!this.#isNew(found, file, row.line)) continue;
          own?.of(found.path);
          yield found;
        }
      }
      for (const found of boxes?.entries() ?? []) if (this.#isNew(found, file, null)) yield found;
    } finally {
      lost.tell();
      moved.tell();
    }
  }

  /**
   * Says which rows were repeated and which images of the folder no table names, unless `imported` is a table itself; call
   * it once all tables are read.
   */
  async tell(imported: string): Promise<void> {
    this.#once.tell(this.#reading);
    const known = { has: (path: string) => this.#once.has(path) || this.#named.has(path) };
    if (await isFolder(imported)) await leaveUnlisted(this.#root, known, this.#reading);
  }

  #isNew(found: SourceEntry, file: string, line: number | null): boolean {
    const before = this.#once.add(found, file, line);
    if (before === null) return true;
    if (before !== 'same')
      this.#reading.skip(
        file,
        line,
        `${JSON.stringify(found.path)} is already listed in ${before} with other facts. Keep one of the two.`,
      );
    return false;
  }

  /** The path of the image that a table names; what it wrote, where the image is not there. */
  async #place(written: string, folder: string): Promise<string> {
    const plain = below(folder, written);
    if (!isAddress(written) && !plain.startsWith('/') && !plain.startsWith('..')) {
      // A folder may have the same name as an image without its extension.
      const one = isImageName(plain) ? null : await this.#names.byStem(plain);
      if (one !== null && isIn(one, folder)) return one;
      if (await this.#names.isThere(plain)) return plain;
    }
    const local = this.#withoutAddress(written);
    const found = local === null ? null : await this.#names.find(local, [folder]);
    // A table describes its own folder: a like name in another one is another image.
    return found !== null && isIn(found, folder) ? found : plain;
  }

  /** The path of an address or of an absolute path, as far as it can lie in the folder; null where it is no path. */
  #withoutAddress(written: string): string | null {
    let path = written;
    if (isAddress(written)) {
      try {
        const url = new URL(written);
        path = url.protocol === 'file:' ? fileURLToPath(url) : decodeURIComponent(url.pathname);
      } catch {
        return null;
      }
    }
    return path.startsWith(`${this.#root}/`) ? path.slice(this.#root.length + 1) : path;
  }
}

function isIn(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

const NO_BOX: BoxColumns = { form: 'unnamed', names: [] };

/** The columns with the box of each row. Throws where its class is nowhere. */
function rowBoxColumns(file: string, { values }: ManifestRow): BoxColumns | null {
  const names = Object.keys(values);
  const taken = columnsOf(names);
  if (taken.has('boxes') || taken.has('objects')) return null;
  const found = boxColumnsOf(names);
  if (found && !taken.has('label'))
    throw unreadable(
      file,
      null,
      `there are boxes (${found.names.join(', ')}), but no column with their class. Add a column \`class\`.`,
    );
  return found;
}

/** Counts the values in columns that nothing takes. */
class LostColumns {
  readonly #file: string;
  readonly #reading: Reading;
  readonly #counts = new Map<string, number>();
  #names = '';
  #lost: string[] = [];
  #judgements = 0;

  constructor(file: string, reading: Reading) {
    this.#file = file;
    this.#reading = reading;
  }

  add({ values }: ManifestRow, boxes: BoxColumns | null): void {
    const names = Object.keys(values);
    const key = names.join('\n');
    if (key !== this.#names) {
      this.#names = key;
      this.#lost = lostColumns(names, new Set([...columnsOf(names).values(), ...(boxes?.names ?? [])]));
    }
    for (const name of this.#lost) {
      const value = values[name];
      const judgements = name === 'judgements' ? judgementsIn(value) : null;
      if (judgements !== null) {
        this.#judgements += judgements;
        continue;
      }
      if ((isNothing(value) && value !== 0 && value !== false) || isEcho(name, values)) continue;
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    }
  }

  tell(): void {
    this.#reading.leave('judgement', '', this.#judgements, this.#file);
    for (const [name, count] of this.#counts) this.#reading.leave('column', name, count, this.#file);
  }
}

/** Counts images that are not where the table says. */
class Moved {
  readonly #file: string;
  readonly #reading: Reading;
  #count = 0;
  #example: [written: string, found: string] | null = null;

  constructor(file: string, reading: Reading) {
    this.#file = file;
    this.#reading = reading;
  }

  add(written: string, found: string): void {
    this.#count++;
    this.#example ??= [written, found];
  }

  tell(): void {
    if (!this.#example) return;
    const [written, found] = this.#example.map((path) => JSON.stringify(path));
    const others = this.#count > 1 ? `, and ${integer(this.#count - 1)} more likewise` : '';
    this.#reading.note(
      `${basename(this.#file)} names ${written}; the image is ${found}, found by the end of its path${others}.`,
    );
  }
}

/** What an entry says apart from its path, as one text. */
function factsOf({ label, boxes, stated, ...facts }: SourceEntry): string {
  const about = boxes && JSON.stringify([boxes, stated]);
  return [label, about, ...FILE_FIELDS.map((id) => facts[id])].join('\n');
}

/** Knows what was listed, and where. */
class ListedOnce {
  readonly #places = new Map<string, number>();
  readonly #lines: (number | null)[] = [];
  readonly #files: string[] = [];
  /** Sums of what was said in place of the facts themselves: a dataset may list millions. */
  readonly #sums: number[] = [];
  #repeated = 0;

  /** Null if the path is new, `same` if it was listed with the same facts, else the place where it was. */
  add(found: SourceEntry, file: string, line: number | null): string | null {
    const sum = crc32(factsOf(found));
    const index = this.#places.get(found.path);
    if (index === undefined) {
      this.#places.set(found.path, this.#lines.length);
      this.#lines.push(line);
      this.#files.push(file);
      this.#sums.push(sum);
      return null;
    }
    if (this.#sums[index] === sum) {
      this.#repeated++;
      return 'same';
    }
    const before = this.#lines[index];
    const where = basename(this.#files[index]!);
    return before === null
      ? where
      : this.#files[index] === file
        ? `line ${before}`
        : `line ${before} of ${where}`;
  }

  has(path: string): boolean {
    return this.#places.has(path);
  }

  tell(reading: Reading): void {
    noteRepeated(this.#repeated, reading);
  }
}
