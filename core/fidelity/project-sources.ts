import { createHash } from 'node:crypto';
import type { RunRow } from '../../db/queries/scores.ts';
import { sampleWithoutReplacement } from '../base/numeric/random.ts';
import type { Project } from '../project/project.ts';
import type { ImageSource } from './image-set.ts';

interface Member {
  id: number;
  sha256: string;
  path: string;
  label: string | null;
}

/** The key of the real images, which no batch can have. */
const REAL = '';
/** Images between two pauses. */
const PAGE = 5000;

/** A project's real images and synthetic batches as sources of the embeddings of a run. */
export class ProjectSources {
  readonly #project: Project;
  readonly #run: RunRow;
  readonly #members = new Map<string, Member[]>();
  readonly #digests = new Map<string, string>();

  private constructor(project: Project, run: RunRow) {
    this.#project = project;
    this.#run = run;
  }

  /** Lists the images; yields to other work, since there may be a million. */
  static async read(project: Project, run: RunRow, signal: AbortSignal): Promise<ProjectSources> {
    const sources = new ProjectSources(project, run);
    const { store } = project;
    const embedded = new Set(store.maps.ids(run.model));
    const names = store.batches.labelNames();
    let seen = 0;
    for (const { id, sha256, path, labelId, role, batch } of store.images.homes()) {
      if (++seen % PAGE === 0) {
        signal.throwIfAborted();
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (role === 'holdout' || !embedded.has(id)) continue;
      const key = role === 'real' ? REAL : batch;
      const member = { id, sha256, path, label: names.get(labelId ?? -1) ?? null };
      const list = sources.#members.get(key);
      if (list) list.push(member);
      else sources.#members.set(key, [member]);
    }
    return sources;
  }

  get real(): ImageSource {
    return this.#source(REAL, 'the real images');
  }

  batch(name: string): ImageSource {
    return this.#source(name, name);
  }

  /**
   * Identifies what a measurement of these batches against the real images is of: changes with any image or given
   * label.
   */
  basis(...batches: string[]): string {
    return [REAL, ...batches].map((key) => this.#digest(key)).join(' ');
  }

  /** Hash of the images and given labels under a key; the real ones are part of every basis. */
  #digest(key: string): string {
    let digest = this.#digests.get(key);
    if (digest === undefined) {
      const hash = createHash('sha256');
      for (const { id, label } of this.#members.get(key) ?? [])
        hash.update(`${id} ${JSON.stringify(label)}\n`);
      this.#digests.set(key, (digest = hash.digest('hex')));
    }
    return digest;
  }

  #source(key: string, name: string): ImageSource {
    const members = this.#members.get(key) ?? [];
    const byLabel = new Map<string | null, number>();
    for (const { label } of members) byLabel.set(label, (byLabel.get(label) ?? 0) + 1);
    return {
      name,
      byLabel,
      read: (random, most, label) => {
        const from = label === undefined ? members : members.filter((member) => member.label === label);
        const images = Array.from(
          sampleWithoutReplacement(random, from.length, most).sort(),
          (row) => from[row]!,
        );
        return {
          vectors: this.#vectors(images),
          sha256: images.map(({ sha256 }) => sha256),
          path: images.map(({ path }) => path),
          label: images.map((image) => image.label),
        };
      },
    };
  }

  #vectors(images: Member[]): { data: Float32Array; dimensions: number } {
    const rows = images.map(({ id }) => {
      const bytes = this.#project.store.facts.embedding(this.#run.model, id)!;
      return new Float32Array(new Uint8Array(bytes).buffer);
    });
    const dimensions = rows[0]?.length ?? 1;
    const data = new Float32Array(rows.length * dimensions);
    rows.forEach((row, i) => data.set(row, i * dimensions));
    return { data, dimensions };
  }
}
