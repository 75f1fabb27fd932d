import type { LeftOut, Withheld } from '../../../rpc/contract/releases.ts';
import { FINDING_WORDS, type Role } from '../../../rpc/contract/terms.ts';
import { baseName, joinPath } from '../../parts/format.ts';

/** What the form holds; null is what nobody has chosen yet. */
export interface ReleaseDraft {
  format: string | null;
  to: string | null;
  roles: Role[];
  undecided: 'in' | 'out' | null;
  include: Withheld[];
  licence: string;
}

/** Why an image is not in a release, in words. */
export const LEFT_OUT_WORDS = {
  rejected: 'Rejected by a reviewer',
  'holdout-leak': FINDING_WORDS['holdout-leak'].meaning,
  'seed-copy': FINDING_WORDS['seed-copy'].meaning,
  'exact-duplicate': FINDING_WORDS['exact-duplicate'].meaning,
  'near-duplicate': 'Near-duplicate that a person called a copy',
  undecided: 'Synthetic, and nobody decided on it',
  'other-role': 'Of a role that was not chosen',
} as const satisfies Record<LeftOut, string>;

/** Beside the project, numbered on from the releases that there are. */
export function defaultTarget(project: string, releases: number): string {
  const parent = project.replace(/[\\/][^\\/]+[\\/]?$/, '');
  return joinPath(
    parent === '' ? project.slice(0, 1) : parent,
    `${baseName(project).replace(/\.assay$/, '')}-release-${releases + 1}`,
  );
}
