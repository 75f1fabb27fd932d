import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../support/folders.ts';
import { JUDGES } from './all.ts';

const text = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');

/** The readers with their versions and what they read, as docs/formats.md shows them. */
function table(): string {
  const pinned = `${text('test/readers/requirements.txt')}\n${text('test/readers/requirements-alone.txt')}`;
  const versions = new Map(pinned.split('\n').map((line) => line.split('==') as [string, string]));
  const readers = [...new Set(JUDGES.map(({ reader }) => reader))].sort();
  const rows = readers.map((reader) => {
    const formats = new Set(
      JUDGES.filter((judge) => judge.reader === reader).map(({ format }) => `\`${format}\``),
    );
    return `| ${reader} ${String(versions.get(reader))} | ${[...formats].sort().join(', ')} |`;
  });
  return ['| Reader | Releases |', '|---|---|', ...rows].join('\n');
}

test('docs/formats.md says which versions of which readers have read which releases', () => {
  expect(table()).not.toContain('undefined');
  expect(text('docs/formats.md')).toContain(`\n${table()}\n`);
});
