import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { SCORE_GROUPS, type ScoreGroup, type ScoreInfo } from '../../rpc/contract/scores.ts';
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

/** Scores under the questions that they help to answer; questions without a score are left out. */
export function grouped(
  scores: Iterable<ScoreInfo>,
): { group: ScoreGroup; title: string; scores: ScoreInfo[] }[] {
  const all = [...scores];
  return (Object.keys(SCORE_GROUPS) as ScoreGroup[])
    .map((group) => ({
      group,
      title: SCORE_GROUPS[group],
      scores: all.filter((score) => score.group === group),
    }))
    .filter((entry) => entry.scores.length > 0);
}

/** The same as choices of a list. */
export const scoreChoices = (scores: Iterable<ScoreInfo>) =>
  grouped(scores).map(({ title, scores: own }) => ({
    group: title,
    items: own.map((score) => ({ value: score.id, label: score.title })),
  }));
