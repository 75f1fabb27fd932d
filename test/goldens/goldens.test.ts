import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const here = import.meta.dirname;
const pinned = readFileSync(path.join(here, 'make/requirements.txt'), 'utf8').toLowerCase().split('\n');

/** What is wrong with what a golden says of its origin, or null. */
function fault(origin: unknown): string | null {
  const [, form, text] = /^(library|formula|definition|script): (\S.*)$/.exec(String(origin)) ?? [];
  if (!form || !text) return 'it names no library, formula, definition or script';
  if (form === 'script') return existsSync(path.join(here, '../..', text)) ? null : `there is no ${text}`;
  if (form !== 'library') return null;
  const [, name, version] = /^(\S+) (\d[\d.]*\d)(?=[,; ]|$)/.exec(text) ?? [];
  return pinned.includes(`${name?.toLowerCase()}==${version}`) ? null : `no pinned ${name} ${version}`;
}

test.each(globSync('**/*.json', { cwd: here }))('%s says where it is from and how exact it is', (name) => {
  const golden = JSON.parse(readFileSync(path.join(here, name), 'utf8')) as Record<string, unknown>;
  expect(fault(golden['origin'])).toBeNull();
  expect(golden['tolerance']).toBeGreaterThanOrEqual(0);
  expect(golden).not.toHaveProperty('source');
});

test.each([
  undefined,
  'methods 3.1',
  'library: cleanlab',
  'library: cleanlab 2.8.0',
  'formula:',
  'script: none.py',
])('%s is no origin', (origin) => {
  expect(fault(origin)).not.toBeNull();
});
