import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/support/folders.ts';
import { problemsIn } from './check-files.ts';

const git = (folder: string, ...args: string[]): void => {
  expect(spawnSync('git', args, { cwd: folder }).status).toBe(0);
};

function repository(files: Record<string, string | Uint8Array>): string {
  const folder = temporaryFolder();
  git(folder, 'init', '-q');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

test('refuses wheels, archives, binaries and large files, added or not, ignored or not', () => {
  const folder = repository({
    '.gitignore': '*.whl\nout/\n',
    'numpy-2.4.6-cp311.whl': '',
    'deep/er/model.safetensors': 'x',
    'data.tar.gz': 'x',
    'picture.png': new Uint8Array([137, 80, 0, 1]),
    'long.txt': 'x'.repeat(1024 * 1024 + 1),
    'out/kept.whl': '',
    'core/good.ts': 'export const a = 1;\n',
    'docs/images/review.png': new Uint8Array([137, 80, 0, 1]),
    'test/fixtures/projects/v70.db.gz': new Uint8Array([31, 139, 0]),
  });
  const paths = problemsIn(folder).map((line) => line.split(' ')[0]);
  expect(paths.toSorted((a, b) => a!.localeCompare(b!))).toEqual([
    'data.tar.gz',
    'deep/er/model.safetensors',
    'long.txt',
    'numpy-2.4.6-cp311.whl',
    'picture.png',
  ]);
  // Forced past .gitignore, it is still found.
  git(folder, 'add', '-f', 'out/kept.whl');
  expect(problemsIn(folder).some((line) => line.startsWith('out/kept.whl '))).toBe(true);
});
