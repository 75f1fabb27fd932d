import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { SelectionInfo } from '../../rpc/contract/queue.ts';
import { reasonWords, type Reason, type ReasonWords } from '../../rpc/contract/reasons.ts';
import { core } from '../client.ts';
import { useScores } from './score-names.ts';

const NONE: SelectionInfo[] = [];

/** What every selection method says of itself; none until the core has answered. */
export function useMethods(): SelectionInfo[] {
  const { data } = useQuery({
    queryKey: ['methods'],
    queryFn: () => core.queue.methods(),
    staleTime: Infinity,
  });
  return data ?? NONE;
}

/** Puts reasons into words; until the core has said what scores mean, by their ids. */
export function useReasonWords(): (reason: Reason) => ReasonWords {
  const scores = useScores();
  const methods = useMethods();
  return useMemo(() => reasonWords(scores.values(), methods), [scores, methods]);
}
