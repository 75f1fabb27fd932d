import { parse } from 'csv-parse/sync';
import { dirname, extname } from 'node:path';
import { ImageNames } from './image-names.ts';
import { columnsOf, isById, plainName } from './manifest-columns.ts';
import { isImageName } from './source-files.ts';
import { head } from './text-encoding.ts';

/** How a table is written. */
export interface CsvShape {
  /** The separator; a blank stands for any run of blanks and tabs. */
  delimiter: string;
  /** Whether its first line says `sep=`, as Excel writes it. */
  saysSeparator: boolean;
  /** The names of its columns; null where the first line is a row already. */
  header: string[] | null;
  /** Its first rows, at most five. */
  rows: string[][];
}

const DELIMITERS = [',', ';', '\t', '|'];

/**
 * Tells separator and header of a table from its first lines: the separator with which a column of the header holds
 * paths, or with which one of the cells of the first line is the name of an image. Blanks separate only in .txt files.
 * Null for any other file: it is no table of images.
 */
export async function csvShape(file: string): Promise<CsvShape | null> {
  const { lines, said } = await firstLines(file);
  const top = lines[0];
  if (top === undefined) return null;
  const blanks = extname(file).toLowerCase() === '.txt' ? [' '] : [];
  const delimiters = said === undefined ? [...DELIMITERS, ...blanks] : [said];
  const common = { saysSeparator: said !== undefined };
  for (const delimiter of delimiters) {
    const header = cellsOf(top, delimiter);
    const rows = (): string[][] => lines.slice(1, 6).map((line) => cellsOf(line, delimiter));
    if (columnsOf(header).has('path')) return { ...common, delimiter, header, rows: rows() };
  }
  for (const delimiter of delimiters)
    if (cellsOf(top, delimiter).some(isImageName))
      return {
        ...common,
        delimiter,
        header: null,
        rows: lines.slice(0, 5).map((line) => cellsOf(line, delimiter)),
      };
  return null;
}

/** The first lines of a table, without empty ones and without the one that says its separator (`said`). */
async function firstLines(file: string): Promise<{ lines: string[]; said: string | undefined }> {
  const lines = (await head(file)).split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  const said = /^\uFEFF?sep=(.)$/i.exec(lines[0]?.trimEnd() ?? '')?.[1];
  return { lines: said === undefined ? lines : lines.slice(1), said };
}

/** The names of the columns of any table; null where its first line is no header. */
export async function headerOf(file: string): Promise<string[] | null> {
  const {
    lines: [top = ''],
    said,
  } = await firstLines(file);
  const all = (said === undefined ? DELIMITERS : [said]).map((delimiter) => cellsOf(top, delimiter));
  const cells = all.reduce((most, one) => (one.length > most.length ? one : most));
  const isHeader =
    cells.length > 1 && cells.every((cell) => /^\uFEFF?[\p{L}_]/u.test(cell) && !isImageName(cell));
  return isHeader ? cells.map((cell) => cell.trim()) : null;
}

/** Whether a table names images, where its only name for them is an `id`: then each of its first rows is that of one image. */
export async function namesImages(file: string, { header, rows }: CsvShape): Promise<boolean> {
  if (!header || !isById(header)) return true;
  const at = header.findIndex((name) => plainName(name) === 'id');
  return areImages(
    dirname(file),
    rows.map((cells) => cells[at]),
  );
}

/** Whether each of some values is the name of exactly one image of a folder, with or without its extension. */
export async function areImages(folder: string, ids: readonly unknown[]): Promise<boolean> {
  const names = new ImageNames(folder);
  for (const id of ids) {
    if (typeof id !== 'string' && typeof id !== 'number') return false;
    const written = String(id);
    if ((isImageName(written) ? await names.find(written) : await names.byStem(written)) === null)
      return false;
  }
  return ids.length > 0;
}

/** Whether one of two columns without a header only counts the images: such a list gives them numbers, and no labels. */
export function isNumbering({ header, rows }: CsvShape): boolean {
  if (header || rows.length < 2) return false;
  return rows.every((cells, i) => {
    const numbers = cells.filter((cell) => /^\d+$/.test(cell)).map(Number);
    const first = rows[0]!.find((cell) => /^\d+$/.test(cell));
    return numbers.length === 1 && numbers[0] === Number(first) + i;
  });
}

/** The cells of one line without quotes and blanks around them. */
export function cellsOf(line: string, delimiter: string): string[] {
  if (delimiter === ' ') return line.trim().split(/[ \t]+/);
  try {
    const [cells] = parse(line, { delimiter, trim: true });
    return cells ?? [];
  } catch {
    return line.split(delimiter).map((cell) => cell.trim());
  }
}
