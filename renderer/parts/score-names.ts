import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ScoreInfo } from '../../rpc/contract/scores.ts';
import { core } from '../client.ts';

/** What every score says of itself, by id, in the registry's order; empty until the core has answered. */
export function useScores(): ReadonlyMap<string, ScoreInfo> {
  const { data } = useQuery({
    queryKey: ['scores'],
    queryFn: () => core.scores.list(),
    staleTime: Infinity,
  });
  return useMemo(() => new Map((data ?? []).map((score) => [score.id, score])), [data]);
}
