import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DecodePool } from '../../imaging/decode-pool.ts';
import { isRunning } from '../base/running.ts';
import { AssayError } from '../../rpc/errors.ts';

/** Windows look at a few pictures around the one that is judged. */
const MOST = 64;

/** Of this process alone; made at the first picture. */
let folder: string | null = null;
/** The PNG of each picture by its key, the one asked for last at the end. */
const files = new Map<string, Promise<string>>();
let made = 0;

const PREFIX = 'assay-shown-';

/** Removes first what processes left that were killed: nobody would look at it again. */
function ownFolder(): string {
  if (folder !== null) return folder;
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) remove(join(tmpdir(), name));
  }
  return (folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`)));
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Another user's: only that user can remove it.
  }
}

/** Removes the pictures of this process; those asked for later are made again. */
export function dropShownPictures(): void {
  files.clear();
  if (folder !== null) remove(folder);
  folder = null;
}

/**
 * The path of a PNG of a picture that windows do not show as it was judged: of another kind than they take, or moving.
 * It is kept while others are asked for, under `key`. Throws `NOT_FOUND` where the file cannot be read, or is another one than `sha256` says.
 */
export function shownPicture(
  pool: DecodePool,
  place: { root: string; path: string },
  key: string,
  sha256: string | null,
): Promise<string> {
  const file = files.get(key) ?? makePicture(pool, place, sha256);
  files.delete(key);
  files.set(key, file);
  file.catch(() => files.delete(key));
  for (const [oldest, gone] of files) {
    if (files.size <= MOST) break;
    files.delete(oldest);
    void gone.then((path) => rm(path, { force: true })).catch(() => undefined);
  }
  return file;
}

async function makePicture(
  pool: DecodePool,
  place: { root: string; path: string },
  sha256: string | null,
): Promise<string> {
  const outcome = await pool.decode({ ...place, thumbs: null, objects: null, geometry: null, png: true });
  const problem = !outcome.ok
    ? outcome.detail
    : sha256 !== null && outcome.sha256 !== sha256
      ? 'it changed on disk'
      : null;
  if (!outcome.ok || problem !== null)
    throw new AssayError('NOT_FOUND', `${join(place.root, place.path)} cannot be shown: ${problem}`, {
      path: join(place.root, place.path),
    });
  const path = join(ownFolder(), `${++made}.png`);
  await writeFile(path, outcome.png!, { mode: 0o600 });
  return path;
}
