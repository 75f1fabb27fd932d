import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findReaders } from '../../scripts/readers.ts';
import type { Read } from './reading.ts';

/** The Python that has the readers, or null where they could not be installed. */
export const READERS = findReaders();

const HERE = fileURLToPath(new URL('./', import.meta.url));

/** Runs a script of this folder with its JSON's path as first argument, without a network, with caches of its own. */
export async function jsonOf(script: string, args: string[], cwd?: string): Promise<unknown> {
  const scratch = mkdtempSync(join(tmpdir(), 'assay-reader-'));
  try {
    const target = join(scratch, 'result.json');
    await promisify(execFile)(READERS!, [join(HERE, `${script}.py`), target, ...args], {
      cwd: cwd ?? scratch,
      env: environment(scratch),
      maxBuffer: 1 << 28,
    });
    return JSON.parse(readFileSync(target, 'utf8'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What an expression gives once the lines in the README of a release were run in its folder. */
export function runReadme(folder: string, expression: string): Promise<unknown> {
  return jsonOf('run_readme', [expression], folder);
}

/** Reads release folders with `read_<reader>.py`, in one process without a network, and with caches of its own. */
export async function readWith(reader: string, folders: string[]): Promise<Read[]> {
  // A working directory that is not the release's: a release must load from anywhere.
  return (await jsonOf(`read_${reader}`, folders)) as Read[];
}

/** Runs a script of this folder; its printed text. */
export function runPython(script: string, ...args: string[]): string {
  return execFileSync(READERS!, [join(HERE, `${script}.py`), ...args], { encoding: 'utf8' });
}

/** Nothing of the user's settings, nothing from a network, nothing left behind. */
export function environment(scratch: string): Record<string, string> {
  const kept = ['PATH', 'SYSTEMROOT', 'LD_LIBRARY_PATH'];
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    HOME: scratch,
    USERPROFILE: scratch,
    TMPDIR: scratch,
    XDG_CACHE_HOME: join(scratch, 'cache'),
    XDG_CONFIG_HOME: join(scratch, 'config'),
    HF_HOME: join(scratch, 'hf'),
    HF_HUB_OFFLINE: '1',
    HF_DATASETS_OFFLINE: '1',
    HF_HUB_DISABLE_TELEMETRY: '1',
    HF_DATASETS_DISABLE_PROGRESS_BARS: '1',
    DO_NOT_TRACK: '1',
    FIFTYONE_DO_NOT_TRACK: '1',
    YOLO_OFFLINE: '1',
    YOLO_CONFIG_DIR: scratch,
    MPLCONFIGDIR: scratch,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUTF8: '1',
    OMP_NUM_THREADS: '1',
  };
}
