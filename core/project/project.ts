import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { isWritable, notWritable } from '../../db/archive.ts';
import { takeWriterLock, watchWriterLock, type WriterLock } from '../../db/lock.ts';
import { openStore, type Store, type WritableStore } from '../../db/store.ts';
import { AssayError } from '../../rpc/errors.ts';
import { makeProjectFolder } from '../base/private.ts';
import { acceptRecord, alarmOf, leaveCheckpoint, requireKnownRecord } from '../ledger/anchor.ts';
import { record } from '../ledger/ledger.ts';
import type { RecordAlarm } from '../../rpc/contract/projects.ts';
import type { ProjectModel } from './model.ts';

/**
 * An open project: the folder `<name>.assay/` with its database, thumbnails and, where asked for, originals. What is
 * given a `Project` only reads; what writes takes a `WritableProject`.
 */
export class Project {
  readonly folder: string;
  readonly store: Store;
  /** Where its record is not the one that is known (core/ledger/anchor.ts): it can only be read. */
  readonly alarm: RecordAlarm | null;
  readonly #onClose: (() => void)[] = [];
  #isOpen = true;

  protected constructor(folder: string, store: Store, alarm: RecordAlarm | null) {
    this.folder = folder;
    this.store = store;
    this.alarm = alarm;
  }

  /**
   * Makes a project folder and opens it for writing. `.assay` is added to the name where it is missing. `model` is the
   * embedder that it will work with, recorded if it is given. The folder is for its owner alone unless it is `shared`.
   * Throws `ALREADY_EXISTS` when the folder holds anything.
   */
  static create(path: string, actor: string, model?: ProjectModel, shared = false): WritableProject {
    const folder = projectFolder(path);
    if (existsSync(folder) && readdirSync(folder).some((name) => !name.startsWith('writer.')))
      throw new AssayError(
        'ALREADY_EXISTS',
        `${folder} already exists and is not empty. Choose another name, or open it.`,
        { folder },
      );
    makeProjectFolder(folder, shared);
    const lock = takeWriterLock(folder);
    try {
      const store = guarded(openStore(join(folder, 'project.db'), 'create'), lock);
      record(store, actor, 'project.created', {
        uid: randomUUID(),
        name: basename(folder, '.assay'),
        ...model,
      });
      return anchored(new WritableProject(folder, store, lock), 0);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Opens a project, and migrates one that an earlier version wrote. Readers may come while a writer works; a second writer gets `PROJECT_LOCKED`, one who may only read
   * the folder `PROJECT_READ_ONLY`, and whoever would write to another record than the one that is known `RECORD_DIFFERS`.
   */
  static open(path: string, mode: 'write'): WritableProject;
  static open(path: string, mode: 'read' | 'write'): Project;
  static open(path: string, mode: 'read' | 'write'): Project {
    const folder = existingFolder(path);
    const file = join(folder, 'project.db');
    if (mode === 'read' || !existsSync(file)) {
      const store = checked(openToRead(folder, file), folder);
      return new Project(folder, store, alarmOf(folder, store));
    }
    return openForWriting(folder, (store) => requireKnownRecord(folder, store));
  }

  /**
   * Accepts a record that is older than the one that is known, or another one, as the one to go on with; on record
   * itself. Throws `NOT_READY` where nothing is to be accepted, and what opening for writing throws.
   */
  static accept(path: string, actor: string): void {
    const folder = existingFolder(path);
    openForWriting(folder, (store) => acceptRecord(folder, store, actor)).close();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  isWritable(): this is WritableProject {
    return this instanceof WritableProject;
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

  /** Registers what to release when the project is closed. */
  onClose(act: () => void): void {
    this.#onClose.push(act);
  }

  close(): void {
    this.#isOpen = false;
    for (const act of this.#onClose.splice(0)) act();
    this.store.close();
  }
}

/** A project that this process, and no other one, writes to. */
export class WritableProject extends Project {
  declare readonly store: WritableStore;
  readonly #lock: Pick<WriterLock, 'release'>;

  constructor(folder: string, store: WritableStore, lock: Pick<WriterLock, 'release'>) {
    super(folder, store, null);
    this.#lock = lock;
  }

  override close(): void {
    super.close();
    this.#lock.release();
  }
}

/** Opens a project that `check` lets pass. */
function openForWriting(folder: string, check: (store: WritableStore) => void): WritableProject {
  const file = join(folder, 'project.db');
  if (!isWritable(file)) throw notWritable(folder);
  const lock = takeWriterLock(folder);
  let store: WritableStore | undefined;
  try {
    store = guarded(checked(openStore(file, 'write'), folder), lock);
    const before = store.events.last()!.seq;
    check(store);
    return anchored(new WritableProject(folder, store, lock), before);
  } catch (error) {
    store?.close();
    lock.release();
    throw error;
  }
}

/** A reader's store. No reader can migrate what an earlier version wrote, so a writer does it first. */
function openToRead(folder: string, file: string): Store {
  try {
    return openStore(file, 'read');
  } catch (error) {
    if (!(error instanceof AssayError && error.data['isOlder'])) throw error;
    // Whatever record it is: a reader shows an alarm where it is not the known one.
    openForWriting(folder, () => {}).close();
    return openStore(file, 'read');
  }
}

/** A store that writes only while this process holds the project's lock. */
function guarded(store: WritableStore, lock: WriterLock): WritableStore {
  const transaction: WritableStore['transaction'] = (act) => {
    lock.requireHeld();
    return store.transaction(act);
  };
  return { ...store, transaction };
}

/** The project, which leaves a checkpoint when it is closed with other events than so many. */
function anchored(project: WritableProject, before: number): WritableProject {
  const { folder, store } = project;
  project.onClose(() => {
    if (store.events.last()?.seq !== before) leaveCheckpoint(folder, store);
  });
  return project;
}

/**
 * A project with a connection of its own for a thread of a process that has it open already, and holds its lock.
 * `takeTurn` is called before each transaction that is not within another, and what it returns after it.
 */
export function openBeside(folder: string, mode: 'read' | 'write', takeTurn: () => () => void): Project {
  const file = join(folder, 'project.db');
  if (mode === 'read') return Project.open(folder, 'read');
  const store = openStore(file, 'write');
  const requireLock = watchWriterLock(folder);
  let isWithin = false;
  const transaction: WritableStore['transaction'] = (act) => {
    if (isWithin) return store.transaction(act);
    const endTurn = takeTurn();
    isWithin = true;
    try {
      requireLock();
      return store.transaction(act);
    } finally {
      isWithin = false;
      endTurn();
    }
  };
  return new WritableProject(folder, { ...store, transaction }, { release: () => {} });
}

/** Returns the store; throws `NOT_A_PROJECT` if the project was never completed. */
function checked<S extends Store>(store: S, folder: string): S {
  if (store.batches.project()) return store;
  store.close();
  throw new AssayError(
    'NOT_A_PROJECT',
    `${folder} was being made when the process ended. Delete the folder and make it again.`,
    { folder },
  );
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
