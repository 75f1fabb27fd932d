import type { AlignmentReport, ClassAlignment, Kept } from '../../rpc/contract/scores.ts';
import type { Role } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import { sampleWithoutReplacement, streamOf } from '../base/numeric/random.ts';
import type { Project } from '../project/project.ts';
import { newestRun } from '../queue/candidates.ts';
import type { AnchorSource } from '../measure/facts/anchors.ts';
import { readVectors } from '../measure/vectors.ts';
import { coverOf, type Cover } from './anchor-cover.ts';
import { quantileSorted } from '../base/numeric/percentile.ts';
const SCORE = 'class-margin';
/** Images a side and class whose distances are measured: this over the root of the classes, so that the sum is bounded. */
const MEASURED = 1200;
const FEWEST_MEASURED = 50;
/** With fewer good images the share that a threshold would lose is noise, and weaker evidence is taken. */
const FEWEST_GOOD = 20;

type Standing = 'accepted' | 'wrong' | null;

/** An image with a margin. */
interface Aligned {
  id: number;
  role: Role;
  batch: string;
  margin: number;
  standing: Standing;
}

/**
 * Thresholds on `class-margin` of the newest run, one per class, from its real images' own margins (docs/methods/text.md), and
 * what they would cut: of the synthetic images, of those known to be good, and of the reach of the real anchor.
 * Nothing is cut by it. Throws NOT_READY before a run that measured margins, NOT_FOUND for an unknown batch,
 * INVALID_INPUT for one that is not synthetic.
 */
export async function alignmentReport(
  project: Project,
  { batch, percentile }: { batch: string | null; percentile: number },
  signal?: AbortSignal,
): Promise<AlignmentReport> {
  const { store } = project;
  const run = newestRun(project);
  const { alignment } = JSON.parse(run.parameters) as { alignment?: AnchorSource };
  if (!alignment)
    throw new AssayError(
      'NOT_READY',
      `The newest run of ${project.name} is from before alignment was measured. Run: assay score ${project.folder}`,
    );
  checkBatch(project, batch);
  const labels = store.batches.labels();
  const byClass = alignedImages(project, run.id, new Map(labels.map(({ id }, c) => [id, c])), labels.length);
  const thresholds = thresholdsOf(
    byClass.map((images) => images.filter(({ role }) => role === 'real').map(({ margin }) => margin)),
    percentile,
  );
  const size = store.facts.embedding(run.model, byClass.flat()[0]?.id ?? -1)?.byteLength ?? 4;
  const measured = Math.max(FEWEST_MEASURED, Math.round(MEASURED / Math.sqrt(Math.max(1, labels.length))));
  const classes: ClassAlignment[] = [];
  const covers: Cover[] = [];
  for (const [c, images] of byClass.entries()) {
    const { value, pooled } = thresholds[c]!;
    const cut = ({ margin }: Aligned): boolean => margin < value;
    const generated = images.filter(
      (image) => image.role === 'synthetic' && (batch === null || image.batch === batch),
    );
    const real = images.filter(({ role }) => role === 'real');
    const drawn = (all: Aligned[], purpose: string): Aligned[] =>
      Array.from(
        sampleWithoutReplacement(streamOf(1, `${purpose} ${c}`), all.length, measured).sort(),
        (i) => all[i]!,
      );
    const [near, made] = [drawn(real, 'real'), drawn(generated, 'generated')];
    const vectorsOf = (some: Aligned[]) => ({
      data: readVectors(
        store,
        run.model,
        size / 4,
        some.map(({ id }) => id),
      ).raw,
      dimensions: size / 4,
    });
    const left = [...made.keys()].filter((i) => !cut(made[i]!));
    const cover = Number.isNaN(value) ? null : await coverOf(vectorsOf(near), vectorsOf(made), left, signal);
    if (cover) covers.push(cover);
    const of = (some: Aligned[]): Kept => ({
      kept: some.filter((image) => !cut(image)).length,
      of: some.length,
    });
    classes.push({
      name: labels[c]!.name,
      prompts: alignment.kind === 'prompts' ? (alignment.prompts[c]?.texts ?? []) : [],
      threshold: Number.isNaN(value) ? null : value,
      pooled,
      batch: of(generated),
      seed: of(real),
      holdout: of(images.filter(({ role }) => role === 'holdout')),
      accepted: of(images.filter(({ standing }) => standing === 'accepted')),
      wrong: of(images.filter(({ standing }) => standing === 'wrong')),
      coverage: cover?.coverage ?? null,
      recall: cover?.recall ?? null,
    });
  }
  const total = totalOf(classes, covers);
  return {
    run: run.id,
    model: run.modelId,
    anchor: alignment.kind,
    batch,
    percentile,
    classes,
    total,
    loss: lossOf(total),
    notes: notesOf(classes),
  };
}

function checkBatch(project: Project, name: string | null): void {
  if (name === null) return;
  const batches = project.store.batches.all();
  const found = batches.find((batch) => batch.name === name);
  if (!found)
    throw new AssayError(
      'NOT_FOUND',
      `There is no batch "${name}" in ${project.name}; there is ${batches.map((batch) => batch.name).join(', ')}.`,
    );
  if (found.role !== 'synthetic')
    throw new AssayError('INVALID_INPUT', `${name} holds ${found.role} images: only synthetic ones are cut.`);
}

/** Images with a margin by the class of their given label. */
function alignedImages(
  { store }: Project,
  run: number,
  classOf: Map<number, number>,
  classes: number,
): Aligned[][] {
  const margins = new Map<number, number>();
  for (const { imageId, value } of store.scores.column(run, SCORE)) margins.set(imageId, value);
  const decided = new Set(store.decisions.decided());
  const byClass: Aligned[][] = Array.from({ length: classes }, () => []);
  for (const { id, role, batch, labelId } of store.images.homes()) {
    const margin = margins.get(id);
    if (margin === undefined || labelId === null) continue;
    const verdict = decided.has(id) ? store.decisions.verdict(id)?.verdict : undefined;
    const standing = verdict === undefined ? null : verdict === 'accept' ? 'accepted' : 'wrong';
    byClass[classOf.get(labelId)!]!.push({ id, role, batch, margin, standing });
  }
  return byClass;
}

function totalOf(classes: ClassAlignment[], covers: Cover[]): AlignmentReport['total'] {
  const sum = (part: 'batch' | 'seed' | 'holdout' | 'accepted' | 'wrong'): Kept => ({
    kept: classes.reduce((kept, row) => kept + row[part].kept, 0),
    of: classes.reduce((of, row) => of + row[part].of, 0),
  });
  const real = covers.reduce((count, cover) => count + cover.real, 0);
  const mean = (part: 'coverage' | 'recall', when: 'before' | 'after'): number =>
    covers.reduce((total, cover) => total + (cover[part][when] * cover.real) / real, 0);
  const both = (part: 'coverage' | 'recall') =>
    covers.length === 0 ? null : { before: mean(part, 'before'), after: mean(part, 'after') };
  return {
    batch: sum('batch'),
    seed: sum('seed'),
    holdout: sum('holdout'),
    accepted: sum('accepted'),
    wrong: sum('wrong'),
    coverage: both('coverage'),
    recall: both('recall'),
  };
}

/** What people accepted says most of the batch; then real images that no threshold was taken from; then the seed. */
function lossOf(total: AlignmentReport['total']): AlignmentReport['loss'] {
  for (const evidence of ['accepted', 'holdout', 'seed'] as const) {
    const { kept, of } = total[evidence];
    if (of >= FEWEST_GOOD) return { share: 1 - kept / of, of, evidence };
  }
  return null;
}

function notesOf(classes: ClassAlignment[]): string[] {
  const pooled = classes.filter((row) => row.pooled && row.threshold !== null);
  const none = classes.filter((row) => row.threshold === null);
  const list = (rows: ClassAlignment[]): string => rows.map(({ name }) => name).join(', ');
  return [
    ...(pooled.length > 0
      ? [`${list(pooled)}: fewer than 5 real images, so the threshold is that of all classes together.`]
      : []),
    ...(none.length > 0
      ? [
          `${list(none)}: no threshold, for want of real images; nothing is cut. Import a seed with --role real.`,
        ]
      : []),
  ];
}

/** A class with fewer real images has no threshold of its own. */
const FEWEST = 5;

interface Threshold {
  /** NaN where all classes together have too few real images. */
  value: number;
  pooled: boolean;
}

/**
 * A threshold per class: the percentile (0..100, linear interpolation) of its real images' own scores, each of which
 * was measured without itself; that of all real images together for a class with fewer than 5. Never a number from
 * elsewhere: the cosines of another model, or of other pictures, lie elsewhere.
 *
 * @param seedScores scores of the real images by class
 */
export function thresholdsOf(seedScores: readonly (readonly number[])[], percentile: number): Threshold[] {
  const quantile = (values: readonly number[]): number =>
    values.length < FEWEST ? Number.NaN : quantileSorted(Float64Array.from(values).sort(), percentile / 100);
  const pooled = quantile(seedScores.flat());
  return seedScores.map((values) =>
    values.length < FEWEST ? { value: pooled, pooled: true } : { value: quantile(values), pooled: false },
  );
}
