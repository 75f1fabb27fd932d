import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/support/folders.ts';
import { readAnswers } from './answers.ts';

function setWith(csv: string): { name: string; root: string } {
  const root = temporaryFolder();
  mkdirSync(join(root, 'synthetic', 'deep'), { recursive: true });
  writeFileSync(join(root, 'synthetic', 'a, b.png'), '');
  writeFileSync(join(root, 'synthetic', 'deep', 'c.png'), '');
  writeFileSync(join(root, 'answers.csv'), csv);
  return { name: 'set', root };
}

test('paths come out relative to the set, however they are written', () => {
  const answers = readAnswers(
    setWith(
      '\ufeffpath,fault,true_label,note\r\n"synthetic/a, b.png",wrong-label,gear,"x, y"\r\n./synthetic\\deep\\c.png,broken,,\r\n',
    ),
  );
  expect([...answers]).toEqual([
    ['synthetic/a, b.png', 'wrong-label'],
    ['synthetic/deep/c.png', 'broken'],
  ]);
});

test.each([
  ['a file that is not there', 'path,fault\nsynthetic/z.png,dark\n', /synthetic\/z\.png, which is not there/],
  ['a kind that no table counts', 'path,fault\nsynthetic/deep/c.png,odd\n', /"odd"/],
  ['other columns', 'file,kind\nsynthetic/deep/c.png,dark\n', /columns path and fault/],
])('%s is refused, since it would only be counted as missed', (_, csv, message) => {
  expect(() => readAnswers(setWith(csv))).toThrow(message);
});
