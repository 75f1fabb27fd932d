import { readFile, stat } from 'node:fs/promises';
import { integer } from '../../../rpc/format.ts';
import { systemCode, unreadable } from './untrusted.ts';

const MOST_BYTES = 64 * 1024 * 1024;

/** How many bytes a number has and how it is read, by numpy's type without the sign of its byte order. */
const TYPES: Record<string, [bytes: number, read: (bytes: Buffer, at: number) => number] | undefined> = {
  u1: [1, (bytes, at) => bytes.readUInt8(at)],
  u2: [2, (bytes, at) => bytes.readUInt16LE(at)],
  u4: [4, (bytes, at) => bytes.readUInt32LE(at)],
  u8: [8, (bytes, at) => Number(bytes.readBigUInt64LE(at))],
  i1: [1, (bytes, at) => bytes.readInt8(at)],
  i2: [2, (bytes, at) => bytes.readInt16LE(at)],
  i4: [4, (bytes, at) => bytes.readInt32LE(at)],
  i8: [8, (bytes, at) => Number(bytes.readBigInt64LE(at))],
  f4: [4, (bytes, at) => bytes.readFloatLE(at)],
  f8: [8, (bytes, at) => bytes.readDoubleLE(at)],
};

/**
 * Reads a table of numbers in NumPy's file format (versions 1 to 3): one dimension of records with named columns, little
 * endian. Throws `SOURCE_UNREADABLE` with the file for anything else; nothing in a file is ever run.
 */
export async function npyRows(file: string): Promise<Record<string, number>[]> {
  const refuse = (problem: string, cause?: unknown): Error => unreadable(file, null, problem, cause);
  let bytes;
  try {
    if ((await stat(file)).size > MOST_BYTES) throw refuse('the table is larger than 64 MiB.');
    bytes = await readFile(file);
  } catch (error) {
    if (systemCode(error)?.startsWith('E'))
      throw refuse(`the file cannot be read (${systemCode(error)}).`, error);
    throw error;
  }
  if (bytes.toString('latin1', 0, 6) !== '\x93NUMPY')
    throw refuse('the content is no NumPy array. Write it again.');
  const isFirst = bytes[6] === 1;
  const start = isFirst ? 10 : 12;
  if (bytes.length < start) throw refuse('the file is cut off. Copy it again.');
  const end = start + (isFirst ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  if (bytes.length < end) throw refuse('the file is cut off. Copy it again.');
  const header = bytes.toString('latin1', start, Math.min(end, start + 65_536));
  const columns = columnsIn(header);
  const count = /'shape'\s*:\s*\(\s*(\d+)\s*,?\s*\)/.exec(header)?.[1];
  if (!columns || count === undefined)
    throw refuse(
      'the array is no list of records with named columns of numbers, little endian, in one dimension.',
    );
  const size = columns.reduce((sum, { type }) => sum + TYPES[type]![0], 0);
  const rows = Number(count);
  if (end + rows * size > bytes.length)
    throw refuse(`the file is cut off: it states ${integer(rows)} records. Copy or write it again.`);
  return Array.from({ length: rows }, (_, row) => {
    let at = end + row * size;
    return Object.fromEntries(
      columns.map(({ name, type }) => {
        const [width, read] = TYPES[type]!;
        at += width;
        return [name, read(bytes, at - width)];
      }),
    );
  });
}

/** The columns in a header such as `{'descr': [('x_min', '<i4'), …], 'fortran_order': False, 'shape': (3,), }`. */
function columnsIn(header: string): { name: string; type: string }[] | null {
  const list = /'descr'\s*:\s*\[([^\]]*)\]/.exec(header)?.[1];
  if (list === undefined) return null;
  const columns = [...list.matchAll(/\(\s*'([^']*)'\s*,\s*'([<>|=]?)(\w+)'\s*([,)])/g)];
  const isRead = columns.every(
    ([, , order, type, after]) => TYPES[type!] !== undefined && order !== '>' && after === ')',
  );
  // A column that the pattern does not fit would move all that follow.
  if (!isRead || columns.length === 0 || columns.length !== (list.match(/\(/g) ?? []).length) return null;
  return columns.map(([, name, , type]) => ({ name: name!, type: type! }));
}
