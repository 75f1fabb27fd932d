import type { Role } from '../../../rpc/contract/terms.ts';

export const ROLE_TITLES: Record<Role, string> = {
  real: 'Real',
  holdout: 'Hold-out',
  synthetic: 'Synthetic',
};

/** People come for the generated images first. */
export const ROLE_ORDER: readonly Role[] = ['synthetic', 'real', 'holdout'];
