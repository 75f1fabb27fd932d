import { PRIVATE_FOLDER } from '../../base/private.ts';
import { isRunning } from '../../base/running.ts';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, posix, resolve, basename } from 'node:path';
import { AssayError } from '../../../rpc/errors.ts';
import { systemCode } from '../../import/sources/untrusted.ts';
import { JpegEnds } from './jpeg-ends.ts';
import { changed, chunksOf, readOriginal, type Original, type PngMaker } from './original.ts';
import { checkOutputPath, collisionKey } from './output-path.ts';

/** How much text is encoded at a time. */
const CHUNK_BYTES = 1 << 18;

/** A file of an export, as the release's manifest lists it. */
export interface OutputFile {
  /** Below the export's folder, forward slashes. */
  path: string;
  sha256: string;
  bytes: number;
}

type Chunks<T> = Iterable<T> | AsyncIterable<T>;

/**
 * The folder of an export, written beside the target and renamed at the end, so that the target is complete or absent.
 * Files are created new, hashed while they are written, and flushed to disk. Any call may throw `DISK_FULL`, or
 * `EXPORT_REFUSED` naming the file; the caller must then call `abort`.
 */
export class OutputFolder {
  readonly #target: string;
  readonly #folder: string;
  readonly #pngOf: PngMaker | null;
  readonly #files = new Map<string, OutputFile>();
  readonly #claimed = new Set<string>();
  readonly #folders = new Set<string>();
  /** Of the originals written so far. */
  readonly jpegEnds = new JpegEnds();
  #open = true;

  private constructor(target: string, folder: string, pngOf: PngMaker | null) {
    this.#pngOf = pngOf;
    this.#target = target;
    this.#folder = folder;
  }

  /**
   * Starts an export to `target`, which must be absent or empty (`ALREADY_EXISTS`) and have a parent folder (`NOT_FOUND`).
   * Removes what interrupted exports to the same target left behind. Its folder is for its owner alone unless `shared`.
   * `pngOf` makes what is written of originals that are not copied.
   */
  static async create(target: string, shared = false, pngOf: PngMaker | null = null): Promise<OutputFolder> {
    const path = resolve(target);
    await refuseUnlessFree(path);
    try {
      await removeStalePartials(path);
      return new OutputFolder(path, await makePartial(path, shared), pngOf);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw refusal(error, path);
      throw noParent(path, error);
    }
  }

  /** All files written so far, sorted by path in code units. */
  get files(): readonly OutputFile[] {
    return [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /**
   * Copies an original byte for byte, or writes the PNG of one that is not copied. Throws `EXPORT_REFUSED` naming it if
   * it no longer has its hash.
   */
  async copyOriginal(original: Original, relativePath: string): Promise<void> {
    if (original.format === 'jpeg' || original.asPng) {
      await this.writeBytes(relativePath, await this.readOriginal(original));
      return;
    }
    const { sha256 } = await this.#write(relativePath, chunksOf(original));
    if (sha256 === original.sha256) return;
    throw changed(original);
  }

  /** The bytes of an original, or its PNG, that a format writes inside a file. Throws `EXPORT_REFUSED` naming it if it changed. */
  async readOriginal(original: Original): Promise<Uint8Array> {
    if (original.asPng) {
      if (this.#pngOf === null) throw new RangeError('this output has nothing that makes PNGs');
      return this.#pngOf(original);
    }
    const bytes = await readOriginal(original);
    if (original.format === 'jpeg') this.jpegEnds.add(bytes);
    return bytes;
  }

  /** Writes UTF-8 text. */
  async writeText(relativePath: string, text: string | Chunks<string>): Promise<void> {
    await this.#write(relativePath, encoded(typeof text === 'string' ? [text] : text));
  }

  async writeBytes(relativePath: string, bytes: Uint8Array | Chunks<Uint8Array>): Promise<void> {
    await this.#write(relativePath, bytes instanceof Uint8Array ? [bytes] : bytes);
  }

  /** Returns once everything written so far is on disk. */
  async flush(): Promise<void> {
    this.#refuseUnlessOpen();
    // Deepest first: a folder must not reach the disk before its contents.
    for (const folder of [...this.#folders, ''].sort((a, b) => b.length - a.length))
      await syncFolder(join(this.#folder, folder));
  }

  /** Renames the finished folder to the target. Throws `ALREADY_EXISTS` if something appeared there meanwhile. */
  async commit(): Promise<void> {
    try {
      await this.flush();
      await refuseUnlessFree(this.#target);
      await rmdir(this.#target).catch(ignoreMissing);
      await rename(this.#folder, this.#target);
      await syncFolder(dirname(this.#target));
    } catch (error) {
      throw refusal(error, this.#target);
    }
    this.#close();
  }

  /** Deletes everything written; the target stays absent. Does nothing after `commit`. */
  async abort(): Promise<void> {
    if (!this.#open) return;
    this.#close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #close(): void {
    this.#open = false;
    releasePartial(this.#folder);
  }

  #refuseUnlessOpen(): void {
    if (!this.#open)
      throw new AssayError('EXPORT_REFUSED', `The export to ${this.#target} has already ended.`);
  }

  async #write(path: string, chunks: Chunks<Uint8Array>): Promise<OutputFile> {
    this.#refuseUnlessOpen();
    checkOutputPath(path);
    const key = collisionKey(path);
    if (this.#claimed.has(key)) {
      throw new AssayError('EXPORT_REFUSED', `The export would write ${JSON.stringify(path)} twice.`, {
        path,
      });
    }
    this.#claimed.add(key);
    const hash = createHash('sha256');
    let bytes = 0;
    let handle: FileHandle | null = null;
    try {
      await this.#makeFolders(posix.dirname(path));
      handle = await open(join(this.#folder, path), 'wx', 0o644);
      for await (const chunk of chunks) {
        hash.update(chunk);
        await handle.writeFile(chunk);
        bytes += chunk.length;
      }
      await handle.sync();
    } catch (error) {
      throw refusal(error, path);
    } finally {
      await handle?.close();
    }
    const file = { path, sha256: hash.digest('hex'), bytes };
    this.#files.set(path, file);
    return file;
  }

  async #makeFolders(folder: string): Promise<void> {
    if (folder === '.' || this.#folders.has(folder)) return;
    await mkdir(join(this.#folder, folder), { recursive: true });
    for (let each = folder; each !== '.'; each = posix.dirname(each)) this.#folders.add(each);
  }
}

async function* encoded(chunks: Chunks<string>): AsyncGenerator<Uint8Array> {
  let pending = '';
  for await (const chunk of chunks) {
    pending += chunk;
    if (pending.length < CHUNK_BYTES) continue;
    yield Buffer.from(pending, 'utf8');
    pending = '';
  }
  if (pending !== '') yield Buffer.from(pending, 'utf8');
}

/** The error with which an export to `target` would be refused at its start, or null. Writes nothing. */
export async function targetProblem(target: string): Promise<AssayError | null> {
  const path = resolve(target);
  try {
    await refuseUnlessFree(path);
    await readdir(dirname(path)).catch((error: unknown) => {
      throw systemCode(error) === 'ENOENT' ? noParent(path, error) : refusal(error, path);
    });
    return null;
  } catch (error) {
    if (error instanceof AssayError) return error;
    throw error;
  }
}

function noParent(path: string, cause: unknown): AssayError {
  const parent = dirname(path);
  return new AssayError(
    'NOT_FOUND',
    `There is no folder ${parent} to export into. Create it.`,
    { path: parent },
    cause,
  );
}

async function refuseUnlessFree(target: string): Promise<void> {
  const found = await readdir(target).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw refusal(error, target);
  });
  if (found.length > 0) throw alreadyExists(target);
}

function ignoreMissing(error: unknown): void {
  if (systemCode(error) !== 'ENOENT') throw error;
}

/** Flushes a folder's entries to disk. Windows cannot open folders and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Folders that this process is exporting to. */
const own = new Set<string>();

function machine(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

function prefixOf(target: string): string {
  return `.${basename(target)}.assay-partial-`;
}

/**
 * Creates the folder that an export is written to: `.<name>.assay-partial-<machine>-<pid>-<random>` beside the target,
 * hence on the same disk, so that one rename moves it into place.
 */
async function makePartial(target: string, shared: boolean): Promise<string> {
  const random = randomBytes(8).toString('hex');
  const folder = join(dirname(target), `${prefixOf(target)}${machine()}-${process.pid}-${random}`);
  await mkdir(folder, shared ? {} : { mode: PRIVATE_FOLDER });
  own.add(folder);
  return folder;
}

/** The folders beside a target that interrupted exports to it wrote, or that one is writing. */
export function partialsOf(target: string): string[] {
  const parent = dirname(target);
  try {
    return readdirSync(parent).flatMap((name) =>
      name.startsWith(prefixOf(target)) ? [join(parent, name)] : [],
    );
  } catch {
    // The disk of an earlier release may be gone.
    return [];
  }
}

/** Forgets a folder of `makePartial`. */
function releasePartial(folder: string): void {
  own.delete(folder);
}

/**
 * Deletes what interrupted exports to the same target left behind, except folders of other machines that share the disk
 * and of running processes.
 */
async function removeStalePartials(target: string): Promise<void> {
  const prefix = prefixOf(target);
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix)) continue;
    const owner = /^([0-9a-f]{8})-(\d+)-[0-9a-f]{16}$/.exec(name.slice(prefix.length));
    const folder = join(dirname(target), name);
    if (!owner || owner[1] !== machine() || isWriting(Number(owner[2]), folder)) continue;
    await rm(folder, { recursive: true, force: true });
  }
}

function isWriting(pid: number, folder: string): boolean {
  // Restarted containers reuse the pid: of this process's folders, only those in `own` are still being written.
  return pid === process.pid ? own.has(folder) : isRunning(pid);
}

/** Turns a file system error into the export's error; returns other errors unchanged. */
export function refusal(error: unknown, path: string): unknown {
  const code = systemCode(error);
  if (error instanceof AssayError || code === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const remedy = 'Free space or export to another disk; nothing was left at the target.';
    return new AssayError(
      'DISK_FULL',
      `The disk is full: ${path} could not be written. ${remedy}`,
      { path },
      error,
    );
  }
  if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') return alreadyExists(path);
  return new AssayError(
    'EXPORT_REFUSED',
    `${path} cannot be written (${code}). Check the folder's permissions.`,
    { path },
    error,
  );
}

function alreadyExists(path: string): AssayError {
  return new AssayError('ALREADY_EXISTS', `${path} already exists. Choose a new or empty folder.`, { path });
}
