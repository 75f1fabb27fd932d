import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arrayElements, type JsonElement } from './json-elements.ts';
import { exactInteger } from './jsonl-rows.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'assay-json-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function elements(text: string | Uint8Array, ...keys: string[]): Promise<JsonElement[]> {
  const file = join(scratch, 'a.json');
  await writeFile(file, text);
  const found: JsonElement[] = [];
  for await (const some of arrayElements(file, new Set(keys))) found.push(...some);
  return found;
}

test('the same elements as JSON.parse, whatever else is in the file and however it is spaced', async () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  const document = fc.record({ skipped: json, a: fc.array(json), last: json, b: fc.array(json) });
  await fc.assert(
    fc.asyncProperty(document, fc.constantFrom(undefined, 1, '\t'), async (value, space) => {
      const found = await elements(JSON.stringify(value, null, space), 'a', 'b');
      const parsed: typeof value = JSON.parse(JSON.stringify(value), exactInteger);
      const expected = [...parsed.a.map((one) => ['a', one]), ...parsed.b.map((one) => ['b', one])];
      expect(found.map(({ key, value: one }) => [key, one])).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test('elements that straddle the pieces a file is read in, with their lines', async () => {
  const value = { a: Array.from({ length: 9000 }, (_, i) => ({ i, text: `"é]}👩‍🔬\\`.repeat(i % 11) })) };
  const found = await elements(`\uFEFF${JSON.stringify(value, null, 1)}`, 'a');
  expect(found.map((one) => one.value)).toEqual(value.a);
  expect(found.slice(0, 3).map((one) => one.line)).toEqual([3, 7, 11]);
});

test('NaN and Infinity, which Python writes, are null outside of strings, and counted', async () => {
  const found = await elements(
    '{"skipped": NaN, "a": [NaN, {"x": [-Infinity, 1, Infinity], "s": "NaN \\" NaN"}, 2]}',
    'a',
  );
  expect(found.map(({ value, noNumbers }) => [value, noNumbers])).toEqual([
    [null, 1],
    [{ x: [null, 1, null], s: 'NaN " NaN' }, 2],
    [2, 0],
  ]);
});

test('empty arrays are seen too', async () => {
  const file = join(scratch, 'empty.json');
  await writeFile(file, '{"a": [], "b": 1, "c": {"d": []}}');
  const seen = new Set<string>();
  for await (const some of arrayElements(file, new Set(['a', 'b', 'd']), { seen })) expect(some).toEqual([]);
  expect([...seen]).toEqual(['a']);
});

const BROKEN = [
  '',
  '[]',
  '{"a": [1, 2',
  '{"a": [1 2]}',
  '{"a": [1,]',
  '{"a": [1,]}',
  '{"a": [1],}',
  '{,"a": [1]}',
  '{"a": [,1]}',
  '{"a" [1]}',
  '{"a": [1]]}',
  '{"a": [tru]}',
  '{"a": [nan]}',
  '{"a": [NaN 1]}',
  '{"a": [{"NaN": NaN, NaN: 1}]}',
  '{"a": [1]} x',
  '{a: []}',
  '{"a": [{"x": 1]}',
  '{"a": ["x]}',
  '{"a": [}',
];
test.each(BROKEN)('%j is refused', async (text) => {
  await expect(elements(text, 'a')).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
});

test('bytes that are no UTF-8 are refused, not replaced, unless their encoding is named', async () => {
  const latin1 = Buffer.from('{"a": ["caf\xe9"]}', 'latin1');
  await expect(elements(latin1, 'a')).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  const file = join(scratch, 'latin1.json');
  await writeFile(file, latin1);
  const found: JsonElement[] = [];
  for await (const some of arrayElements(file, new Set(['a']), { encoding: 'latin1' })) found.push(...some);
  expect(found.map(({ value }) => value)).toEqual(['café']);
});

test('UTF-16, as PowerShell writes it, with and without a mark', async () => {
  const text = JSON.stringify({ a: Array.from({ length: 9000 }, (_, i) => `${i} é😀`) });
  for (const start of ['', '\uFEFF']) {
    const little = Buffer.from(start + text, 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const bytes of [little, big]) {
      const found = await elements(bytes, 'a');
      expect(found.map(({ value }) => value)).toEqual((JSON.parse(text) as { a: string[] }).a);
    }
  }
  await expect(elements(Buffer.from('{"a": []}\0', 'utf16le').subarray(0, -1), 'a')).rejects.toThrow(
    'not utf-16le text',
  );
});
