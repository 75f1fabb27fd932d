import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readPrompts } from './prompts-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'assay-prompts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const name = path.join(folder, 'prompts.csv');
  writeFileSync(name, text);
  return name;
}

test('prompts are read by the names of the columns, several for a class', () => {
  const text =
    '\uFEFFnote,prompt,class\n,"a bolt, seen from above",hex-bolt\n\nx,a hexagonal bolt,hex-bolt\n,eine Mutter,hex-nut\n';
  expect(readPrompts(file(text))).toEqual([
    { label: 'hex-bolt', prompt: 'a bolt, seen from above' },
    { label: 'hex-bolt', prompt: 'a hexagonal bolt' },
    { label: 'hex-nut', prompt: 'eine Mutter' },
  ]);
});

test.each([
  ['nothing in it', '', /names the columns class and prompt/],
  ['other columns', 'label,text\na,b\n', /names the columns class and prompt/],
  ['a row without a prompt', 'class,prompt\na,b\nc,\n', /no prompt in row 3/],
  ['rows of different lengths', 'class,prompt\na,b,c\n', /is not CSV/],
])('a file with %s is refused', (_what, text, message) => {
  expect(() => readPrompts(file(text))).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringMatching(message) }),
  );
});

test('a file that is not there is named', () => {
  expect(() => readPrompts(path.join(folder, 'none.csv'))).toThrow(
    expect.objectContaining({
      code: 'SOURCE_UNREADABLE',
      message: expect.stringMatching(/none\.csv cannot be read/),
    }),
  );
});
