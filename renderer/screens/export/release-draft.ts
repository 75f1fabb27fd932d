import type { LeftOut, Withheld } from '../../../rpc/contract/releases.ts';
import { FINDING_WORDS, type Role } from '../../../rpc/contract/terms.ts';

/** What the form holds; null is what nobody has chosen yet. */
export interface ReleaseDraft {
  format: string | null;
  to: string | null;
  roles: Role[];
  undecided: 'in' | 'out' | null;
  include: Withheld[];
  /** Only images with it; null for all. */
  tag: string | null;
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
  untagged: 'Without the tag that was chosen',
} as const satisfies Record<LeftOut, string>;
