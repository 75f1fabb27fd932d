import type { LeftOut, Withheld } from '../../../rpc/contract/releases.ts';
import type { Role } from '../../../rpc/contract/terms.ts';
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
  'holdout-leak': 'Nearly the same as a hold-out image',
  'seed-copy': 'Nearly the same as a real training image',
  'exact-duplicate': 'Exact duplicates',
  undecided: 'Synthetic, and nobody decided on it',
  'other-role': 'Of a role that was not chosen',
} as const satisfies Record<LeftOut, string>;

export const WITHHELD_KINDS: readonly Withheld[] = [
  'rejected',
  'holdout-leak',
  'seed-copy',
  'exact-duplicate',
];

/** Beside the project, numbered on from the releases that there are. */
export function defaultTarget(project: string, releases: number): string {
  const parent = project.replace(/[\\/][^\\/]+[\\/]?$/, '');
  return joinPath(
    parent === '' ? project.slice(0, 1) : parent,
    `${baseName(project).replace(/\.assay$/, '')}-release-${releases + 1}`,
  );
}
