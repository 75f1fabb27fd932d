import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../test/support/folders.ts';
import { ensureReaders } from './readers.ts';

function set(name: 'PATH' | 'ASSAY_READERS', value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  onTestFinished(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}

/** A Python of that version that can do nothing else. */
function pathWithPython(version: string): string {
  const folder = temporaryFolder();
  const python = `#!/bin/sh\n[ "$1" = --version ] && echo "Python ${version}" && exit 0\necho "ERROR: no $2" >&2; exit 1\n`;
  writeFileSync(join(folder, 'python3'), python);
  chmodSync(join(folder, 'python3'), 0o755);
  return folder;
}

test('a named Python is used as it is, and one that is not there is named', () => {
  set('ASSAY_READERS', process.execPath);
  expect(ensureReaders()).toEqual({ python: process.execPath });
  set('ASSAY_READERS', '/nowhere/python');
  expect(ensureReaders()).toEqual({ why: expect.stringContaining('/nowhere/python') });
});

test.skipIf(process.platform === 'win32')(
  'without a fit Python it says why, and keeps nothing half-made',
  () => {
    set('ASSAY_READERS', '');
    const cache = temporaryFolder();
    set('PATH', temporaryFolder());
    expect(ensureReaders(cache)).toEqual({ why: 'there is no Python 3.11 or newer' });
    set('PATH', pathWithPython('3.9.2'));
    expect(ensureReaders(cache)).toEqual({ why: 'there is no Python 3.11 or newer' });

    // Left behind by a killed installation, and by earlier requirements.
    mkdirSync(join(cache, 'readers-0123456789ab.partial-999999999'));
    mkdirSync(join(cache, 'readers-0123456789ab'));
    mkdirSync(join(cache, 'bench'));
    set('PATH', pathWithPython('3.12.1'));
    expect(ensureReaders(cache)).toEqual({ why: expect.stringContaining('ERROR: no venv') });
    expect(readdirSync(cache)).toEqual(['bench']);
  },
);
