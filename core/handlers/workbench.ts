import { createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { hasAccounts } from '../../db/open.ts';
import { DecodePool } from '../../imaging/decode-pool.ts';
import { BUILT_IN_PACKS, DEFAULT_EMBEDDER, listPacks } from '../../models/catalog.ts';
import { InferenceProcess } from '../../models/inference-process.ts';
import { loadPack } from '../../models/pack.ts';
import type { ModelPack } from '../../models/types.ts';
import type { StartProcess } from '../../rpc/child-process.ts';
import { AssayError, canOnlyBeRead } from '../../rpc/errors.ts';
import { forkProcess } from '../../rpc/fork-process.ts';
import { AutomaticRerank } from '../jobs/automatic-rerank.ts';
import { JobRegistry } from '../jobs/registry.ts';
import { Caller, SignIns } from '../people/sign-in.ts';
import { modelOfPack, projectModel } from '../project/model.ts';
import { dropShownPictures } from '../project/shown-pictures.ts';
import { Project, projectFolder, type WritableProject } from '../project/project.ts';
import { finishRelease } from '../release/unfinished.ts';
import { UserSettings } from '../base/user-settings.ts';

/** What differs from host to host. */
export interface WorkbenchOptions {
  /** Fixes the keys of open projects; random where it is not given. */
  keySecret?: string;
  /** How processes are started; with Node where it is not given. */
  startProcess?: StartProcess;
  /** Folder of the packs that come with Assay, where a package has them elsewhere than the sources. */
  builtInPacks?: string;
}

/** What a host creates once: the open projects, and the processes that decode and compute, started on first use. */
export class Workbench {
  readonly #projects = new Map<string, Project>();
  readonly #keySecret: string;
  readonly #startProcess: StartProcess;
  readonly #builtInPacks: string;
  #pool: DecodePool | undefined;
  #inference: Promise<InferenceProcess> | undefined;

  /** Every long task that runs. */
  readonly jobs = new JobRegistry(this);
  readonly reranks = new AutomaticRerank(this.jobs);
  readonly settings = new UserSettings();
  readonly signIns = new SignIns();
  /** The caller of the process itself, which its own user started. */
  readonly owner = new Caller({ isOwner: true });

  /** The user's own model packs. */
  readonly userPacks =
    process.env['ASSAY_MODELS'] ??
    join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'assay', 'models');

  constructor({ keySecret, startProcess, builtInPacks }: WorkbenchOptions = {}) {
    this.#keySecret = keySecret ?? randomBytes(32).toString('hex');
    this.#startProcess = startProcess ?? forkProcess;
    this.#builtInPacks = builtInPacks ?? BUILT_IN_PACKS;
  }

  create(path: string, actor: string, embedder: ModelPack, shared = false): WritableProject {
    const project = Project.create(path, actor, modelOfPack(embedder), shared);
    this.#projects.set(project.folder, project);
    return project;
  }

  /** The project at a path, opened now unless it is open already; a reader becomes a writer when one is needed. */
  open(path: string, mode: 'write'): WritableProject;
  open(path: string, mode: 'read' | 'write'): Project;
  open(path: string, mode: 'read' | 'write'): Project {
    const known = this.#known(path);
    if (known && (known.isWritable() || mode === 'read')) return known;
    // Opened before the reader is closed: where that is refused, the reader goes on.
    const project = Project.open(path, mode);
    if (project.isWritable()) finishRelease(project);
    if (known) this.close(known.folder);
    this.#projects.set(project.folder, project);
    return project;
  }

  /** The project at a path, for writing if possible, else for reading, with the error that says why. */
  openAsCanBe(path: string): { project: Project; refused: AssayError | null } {
    try {
      return { project: this.open(path, 'write'), refused: null };
    } catch (error) {
      if (!canOnlyBeRead(error)) throw error;
      return { project: this.open(path, 'read'), refused: error as AssayError };
    }
  }

  /**
   * The project at a path where it is open, or has accounts; else null. One without is left as it is: its handler opens
   * it as it needs it.
   */
  withAccounts(path: string): Project | null {
    const known = this.#known(path);
    if (known) return known;
    const file = join(projectFolder(path), 'project.db');
    const has = hasAccounts(existsSync(file) ? file : join(resolve(path), 'project.db'));
    if (has === false) return null;
    try {
      return this.open(path, 'read');
    } catch (error) {
      // An older format has no accounts; what is no project has none either.
      if (error instanceof AssayError) return null;
      throw error;
    }
  }

  /** Accepts the record of a project as it is, for `actor`, and lets it be opened for writing. See `Project.accept`. */
  acceptRecord(path: string, actor: string): void {
    const known = this.#projects.get(resolve(path));
    if (known && !known.isWritable()) this.close(known.folder);
    Project.accept(path, actor);
  }

  #known(path: string): Project | undefined {
    return this.#projects.get(resolve(path)) ?? this.#projects.get(`${resolve(path)}.assay`);
  }

  /** The open projects. */
  get projects(): Project[] {
    return [...this.#projects.values()];
  }

  close(path: string): void {
    const folder = resolve(path);
    this.#projects.get(folder)?.close();
    this.#projects.delete(folder);
  }

  /** 16 hex digits that name an open project in the addresses of its files, and that nobody can guess. */
  keyOf(project: Project): string {
    return createHmac('sha256', this.#keySecret).update(project.folder).digest('hex').slice(0, 16);
  }

  /** The open project of a key. Throws `NOT_FOUND` when none has it. */
  byKey(key: string): Project {
    for (const project of this.#projects.values()) if (this.keyOf(project) === key) return project;
    throw new AssayError('NOT_FOUND', 'No open project has this key: open the project again.', { key });
  }

  get pool(): DecodePool {
    return (this.#pool ??= new DecodePool({ startProcess: this.#startProcess }));
  }

  inference(): Promise<InferenceProcess> {
    return (this.#inference ??= InferenceProcess.start({ startProcess: this.#startProcess }));
  }

  packs() {
    return listPacks([this.#builtInPacks, this.userPacks]);
  }

  /** A pack by folder or id; the built-in embedder where nothing is named. Throws `NOT_FOUND` or `MODEL_REFUSED`. */
  async pack(name: string | null): Promise<ModelPack> {
    if (name === null) return loadPack(join(this.#builtInPacks, DEFAULT_EMBEDDER));
    if (existsSync(join(name, 'pack.json'))) return loadPack(name);
    const { packs, refused } = await this.packs();
    const found = packs.find((pack) => pack.manifest.id === name);
    if (found) return found;
    const broken = refused.find((pack) => pack.folder.endsWith(name));
    if (broken) throw broken.error;
    throw new AssayError(
      'NOT_FOUND',
      `There is no model "${name}". Known: ${packs.map((pack) => pack.manifest.id).join(', ')}; or give a pack's folder.`,
    );
  }

  /** The same, for a pack of one kind. Throws `MODEL_REFUSED`, naming the option that takes the other kind. */
  async packOf(kind: ModelPack['manifest']['kind'], name: string | null): Promise<ModelPack> {
    const pack = await this.pack(name);
    if (pack.manifest.kind === kind) return pack;
    throw new AssayError(
      'MODEL_REFUSED',
      `${pack.manifest.id} is not of the kind ${kind}: give an embedder with --model, and a classifier with --classifier.`,
    );
  }

  /**
   * The embedder named, else the one that the project works with (core/project/model.ts), else the built-in one.
   * Throws `NOT_READY` where the project's own is not among the packs, and what `packOf` throws.
   */
  async embedderOf({ store, name: project }: Project, name: string | null): Promise<ModelPack> {
    const own = name === null ? projectModel(store) : null;
    if (own === null) return this.packOf('embedder', name);
    const { packs } = await this.packs();
    const found = packs.find(({ fingerprint }) => fingerprint === own.model);
    if (found) return found;
    throw new AssayError(
      'NOT_READY',
      `${project} works with the model ${own.modelId ?? own.model}, which is not among the packs. Add it again (assay models add), or choose another one (assay embed --model).`,
      { model: own.model },
    );
  }

  /** Stops running tasks, ends the processes and closes every project. */
  async shutDown(): Promise<void> {
    await this.jobs.close();
    for (const project of this.#projects.values()) project.close();
    this.#projects.clear();
    dropShownPictures();
    await this.#pool?.close();
    await (await this.#inference?.catch(() => undefined))?.close();
  }
}
