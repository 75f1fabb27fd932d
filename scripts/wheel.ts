// Builds the wheel of python/assay_mix into out/ by pip and setuptools: `npm run wheel`.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'assay-wheel-'));
try {
  // Setuptools builds in place: of a copy, nothing is left behind.
  const source = join(scratch, 'assay_mix');
  cpSync(join(root, 'python/assay_mix'), source, { recursive: true });
  const { status, error } = spawnSync(
    process.platform === 'win32' ? 'python' : 'python3',
    ['-m', 'pip', 'wheel', '--quiet', '--no-deps', '--wheel-dir', join(root, 'out'), source],
    { stdio: 'inherit' },
  );
  if (error) console.error(`There is no Python 3 with pip: ${error.message}`);
  process.exitCode = status ?? 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
