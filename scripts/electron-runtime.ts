// Looks for Electron's runtime on this machine. Asking the package itself would start a download.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Electron's executable, or a phrase naming what is missing. */
export function electronRuntime(root: string): { binary: string } | { missing: string } {
  const folder = join(root, 'node_modules', 'electron');
  if (!existsSync(join(folder, 'package.json'))) return { missing: 'the package electron is not installed' };
  const named = join(folder, 'path.txt');
  if (!existsSync(named)) return { missing: 'its runtime has not been downloaded' };
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  const binary = join(dist, readFileSync(named, 'utf8').trim());
  return existsSync(binary) ? { binary } : { missing: `its runtime is incomplete: ${binary} is not there` };
}
