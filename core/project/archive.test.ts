import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { earlierProject } from '../../test/support/earlier-projects.ts';
import { Project } from './project.ts';

const VISIT = fileURLToPath(new URL('../../test/support/visit-archive.ts', import.meta.url));

/** Takes every right to write away from a folder, until the test ends. */
function close(folder: string): void {
  const set = (files: number, own: number): void => {
    chmodSync(folder, own);
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), files);
  };
  set(0o444, 0o555);
  onTestFinished(() => set(0o644, 0o755));
}

test.skipIf(process.platform === 'win32').each(['of this format', 'of an earlier format'])(
  'a project %s that may only be read is read, verified and shown, and says why it is not changed',
  { timeout: 120_000 },
  (format) => {
    const project = earlierProject(100);
    chmodSync(join(project, '..'), 0o755);
    if (format === 'of this format') Project.open(project, 'write').close();
    const before = readdirSync(project);
    close(project);
    const seen = JSON.parse(
      execFileSync(process.execPath, [VISIT, project], { encoding: 'utf8' }),
    ) as unknown;
    expect(seen).toEqual({
      images: expect.any(Number),
      writable: false,
      readOnly: expect.stringMatching(/cannot be written here: its folder is read-only/),
      total: expect.any(Number),
      rows: 3,
      ok: true,
      refused: {
        code: 'PROJECT_READ_ONLY',
        message: expect.stringContaining('copy it to a folder of yours'),
      },
    });
    expect(readdirSync(project)).toEqual(before);
  },
);
