import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../test/support/folders.ts';
import { planRelease, release } from './release.ts';

const CHANGELOG =
  '# Changelog\n\n## 0.2.0, unreleased\n\n- It does more.\n\n## 0.1.0, 2026-01-02\n\n- It does it.\n';

function repository(changes: Record<string, string> = {}): string {
  return folderWith({
    'package.json': '{\n  "name": "assay",\n  "version": "0.1.0",\n  "dependencies": { "a": "0.1.0" }\n}\n',
    'package-lock.json':
      '{\n  "version": "0.1.0",\n  "packages": { "": { "version": "0.1.0" }, "node_modules/a": { "version": "0.1.0" } }\n}\n',
    'CHANGELOG.md': CHANGELOG,
    'db/migrations/0010-initial.sql': '',
    'test/fixtures/projects/v10.db.gz': '',
    ...changes,
  });
}

const git = (folder: string, ...args: string[]): string => {
  const done = spawnSync('git', ['-c', 'user.name=ada', '-c', 'user.email=ada@example.org', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(done).toMatchObject({ status: 0 });
  return done.stdout.trim();
};

describe('a release', () => {
  test('dates the changelog and sets the version of the project, not of a dependency', () => {
    const { files, notes } = planRelease(repository(), '0.2.0', '2026-11-26');
    expect(notes).toBe('- It does more.');
    expect(files.get('CHANGELOG.md')).toBe(CHANGELOG.replace('0.2.0, unreleased', '0.2.0, 2026-11-26'));
    expect(JSON.parse(files.get('package.json')!)).toMatchObject({
      version: '0.2.0',
      dependencies: { a: '0.1.0' },
    });
    expect(JSON.parse(files.get('package-lock.json')!)).toEqual({
      version: '0.2.0',
      packages: { '': { version: '0.2.0' }, 'node_modules/a': { version: '0.1.0' } },
    });
  });

  test.each([
    ['a version that is none', '0.2', {}, /no version/],
    ['a version before the last', '0.0.9', {}, /does not follow 0\.1\.0/],
    ['the last version again', '0.1.0', {}, /does not follow 0\.1\.0/],
    ['nothing to release', '0.2.0', { 'CHANGELOG.md': '# Changelog\n' }, /nothing is to be released/],
    ['an empty section', '0.2.0', { 'CHANGELOG.md': '## 0.2.0, unreleased\n\n## 0.1.0, 2026' }, /is empty/],
    [
      'a schema without a fixture',
      '0.2.0',
      { 'db/migrations/0020-more.sql': '' },
      /Schema 20 has no project/,
    ],
  ])('refuses %s', (_, version, changes, message) => {
    expect(() => planRelease(repository(changes), version, '2026-11-26')).toThrow(message);
  });

  test('commits and tags the checked state, and changes nothing if a check fails', () => {
    const folder = repository();
    git(folder, 'init', '-q');
    git(folder, 'config', 'user.name', 'ada');
    git(folder, 'config', 'user.email', 'ada@example.org');
    expect(() => release(folder, '0.2.0', () => {})).toThrow(/not committed/);
    git(folder, 'add', '.');
    git(folder, 'commit', '-qm', 'First');
    const failing = (): void => {
      throw new Error('a test failed');
    };
    expect(() => release(folder, '0.2.0', failing)).toThrow('a test failed');
    expect(git(folder, 'status', '--porcelain')).toBe('');
    release(folder, '0.2.0', () => {});
    expect(git(folder, 'tag', '--list', '-n1')).toMatch(/^v0\.2\.0\s+0\.2\.0$/);
    expect(git(folder, 'status', '--porcelain')).toBe('');
    expect(readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')).toMatch(/## 0\.2\.0, \d{4}-\d\d-\d\d/);
  });
});
