import type { BatchRow } from '../../db/queries/batches.ts';
import type { MeasuresKey } from '../../db/queries/reports.ts';
import type { RunRow } from '../../db/queries/scores.ts';
import type { Drift } from '../../rpc/contract/reports.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import type { Project } from '../project/project.ts';
import { readAnchor, type Anchor } from './anchor.ts';
import { driftBetween, measureBatch, type BatchMeasures } from './measure-batch.ts';
import { ProjectSources } from './project-sources.ts';

/** Raised with every change of what is measured: older measurements are then made again. */
const EDITION = 4;
const NOTHING = 0;

const basisOf = (images: string): string => `${EDITION} ${images}`;

/**
 * The measurements of a project's batches with one run. Each is kept in the project until its images or labels change;
 * where the project is open for reading only, it is made but not kept.
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

  /** A batch against the real images. Throws NOT_READY where there are too few images of either. */
  measures(batch: BatchRow, task: TaskContext): Promise<BatchMeasures> {
    return this.#kept(batch.id, NOTHING, this.#sources.basis(batch.name), async () => {
      this.#anchor ??= readAnchor(this.#sources.real, this.#seed, task.signal);
      return measureBatch(await this.#anchor, this.#sources.batch(batch.name), this.#seed, task);
    });
  }

  /** What is kept of a batch against the real images as they are now; null where it has to be measured first. */
  keptMeasures(batch: BatchRow): BatchMeasures | null {
    const text = this.#text(batch.id, NOTHING, this.#sources.basis(batch.name));
    return text === undefined ? null : (JSON.parse(text) as BatchMeasures);
  }

  /** A batch against an earlier one; null where either has too few images. */
  drift(batch: BatchRow, before: BatchRow, task: TaskContext): Promise<Drift | null> {
    return this.#kept(batch.id, before.id, this.#sources.basis(batch.name, before.name), () =>
      driftBetween(
        this.#sources.batch(before.name),
        this.#sources.batch(batch.name),
        this.#seed,
        task.signal,
      ),
    );
  }

  async #kept<T>(batch: number, against: number, images: string, make: () => Promise<T>): Promise<T> {
    const known = this.#text(batch, against, images);
    if (known !== undefined) return JSON.parse(known) as T;
    const made = await make();
    const project = this.#project;
    if (project.isWritable()) {
      const { store } = project;
      store.transaction(() =>
        store.reports.put(this.#key(batch, against), basisOf(images), JSON.stringify(made)),
      );
    }
    return made;
  }

  #text(batch: number, against: number, images: string): string | undefined {
    return this.#project.store.reports.get(this.#key(batch, against), basisOf(images));
  }

  #key(batch: number, against: number): MeasuresKey {
    return { run: this.#run.id, batch, against, seed: this.#seed };
  }
}
