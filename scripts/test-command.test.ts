import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../test/support/folders.ts';

/** Runs `npm test -- …` as a person does; returns its exit status and printed lines. */
function npmTest(...args: string[]): { status: number | null; lines: string[] } {
  const { status, stdout } = spawnSync(process.execPath, [join(REPOSITORY, 'scripts/test.ts'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1' },
  });
  return { status, lines: stdout.trim().split('\n') };
}

test('a name runs the files with it in their path, and the last line counts the results', () => {
  const { status, lines } = npmTest('core/base/boxes');
  expect([status, lines.at(-1)]).toEqual([
    0,
    expect.stringMatching(/^[1-9]\d* passed, 0 failed, 0 skipped$/),
  ]);
  expect(lines.filter((line) => line.includes('.test.ts'))).toEqual([
    expect.stringContaining('core/base/boxes.test.ts'),
  ]);
});

test('an unknown name fails, and -t selects a test by title', () => {
  expect(npmTest('nothing-is-called-this')).toEqual({
    status: 1,
    lines: [expect.stringContaining('no test file has a path with nothing-is-called-this in it')],
  });
  const { status, lines } = npmTest('core/base/boxes', '-t', 'no test says this');
  expect([status, lines.at(-1)]).toEqual([
    1,
    expect.stringMatching(/^0 passed, 0 failed, [1-9]\d* skipped$/),
  ]);
});
