import { execFile } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssayError } from '../rpc/errors.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const OUT = join(ROOT, 'out', 'renderer');
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
/** What the pages are built from. */
const SOURCES = ['renderer', 'rpc', 'vite.config.ts', 'package-lock.json'];

/**
 * The folder with the built pages, which are built now if they are missing or older than their sources; a package that
 * carries no sources is taken as it is. A build that fails leaves the earlier one in use, and says so; where there is
 * none it throws `INTERNAL` with what the build printed.
 */
export async function builtPages(say: (line: string) => void): Promise<string> {
  const builtMs = changedMs(join(OUT, 'index.html'));
  const canBuild = existsSync(join(ROOT, 'renderer', 'index.html')) && existsSync(VITE);
  if (!canBuild && builtMs > 0) return OUT;
  if (builtMs > Math.max(...SOURCES.map((name) => newestMs(join(ROOT, name))))) return OUT;
  say('Building the pages (once after a change, a few seconds) …');
  // Beside its place first: others may serve, or build, at this moment.
  const fresh = `${OUT}.${process.pid}`;
  try {
    await build(fresh);
    putInPlace(fresh);
  } catch (error) {
    if (!existsSync(join(OUT, 'index.html'))) throw error;
    say(`${(error as Error).message}\nThe earlier pages are used.`);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return OUT;
}

function putInPlace(fresh: string): void {
  const stale = `${fresh}.old`;
  try {
    if (existsSync(OUT)) renameSync(OUT, stale);
    renameSync(fresh, OUT);
  } catch (error) {
    // Another process put its own build there between the two steps: it is as new as this one.
    if (!existsSync(join(OUT, 'index.html'))) throw error;
  } finally {
    rmSync(stale, { recursive: true, force: true });
  }
}

function build(folder: string): Promise<void> {
  const started = new Date();
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [VITE, 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'],
      { cwd: ROOT, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } },
      (error, stdout, stderr) => {
        if (error) {
          reject(new AssayError('INTERNAL', `The pages could not be built:\n${stdout}${stderr}`, {}, error));
          return;
        }
        // A source that changed while this ran counts as newer than what was built.
        utimesSync(join(folder, 'index.html'), started, started);
        resolve();
      },
    );
  });
}

function changedMs(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestMs(path: string): number {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return changedMs(path);
  let newest = 0;
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
    if (!entry.name.endsWith('.test.ts'))
      newest = Math.max(newest, changedMs(join(entry.parentPath, entry.name)));
  return newest;
}
