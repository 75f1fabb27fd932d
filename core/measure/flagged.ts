import { copyWords } from '../../rpc/contract/alteration.ts';
import type { CopyCounts } from '../../rpc/contract/copies.ts';
import type { Flagged } from '../../rpc/contract/queue.ts';
import {
  CERTAINTIES,
  FINDINGS,
  SETTLING_RULES,
  type Certainty,
  type DuplicateRule,
  type Finding,
  type Role,
} from '../../rpc/contract/terms.ts';
import { fileCounts } from './file-counts.ts';
import type { Store } from '../../db/store.ts';
import type { Project } from '../project/project.ts';

/** Everything found by rule that nobody overruled, the most serious first: files with the same bytes, pairs of the newest run, broken files. */
export function flaggedByRule(project: Project): Flagged[] {
  const { store } = project;
  const found: Flagged[] = store.images.broken().map((file) => ({
    rule: 'broken',
    batch: file.batch,
    path: file.path,
    sha256: null,
    certainty: null,
    detail: `${file.code}: ${file.detail}`,
  }));
  for (const file of store.images.duplicateFiles()) {
    found.push({
      rule: ruleOfCopy(file.homeRole, file.role),
      batch: file.batch,
      path: file.path,
      sha256: file.sha256,
      certainty: 'same-bytes',
      detail: `same bytes as ${file.homeBatch}/${file.homePath}`,
    });
  }
  const run = store.scores.runs().at(-1);
  for (const pair of run ? store.copies.named(run.id) : [])
    if (pair.answer !== 'not-a-copy')
      found.push({
        rule: pair.rule,
        batch: pair.batch,
        path: pair.path,
        sha256: pair.sha256,
        certainty: pair.certainty,
        detail: copyWords(`${pair.otherBatch}/${pair.otherPath}`, pair),
      });
  return found.sort((a, b) => FINDINGS.indexOf(a.rule) - FINDINGS.indexOf(b.rule));
}

type PairCounts = ReturnType<Store['copies']['counts']>;
const cache = new WeakMap<Store, { key: string; counts: PairCounts }>();

/** How many pairs of the newest run there are of each kind; a new file may move an image to another batch. */
export function pairCounts({ store }: Pick<Project, 'store'>): PairCounts {
  const run = store.scores.runs().at(-1)?.id ?? 0;
  const key = `${run} ${store.overview.newestFile()} ${store.copies.version()}`;
  const known = cache.get(store);
  if (known?.key === key) return known.counts;
  const counts = store.copies.counts(run);
  cache.set(store, { key, counts });
  return counts;
}

/** Counts images by the findings of the newest run that nobody overruled, and broken files. */
export function flaggedCounts(project: Project): Record<Finding, number> {
  const { store } = project;
  const found = Object.fromEntries(FINDINGS.map((rule) => [rule, 0])) as Record<Finding, number>;
  found.broken = store.images.brokenCount();
  for (const { rule, answer, images } of pairCounts(project))
    if (answer !== 'not-a-copy') found[rule] += images;
  return found;
}

/** Counts the pairs of the newest run by certainty and answer; of the same bytes, files. */
export function copyCounts(project: Project): CopyCounts {
  const found = Object.fromEntries(
    CERTAINTIES.map((certainty) => [certainty, { open: 0, copy: 0, 'not-a-copy': 0 }]),
  ) as CopyCounts;
  for (const { files } of fileCounts(project.store).copies) found['same-bytes'].open += files;
  for (const { certainty, answer, images } of pairCounts(project))
    found[certainty][answer ?? 'open'] += images;
  return found;
}

/** What is known of leaks: copies of hold-out images, by certainty, and what a person has to look at. */
export function leaksOf(project: Project): {
  copies: Partial<Record<Certainty, number>>;
  /** Perhaps copies of hold-out images; and of real ones. */
  possible: number;
  possibleOfReal: number;
  /** Real images that are copies of hold-out images, which no rule leaves out. */
  real: number;
} {
  const copies: Partial<Record<Certainty, number>> = {};
  const add = (certainty: Certainty, count: number): void =>
    void (copies[certainty] = (copies[certainty] ?? 0) + count);
  for (const { homeRole, role, files } of fileCounts(project.store).copies)
    if (ruleOfCopy(homeRole, role) === 'holdout-leak') add('same-bytes', files);
  const found = { copies, possible: 0, possibleOfReal: 0, real: 0 };
  for (const pair of pairCounts(project)) {
    if (pair.answer === 'not-a-copy') continue;
    if (pair.rule === 'possible-copy')
      found[pair.otherRole === 'holdout' ? 'possible' : 'possibleOfReal'] += pair.images;
    if (pair.rule !== 'holdout-leak') continue;
    if (pair.settles === 1) add(pair.certainty, pair.images);
    else found.real += pair.images;
  }
  return found;
}

/** Counts duplicate files by what they duplicate. */
export function duplicateCounts({ store }: Project): Record<DuplicateRule, number> {
  const found = Object.fromEntries(SETTLING_RULES.map((rule) => [rule, 0])) as Record<DuplicateRule, number>;
  for (const { homeRole, role, files } of fileCounts(store).copies)
    found[ruleOfCopy(homeRole, role)] += files;
  return found;
}

/** Returns the rule for a second file with the same bytes. */
export function ruleOfCopy(homeRole: Role, role: Role): DuplicateRule {
  if (homeRole === role) return 'exact-duplicate';
  return homeRole === 'holdout' ? 'holdout-leak' : 'seed-copy';
}
