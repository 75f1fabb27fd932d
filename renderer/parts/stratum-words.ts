import type { Stratum } from '../../rpc/contract/terms.ts';

export const STRATUM_WORDS: Record<Stratum, string> = {
  'suspect-label': 'Suspect label',
  uncertain: 'Uncertain',
  novel: 'Novel',
  damaged: 'Damaged',
  audit: 'Audit sample',
};
