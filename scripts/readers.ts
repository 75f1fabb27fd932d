// Makes the Python environment in which the tests read releases with the libraries that people really use.
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const CACHE = join(root, '.cache');
const WHOLE = join(root, 'test/readers/requirements.txt');
/** Installed without their own requirements. */
const ALONE = join(root, 'test/readers/requirements-alone.txt');
const OLDEST_MINOR = 11;
const INSTALL_MS = 15 * 60_000;
/** Without a package index pip must give up soon. */
const PIP = [
  '-m',
  'pip',
  'install',
  '--quiet',
  '--disable-pip-version-check',
  '--no-input',
  '--retries',
  '2',
];

/** Named by what is installed in it, so that a change of the requirements makes another one. */
function environment(cache: string): string {
  const hash = createHash('sha256');
  for (const file of [WHOLE, ALONE]) hash.update(readFileSync(file));
  return join(cache, `readers-${hash.digest('hex').slice(0, 12)}`);
}

function pythonOf(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

/** The Python that has the readers, or null. `ASSAY_READERS` names one that somebody made. Installs nothing. */
export function findReaders(cache: string = CACHE): string | null {
  const named = process.env['ASSAY_READERS'];
  const python = named !== undefined && named !== '' ? named : pythonOf(environment(cache));
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
  const system = systemPython();
  if (system === null) return { why: `there is no Python 3.${OLDEST_MINOR} or newer` };
  const target = environment(cache);
  const partial = `${target}.partial-${process.pid}`;
  mkdirSync(cache, { recursive: true });
  removeOthers(cache, target);
  console.error('assay: installing the readers of releases for the tests (once; a minute, 1 GB) …');
  const why = install(system, partial);
  // Only `bin/python` is used, which finds its folder wherever it lies.
  if (why === null && !existsSync(target)) renameSync(partial, target);
  rmSync(partial, { recursive: true, force: true });
  return why === null ? { python: pythonOf(target) } : { why };
}

/** Fills the folder; returns why that failed, or null. */
function install(system: string, folder: string): string | null {
  const made = run(system, '-m', 'venv', folder);
  if (made.status !== 0) return `python3 -m venv failed (Debian: install python3-venv): ${lastLine(made)}`;
  for (const args of [
    ['-r', WHOLE],
    ['--no-deps', '-r', ALONE],
  ]) {
    const installed = run(pythonOf(folder), ...PIP, ...args);
    if (installed.status !== 0) return `pip could not install them: ${lastLine(installed)}`;
  }
  return null;
}

function systemPython(): string | null {
  for (const name of ['python3', 'python']) {
    const { stdout } = run(name, '--version');
    const [, minor] = /^Python 3\.(\d+)/.exec(stdout ?? '') ?? [];
    if (Number(minor ?? 0) >= OLDEST_MINOR) return name;
  }
  return null;
}

/** Environments of other requirements, and what killed installations left behind. */
function removeOthers(cache: string, target: string): void {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    if (!name.startsWith('readers-') || folder === target) continue;
    const owner = Number(/\.partial-(\d+)$/.exec(name)?.[1] ?? 0);
    if (owner === 0 || !isRunning(owner)) rmSync(folder, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function run(command: string, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(command, args, { encoding: 'utf8', timeout: INSTALL_MS });
}

function lastLine({ stdout, stderr, error }: SpawnSyncReturns<string>): string {
  const said = `${stdout ?? ''}\n${stderr ?? ''}`.trim().split('\n');
  return (
    said.findLast((line) => line.includes('ERROR')) ?? said.at(-1) ?? error?.message ?? 'it said nothing'
  );
}
