// Makes Python environments in a cache folder: one per set of requirements, complete or not there at all.
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

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

export interface Environment {
  /** Folder that holds environments. */
  cache: string;
  /** Its name begins with this; environments of the same prefix and other requirements are removed. */
  prefix: string;
  /** For people: what is being installed. */
  what: string;
  /** Arguments of one `pip install` each. What is a file counts by its content. */
  installs: readonly (readonly string[])[];
}

/** Named by what is installed in it, so that a change of the requirements makes another one. */
function folderOf({ cache, prefix, installs }: Environment): string {
  const hash = createHash('sha256');
  for (const arg of installs.flat()) if (existsSync(arg)) hash.update(readFileSync(arg));
  return join(cache, `${prefix}-${hash.digest('hex').slice(0, 12)}`);
}

/** Its Python, whether it is there or not. */
export function pythonIn(environment: Environment): string {
  return pythonOf(folderOf(environment));
}

function pythonOf(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

/** The environment's Python, installed now unless it is there; the reason in words if it cannot be. */
export function ensurePython(environment: Environment): { python: string } | { why: string } {
  const { cache, prefix, what, installs } = environment;
  const target = folderOf(environment);
  if (existsSync(pythonOf(target))) return { python: pythonOf(target) };
  const system = systemPython();
  if (system === null) return { why: `there is no Python 3.${OLDEST_MINOR} or newer` };
  const partial = `${target}.partial-${process.pid}`;
  mkdirSync(cache, { recursive: true });
  removeOthers(cache, prefix, target);
  console.error(`assay: installing ${what} …`);
  const why = install(system, partial, installs);
  // Only `bin/python` is used, which finds its folder wherever it lies.
  if (why === null && !existsSync(target)) renameSync(partial, target);
  rmSync(partial, { recursive: true, force: true });
  return why === null ? { python: pythonOf(target) } : { why };
}

/** Fills the folder; returns why that failed, or null. */
function install(system: string, folder: string, installs: Environment['installs']): string | null {
  const made = run(system, '-m', 'venv', folder);
  if (made.status !== 0) return `python3 -m venv failed (Debian: install python3-venv): ${lastLine(made)}`;
  for (const args of installs) {
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
function removeOthers(cache: string, prefix: string, target: string): void {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    if (!name.startsWith(`${prefix}-`) || folder === target) continue;
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
