import type { BatchRow } from '../../db/queries/batches.ts';
import type { RunRow } from '../../db/queries/scores.ts';
import type { Drift } from '../../rpc/contract/reports.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import type { Project } from '../project/project.ts';
import { readAnchor, readAnchorSet, whyTooFew, type Anchor } from './anchor.ts';
import { totalOf, type ImageSet } from './image-set.ts';
import { driftBetween, measureBatch, type MeasuredBatch } from './measure-batch.ts';
import { ProjectSources } from './project-sources.ts';

/** Raised with every change of what is measured: older measurements are then made again. */
export const EDITION = 5;
const NOTHING = 0;

/**
 * The measurements of a project's batches with the embeddings of one run. Each is kept in the project until its images
 * or labels change, for every run with the same embedder; where the project is open for reading only, it is made but not
 * kept.
 */
export class MeasuredBatches {
  readonly #project: Project;
  readonly #run: RunRow;
  readonly #seed: number;
  readonly #sources: ProjectSources;
  #anchor: Promise<Anchor> | null = null;

  private constructor(project: Project, run: RunRow, seed: number, sources: ProjectSources) {
    this.#project = project;
    this.#run = run;
    this.#seed = seed;
    this.#sources = sources;
  }

  static async of(
    project: Project,
    run: RunRow,
    seed: number,
    signal: AbortSignal,
  ): Promise<MeasuredBatches> {
    return new MeasuredBatches(project, run, seed, await ProjectSources.read(project, run, signal));
  }

  /** The real images that batches are measured against. */
  anchorSet(): ImageSet {
    return readAnchorSet(this.#sources.real, this.#seed);
  }

  /** Why a batch cannot be measured; null where it can be. */
  whyNot(batch: BatchRow): string | null {
    const { real } = this.#sources;
    return whyTooFew(totalOf(real), batch.name, totalOf(this.#sources.batch(batch.name)));
  }

  /** A batch against the real images. Throws NOT_READY where there are too few images of either. */
  async measures(batch: BatchRow, task: TaskContext): Promise<MeasuredBatch> {
    return (
      this.keptMeasures(batch) ??
      this.#keep(
        batch.id,
        NOTHING,
        this.#basis(batch),
        await measureBatch(
          await (this.#anchor ??= readAnchor(this.#sources.real, this.#seed, task.signal)),
          this.#sources.batch(batch.name),
          this.#seed,
          task,
        ),
      )
    );
  }

  /** The same where it is kept; else null. */
  keptMeasures(batch: BatchRow): MeasuredBatch | null {
    const known = this.#known(batch.id, NOTHING, this.#basis(batch));
    return known === undefined ? null : (JSON.parse(known) as MeasuredBatch);
  }

  /** A batch against an earlier one; null where either has too few images. */
  async drift(batch: BatchRow, before: BatchRow, task: TaskContext): Promise<Drift | null> {
    const basis = this.#basis(batch, before);
    if (this.#known(batch.id, before.id, basis) !== undefined) return this.keptDrift(batch, before);
    const [now, then] = [this.#sources.batch(batch.name), this.#sources.batch(before.name)];
    const made = await driftBetween(then, now, this.#seed, task.signal);
    return this.#keep(batch.id, before.id, basis, made);
  }

  /** The same where it is kept; else null. */
  keptDrift(batch: BatchRow, before: BatchRow): Drift | null {
    const known = this.#known(batch.id, before.id, this.#basis(batch, before));
    return known === undefined ? null : (JSON.parse(known) as Drift | null);
  }

  #basis(...batches: BatchRow[]): string {
    return `${EDITION} ${this.#sources.basis(...batches.map(({ name }) => name))}`;
  }

  /** What is kept, as JSON. */
  #known(batch: number, against: number, basis: string): string | undefined {
    const { model } = this.#run;
    return this.#project.store.reports.get({ model, batch, against, seed: this.#seed }, basis);
  }

  #keep<T>(batch: number, against: number, basis: string, made: T): T {
    const project = this.#project;
    if (project.isWritable()) {
      const { store } = project;
      const key = { run: this.#run.id, batch, against, seed: this.#seed };
      store.transaction(() => store.reports.put(key, basis, JSON.stringify(made)));
    }
    return made;
  }
}
