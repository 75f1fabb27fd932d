import type { Role } from '../../../rpc/contract/terms.ts';

export type RoleName = Role;

/** What a batch can be for, in words. */
export const ROLE_NAMES: readonly { value: Role; label: string; what: string }[] = [
  {
    value: 'real',
    label: 'Real',
    what: 'Photographs that are trusted: what everything else is compared with, and trained on.',
  },
  {
    value: 'holdout',
    label: 'Hold-out',
    what: 'Tested on and never trained on: whatever resembles it too much is kept out.',
  },
  { value: 'synthetic', label: 'Synthetic', what: 'Generated images: they are scored, filtered and queued.' },
];
