import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { takeWriterLock, type WriterLock } from '../../db/lock.ts';
import { Store } from '../../db/store.ts';
import { AssayError } from '../../rpc/errors.ts';
import { record } from '../ledger/ledger.ts';

/** An open project: the folder `<name>.assay/` with its database, thumbnails and, where asked for, originals. */
export class Project {
  readonly folder: string;
  readonly store: Store;
  readonly #lock: WriterLock | null;
  readonly #onClose: (() => void)[] = [];

  private constructor(folder: string, store: Store, lock: WriterLock | null) {
    this.folder = folder;
    this.store = store;
    this.#lock = lock;
  }

  /**
   * Makes a project folder and opens it for writing. `.assay` is added to the name where it is missing.
   * Throws `ALREADY_EXISTS` when the folder holds anything.
   */
  static create(path: string, actor: string): Project {
    const folder = projectFolder(path);
    if (existsSync(folder) && readdirSync(folder).some((name) => !name.startsWith('writer.')))
      throw new AssayError(
        'ALREADY_EXISTS',
        `${folder} already exists and is not empty. Choose another name, or open it.`,
        { folder },
      );
    mkdirSync(folder, { recursive: true });
    const lock = takeWriterLock(folder);
    try {
      const store = Store.open(join(folder, 'project.db'), 'create');
      record(store, actor, 'project.created', { uid: randomUUID(), name: basename(folder, '.assay') });
      return new Project(folder, store, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Opens a project. Readers may come while a writer works; a second writer gets `PROJECT_LOCKED`. */
  static open(path: string, mode: 'read' | 'write'): Project {
    const folder = existingFolder(path);
    const file = join(folder, 'project.db');
    const lock = mode === 'write' && existsSync(file) ? takeWriterLock(folder) : null;
    try {
      const store = Store.open(file, mode);
      if (!store.batches.project())
        throw new AssayError(
          'NOT_A_PROJECT',
          `${folder} was being made when the process ended. Delete the folder and make it again.`,
          { folder },
        );
      return new Project(folder, store, lock);
    } catch (error) {
      lock?.release();
      throw error;
    }
  }

  get writable(): boolean {
    return this.#lock !== null;
  }

  get name(): string {
    return this.store.batches.project()!.name;
  }

  /** Derived thumbnails, deletable. */
  get thumbs(): string {
    return join(this.folder, 'thumbs');
  }

  /** Originals by sha256, where an import was asked to copy them. */
  get objects(): string {
    return join(this.folder, 'objects');
  }

  /** For what lives as long as the project is open. */
  onClose(act: () => void): void {
    this.#onClose.push(act);
  }

  close(): void {
    for (const act of this.#onClose.splice(0)) act();
    this.store.close();
    this.#lock?.release();
  }
}

/** The folder that a path of the user names: `.assay` is added where it is missing. */
export function projectFolder(path: string): string {
  const folder = resolve(path);
  return folder.endsWith('.assay') ? folder : `${folder}.assay`;
}

/** The folder as named, or with `.assay` added where only that exists. */
function existingFolder(path: string): string {
  const folder = resolve(path);
  return existsSync(join(folder, 'project.db')) ? folder : projectFolder(path);
}
