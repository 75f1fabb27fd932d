import type { CopyCounts, CopyPair, PairFilter } from '../../rpc/contract/copies.ts';
import type { Project } from '../project/project.ts';
import { copyCounts } from '../measure/flagged.ts';

/** A page of the pairs of the newest run that pass a filter, and how many pairs there are of each kind in all. */
export function copyPairs(
  project: Project,
  filter: PairFilter,
  offset: number,
  limit: number,
): { pairs: CopyPair[]; total: number; counts: CopyCounts } {
  const { store } = project;
  const run = store.scores.runs().at(-1)?.id ?? 0;
  const { total, rows } = store.copies.page(run, filter, offset, limit);
  return {
    pairs: rows.map((row) => ({
      image: {
        sha256: row.sha256,
        path: row.path,
        batch: row.batch,
        role: row.role,
        width: row.width,
        height: row.height,
        label: row.label,
      },
      other: {
        sha256: row.otherSha256,
        path: row.otherPath,
        batch: row.otherBatch,
        role: row.otherRole,
        width: row.otherWidth,
        height: row.otherHeight,
        label: row.otherLabel,
      },
      rule: row.rule,
      certainty: row.certainty,
      similarity: row.similarity,
      alteration: row.alteration,
      keptOut: row.settles,
      answer: row.answer && { answer: row.answer, by: row.reviewer!, at: row.at!, comment: row.comment },
      verdict: row.verdict,
    })),
    total,
    counts: copyCounts(project),
  };
}
