import type { Flagged } from '../rpc/contract/queue.ts';
import type { Project } from './project.ts';

/** Leaks first: they are the ones that spoil a test. */
const ORDER: Flagged['rule'][] = ['holdout-leak', 'seed-copy', 'exact-duplicate', 'near-duplicate', 'broken'];

/** Everything found by rule: copies with the same bytes, copies confirmed on pixels by the newest run, broken files. */
export function flaggedByRule(project: Project): Flagged[] {
  const { store } = project;
  const found: Flagged[] = store.images.broken().map((file) => ({
    rule: 'broken',
    batch: file.batch,
    path: file.path,
    sha256: null,
    detail: `${file.code}: ${file.detail}`,
  }));
  for (const file of store.images.duplicateFiles()) {
    const rule =
      file.homeRole === file.role
        ? 'exact-duplicate'
        : file.homeRole === 'holdout'
          ? 'holdout-leak'
          : 'seed-copy';
    found.push({
      rule,
      batch: file.batch,
      path: file.path,
      sha256: file.sha256,
      detail: `same bytes as ${file.homeBatch}/${file.homePath}`,
    });
  }
  const run = store.scores.runs().at(-1);
  for (const flag of run ? store.scores.namedFlags(run.id) : [])
    found.push({
      rule: flag.rule,
      batch: flag.batch,
      path: flag.path,
      sha256: flag.sha256,
      detail: `${flag.similarity === 1 ? 'same pixels as' : 'same picture as'} ${flag.otherBatch}/${flag.otherPath}`,
    });
  return found.sort((a, b) => ORDER.indexOf(a.rule) - ORDER.indexOf(b.rule));
}
