import * as fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import csvManifest from './csv-manifest.ts';
import { guarded, unguarded, csvRows } from './csv-rows.ts';
import { jsonlRows } from './jsonl-rows.ts';
import { columnsOf } from './manifest-columns.ts';
import { manifestPath, type ManifestRow } from './manifest-row.ts';
import { Reading } from './reading.ts';
import { textLines } from './text-lines.ts';

let file: string;
beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'assay-rows-')), 'rows');
});
afterAll(() => rm(join(file, '..'), { recursive: true, force: true }));

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

test('no guarded text begins like a formula, and each comes back', () => {
  const start = fc.constantFrom(
    '=',
    '+',
    '-',
    '@',
    '\t',
    '\r',
    '\n',
    '\0',
    '＝',
    '＋',
    '－',
    '＠',
    "'",
    "''",
    '',
    'a',
  );
  fc.assert(
    fc.property(start, fc.string(), (first, rest) => {
      const cell = guarded(first + rest);
      expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      expect(cell.startsWith('\0')).toBe(false);
      expect(unguarded(cell)).toBe(first + rest);
    }),
  );
});

test('lines and their numbers survive being read in pieces', async () => {
  const lines = Array.from({ length: 20_002 }, (_, i) => (i % 7 === 0 ? '' : `${i} é👩‍🔬`.repeat(i % 5)));
  await writeFile(file, lines.join('\n'));
  const found = await all(textLines(file));
  expect(found.map(({ text }) => text)).toEqual(lines);
  expect(found.at(-1)!.line).toBe(20_002);
});

test('CSV rows tell an empty text from no value, and the line of each', async () => {
  await writeFile(file, 'path,prompt,seed\r\na.png,"",\r\n"b\r\n.png",x,1');
  expect(await all(csvRows(file))).toEqual<ManifestRow[]>([
    { line: 2, values: { path: 'a.png', prompt: '', seed: null } },
    { line: 4, values: { path: 'b\r\n.png', prompt: 'x', seed: '1' } },
  ]);
});

test('integers beyond 2^53 come as text, other numbers as they are', async () => {
  await writeFile(
    file,
    '{"a": 9007199254740993, "b": -18446744073709551615, "c": 1.2345678901234567, "d": 12, "e": 1e300}\n',
  );
  const [row] = await all(jsonlRows(file));
  expect(row!.values).toEqual({
    a: '9007199254740993',
    b: '-18446744073709551615',
    c: 1.2345678901234567,
    d: 12,
    e: 1e300,
  });
});

test('a missing file and a line without end are refused', async () => {
  await expect(all(jsonlRows(`${file}-gone`))).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  await writeFile(file, Buffer.alloc(17 * 1024 * 1024, 'x'));
  await expect(all(jsonlRows(file))).rejects.toThrow(/line 1: .*16 MiB/);
});

test('columns are known by many names, the best wins', () => {
  expect(columnsOf(['Image', 'FILE-NAME', ' Class ', 'x', 'Negative Prompt'])).toEqual(
    new Map([
      ['path', 'FILE-NAME'],
      ['label', ' Class '],
      ['negativePrompt', 'Negative Prompt'],
    ]),
  );
});

test('paths of manifests', () => {
  const pairs = [
    ['./a/./b.png', 'a/b.png'],
    ['a\\b.png', 'a/b.png'],
    ['a/b\\c.png', 'a/b\\c.png'],
    ['a/../b.png', 'b.png'],
    ['a/../../b.png', 'a/../../b.png'],
    ['/a//b.png', '/a/b.png'],
    ['C:\\a.png', 'C:/a.png'],
  ];
  for (const [written, path] of pairs) expect(manifestPath(written!)).toBe(path);
});

test('a named encoding is used, and lines that it does not have are faulty', async () => {
  // "日本" in Shift_JIS; 0x81 0x20 is no character of it.
  const japanese = Buffer.of(0x93, 0xfa, 0x96, 0x7b);
  await writeFile(
    file,
    Buffer.concat([
      Buffer.from('path,label\na.png,'),
      japanese,
      Buffer.from('\nb.png,'),
      Buffer.of(0x81, 0x20),
      Buffer.from('\nc.png,x\n'),
    ]),
  );
  const reading = new Reading('', { encoding: 'Shift_JIS' });
  expect(await all(csvRows(file, reading))).toEqual<ManifestRow[]>([
    { line: 2, values: { path: 'a.png', label: '日本' } },
    { line: 4, values: { path: 'c.png', label: 'x' } },
  ]);
  expect(reading.result().skipped.examples).toEqual([`${file}, line 3: not text in shift_jis.`]);
  expect(() => new Reading('', { encoding: 'klingon' })).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('"klingon"') as string }),
  );
});

test('an open quote takes no row with it but its own, however far the next quote is', async () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => `${i}.png,"cat, ${i}"`);
  rows[7] = '7.png,"cat';
  rows[29_000] = '29000.png,"cat';
  await writeFile(file, ['path,label', ...rows].join('\r\n'));
  const reading = new Reading();
  const found = await all(csvRows(file, reading));
  expect(found).toHaveLength(29_998);
  expect(found[7]).toEqual({ line: 10, values: { path: '8.png', label: 'cat, 8' } });
  expect(found.at(-1)).toEqual({ line: 30_001, values: { path: '29999.png', label: 'cat, 29999' } });
  expect(reading.result().skipped.examples.map((one) => /line \d+/.exec(one)![0])).toEqual([
    'line 9',
    'line 29002',
  ]);
});

test('lines survive UTF-16 across blocks, with characters that hold the byte of a line feed', async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => `${i} \u0a0a\u0a00`);
  await writeFile(file, Buffer.from(`\uFEFF${lines.join('\n')}`, 'utf16le').swap16());
  const found = await all(textLines(file, new Reading()));
  expect(found.map(({ text }) => text)).toEqual(lines);
  expect(found.at(-1)!.line).toBe(60_000);
});

test('a row over very many lines is named', async () => {
  await writeFile(file, `path,label\na.png,"x\n${'b.png,y\n'.repeat(60)}c.png,"\nd.png,z\n`);
  const reading = new Reading();
  expect(await all(csvRows(file, reading))).toHaveLength(2);
  expect(reading.result().notes).toEqual([expect.stringMatching(/one row runs over 62 lines/)]);
});

test('a text file is a list only where every line has an image and a label', async () => {
  const folder = join(file, '..');
  const lists = {
    'label.txt': 'a.jpg cat\nb.jpg dog\n',
    'header.txt': 'image label\na.jpg cat\n',
    'numbered.txt': '1 001.Albatross/a.jpg\n2 002.Owl/b.jpg\n',
    'paths.txt': 'a.jpg\nb.jpg\n',
    'boxes.txt': 'a.jpg 1 2 3 4\n',
    'prose.txt': 'image and label\nsee a.jpg for more\n',
    'yolo.txt': '0 0.5 0.5 0.1 0.1\n',
  };
  const read: string[] = [];
  for (const [name, text] of Object.entries(lists)) {
    await writeFile(join(folder, name), text);
    if (await csvManifest.detects(join(folder, name))) read.push(name);
  }
  expect(read).toEqual(['label.txt', 'header.txt']);
});
