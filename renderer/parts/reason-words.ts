import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { reasonWords, type Reason, type ReasonWords } from '../../rpc/contract/reasons.ts';
import { core } from '../client.ts';
import { useScores } from './score-names.ts';

/** Puts reasons into words; until the core has said what scores mean, by their ids. */
export function useReasonWords(): (reason: Reason) => ReasonWords {
  const scores = useScores();
  const { data } = useQuery({
    queryKey: ['methods'],
    queryFn: () => core.queue.methods(),
    staleTime: Infinity,
  });
  return useMemo(() => reasonWords(scores.values(), data ?? []), [scores, data]);
}
