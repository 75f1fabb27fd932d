import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DecodePool } from '../imaging/decode-pool.ts';
import { BUILT_IN_PACKS, DEFAULT_EMBEDDER, listPacks } from '../models/catalog.ts';
import { InferenceProcess } from '../models/inference-process.ts';
import { loadPack } from '../models/pack.ts';
import type { ModelPack } from '../models/types.ts';
import { AssayError } from '../rpc/errors.ts';
import { Project } from './project.ts';

/** What a host opens once: the projects in use, and the processes that decode and compute, started when first needed. */
export class Workbench {
  readonly #projects = new Map<string, Project>();
  #pool: DecodePool | undefined;
  #inference: Promise<InferenceProcess> | undefined;

  /** The user's own model packs. */
  readonly userPacks =
    process.env['ASSAY_MODELS'] ??
    join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'assay', 'models');

  create(path: string, actor: string): Project {
    const project = Project.create(path, actor);
    this.#projects.set(project.folder, project);
    return project;
  }

  /** The project at a path, opened now unless it is open already; a reader becomes a writer when one is needed. */
  open(path: string, mode: 'read' | 'write'): Project {
    const known = this.#projects.get(resolve(path)) ?? this.#projects.get(`${resolve(path)}.assay`);
    if (known && (known.writable || mode === 'read')) return known;
    if (known) this.close(known.folder);
    const project = Project.open(path, mode);
    this.#projects.set(project.folder, project);
    return project;
  }

  close(path: string): void {
    const folder = resolve(path);
    this.#projects.get(folder)?.close();
    this.#projects.delete(folder);
  }

  get pool(): DecodePool {
    return (this.#pool ??= new DecodePool());
  }

  inference(): Promise<InferenceProcess> {
    return (this.#inference ??= InferenceProcess.start());
  }

  packs() {
    return listPacks([BUILT_IN_PACKS, this.userPacks]);
  }

  /** A pack by folder or id; the built-in embedder where nothing is named. Throws `NOT_FOUND` or `MODEL_REFUSED`. */
  async pack(name: string | null): Promise<ModelPack> {
    if (name === null) return loadPack(join(BUILT_IN_PACKS, DEFAULT_EMBEDDER));
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

  /** The same, where only one kind will do. `MODEL_REFUSED` says which option the other kind belongs to. */
  async packOf(kind: ModelPack['manifest']['kind'], name: string | null): Promise<ModelPack> {
    const pack = await this.pack(name);
    if (pack.manifest.kind === kind) return pack;
    throw new AssayError(
      'MODEL_REFUSED',
      `${pack.manifest.id} is not of the kind ${kind}: give an embedder with --model, and a classifier with --classifier.`,
    );
  }

  /** Ends the processes and closes every project. */
  async shutDown(): Promise<void> {
    for (const project of this.#projects.values()) project.close();
    this.#projects.clear();
    await this.#pool?.close();
    await (await this.#inference?.catch(() => undefined))?.close();
  }
}
