import type { Project } from '../../project/project.ts';
import { inPages } from '../../explore/pages.ts';
import { evidenceOf, type Evidence } from './evidence.ts';

const COLUMNS = {
  selfConfidence: 'self-confidence',
  normalizedMargin: 'normalized-margin',
  agreement: 'neighbour-agreement',
  rivalAgreement: 'neighbour-rival',
  classDistance: 'class-distance',
  cloudDistance: 'relative-mahalanobis',
  discriminant: 'class-discriminant',
  kernelMargin: 'kernel-margin',
} as const;

/** Ids of the scores that evidence is made from. */
const EVIDENCE_SCORES: readonly string[] = Object.values(COLUMNS);

/** The evidence of some images of a run, in their order. Lets other calls in between pages. */
export async function storedEvidence(project: Project, run: number, imageIds: number[]): Promise<Evidence> {
  const [columns] = await scoreColumns(project, run, EVIDENCE_SCORES, [imageIds]);
  return evidenceFrom(columns!);
}

/** Evidence from columns by score id. */
export function evidenceFrom(columns: ReadonlyMap<string, Float64Array>): Evidence {
  const of = (name: keyof typeof COLUMNS): Float64Array => columns.get(COLUMNS[name])!;
  return evidenceOf({
    selfConfidence: of('selfConfidence'),
    normalizedMargin: of('normalizedMargin'),
    agreement: of('agreement'),
    rivalAgreement: of('rivalAgreement'),
    classDistance: of('classDistance'),
    cloudDistance: of('cloudDistance'),
    discriminant: of('discriminant'),
    kernelMargin: of('kernelMargin'),
  });
}

/** Scores' values for each of the given sets of images, in their order; NaN where there is none. */
export async function scoreColumns(
  { store }: Project,
  run: number,
  ids: Iterable<string>,
  sets: number[][],
): Promise<Map<string, Float64Array>[]> {
  const last = store.review.imageCount();
  const rowsOf = sets.map((images) => {
    const rows = new Int32Array(last + 1).fill(-1);
    images.forEach((id, row) => (rows[id] = row));
    return rows;
  });
  const names = new Map(store.scores.names().map((score) => [score.name, score.id]));
  const found = sets.map(() => new Map<string, Float64Array>());
  for (const id of ids) {
    const values = sets.map((images) => new Float64Array(images.length).fill(Number.NaN));
    const scoreId = names.get(id);
    await inPages(0, scoreId === undefined ? 0 : last, (after, upTo) => {
      for (const [imageId, value] of store.review.scoreRange(run, scoreId!, after, upTo))
        for (let s = 0; s < sets.length; s++) {
          const row = rowsOf[s]![imageId]!;
          if (row >= 0) values[s]![row] = value;
        }
    });
    found.forEach((columnsOfSet, s) => columnsOfSet.set(id, values[s]!));
  }
  return found;
}
