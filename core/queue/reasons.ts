import type { Score } from '../measure/scores/define.ts';

/**
 * One sentence for reviewers: the score's id and value, what it means, and how rare that is.
 *
 * @param rarity share of the candidates that are at least as suspect, 0..1
 */
export function describeScore(score: Score, value: number, rarity: number): string {
  const among = rarity < 0.01 ? 'less than 1 %' : `${Math.ceil(rarity * 100)} %`;
  return `${score.id} ${value.toFixed(3)}: ${score.meaning} (${among} of the candidates are as extreme)`;
}
