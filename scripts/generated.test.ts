import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { folderWith, REPOSITORY } from '../test/support/folders.ts';
import { missingFrom } from './check-lock.ts';
import { keepInStep } from './generated.ts';
import { withTables } from './ledger-doc.ts';

test('a stale file fails the check, which leaves it alone; writing it passes the check', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => said.mockRestore());
  const file = pathToFileURL(join(folderWith({ 'schema.sql': 'old' }), 'schema.sql'));
  const keep = (...args: string[]) => keepInStep(file, 'npm run schema', () => 'new', args);
  expect([keep('--check'), readFileSync(file, 'utf8')]).toEqual([1, 'old']);
  expect(said).toHaveBeenCalledWith(expect.stringContaining('`npm run schema`'));
  expect([keep(), keep('--check'), readFileSync(file, 'utf8')]).toEqual([0, 0, 'new']);
});

test('the tables of the ledger document come from the schemas, and the text around them stays', () => {
  const document = readFileSync(join(REPOSITORY, 'docs', 'ledger.md'), 'utf8');
  const stale = document.replace('### `decisions.made`', '### `decisions.mode`');
  expect(stale).not.toBe(document);
  expect(withTables(stale)).toBe(document);
  const edited = document.replace('# ', '# My ');
  expect(withTables(edited)).toBe(edited);
});

test('a lock file without a package for some platform is refused, wherever it may lie', () => {
  const sharp = { version: '1.0.0', optionalDependencies: { '@img/linux': '1', '@img/mac': '1' } };
  const inner = { 'node_modules/sharp/node_modules/@img/mac': {}, 'node_modules/@img/linux': {} };
  expect(missingFrom({ 'node_modules/sharp': sharp, ...inner })).toEqual([]);
  expect(missingFrom({ 'node_modules/sharp': sharp, 'node_modules/@img/linux': {} })).toEqual([
    'sharp 1.0.0 lacks @img/mac',
  ]);
});
