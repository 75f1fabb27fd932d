// Run before every test file: tests must not touch the user's own settings.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

if (process.env['ASSAY_CONFIG'] === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-config-'));
  process.env['ASSAY_CONFIG'] = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}
