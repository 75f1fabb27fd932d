import { copyWords } from '../../rpc/contract/alteration.ts';
import type { Flagged } from '../../rpc/contract/queue.ts';
import {
  FINDINGS,
  SETTLING_RULES,
  type DuplicateRule,
  type Finding,
  type Role,
} from '../../rpc/contract/terms.ts';
import { fileCounts } from './file-counts.ts';
import type { Project } from '../project/project.ts';

/** Everything found by rule, the most serious first: copies with the same bytes, copies confirmed on pixels by the newest run, broken files. */
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
    found.push({
      rule: ruleOfCopy(file.homeRole, file.role),
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
      detail: copyWords(`${flag.otherBatch}/${flag.otherPath}`, flag),
    });
  return found.sort((a, b) => FINDINGS.indexOf(a.rule) - FINDINGS.indexOf(b.rule));
}

/** Counts images by the findings of the newest run, and broken files. */
export function flaggedCounts({ store }: Project): Record<Finding, number> {
  const found = Object.fromEntries(FINDINGS.map((rule) => [rule, 0])) as Record<Finding, number>;
  found.broken = store.images.brokenCount();
  const run = store.scores.runs().at(-1);
  for (const { rule, images } of run ? store.scores.flagCounts(run.id) : []) found[rule] += images;
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
