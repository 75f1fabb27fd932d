// Makes the Python environment in which the tests read releases with the libraries that people really use.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePython, pythonIn, type Environment } from './python-environment.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const CACHE = join(root, '.cache');

const readersIn = (cache: string): Environment => ({
  cache,
  prefix: 'readers',
  what: 'the readers of releases for the tests (once; a minute, 1 GB)',
  installs: [
    ['-r', join(root, 'test/readers/requirements.txt')],
    // Installed without their own requirements.
    ['--no-deps', '-r', join(root, 'test/readers/requirements-alone.txt')],
  ],
});

/** The Python that has the readers, or null. `ASSAY_READERS` names one that somebody made. Installs nothing. */
export function findReaders(cache: string = CACHE): string | null {
  const named = process.env['ASSAY_READERS'];
  const python = named !== undefined && named !== '' ? named : pythonIn(readersIn(cache));
  return existsSync(python) ? python : null;
}

/**
 * Like `findReaders`, but installs the readers if none are there (about a minute, 1 GB). Returns the reason in words if
 * it cannot. The environment appears complete or not at all.
 */
export function ensureReaders(cache: string = CACHE): { python: string } | { why: string } {
  const found = findReaders(cache);
  if (found !== null) return { python: found };
  if (process.env['ASSAY_READERS'])
    return { why: `there is no ${process.env['ASSAY_READERS']}, which ASSAY_READERS names` };
  return ensurePython(readersIn(cache));
}
