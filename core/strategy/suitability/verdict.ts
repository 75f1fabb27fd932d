import {
  SUITABILITY_QUESTIONS,
  SUITABILITY_QUESTION_IDS,
  SUITABILITY_VERDICTS,
  questionNumber,
  type SuitabilityAnswer,
  type SuitabilityQuestionId,
  type SuitabilityVerdict,
} from '../../../rpc/contract/suitability.ts';
import { listed, uncapitalised } from '../../../rpc/format.ts';

export type Answers = Record<SuitabilityQuestionId, SuitabilityAnswer | null>;

/** Each of these, answered yes, keeps people at the core. */
const NEEDS_PEOPLE = ['distribution', 'regulatory', 'human-judgement'] as const;

/**
 * What the answers come to. The first rule that holds decides: no evaluation set (6 no), and nothing else counts; rounds
 * without an anchor policy (3 yes) are blocked; 1, 4 or 5 yes puts human annotation at the core; no to these and yes to 2
 * and 6 is a strong candidate. Else it is not decided yet, or mixed where everything is answered.
 */
export function verdictOf(answers: Answers, hasAnchorPolicy: boolean): SuitabilityVerdict {
  const is = (id: SuitabilityQuestionId, answer: SuitabilityAnswer | null): boolean => answers[id] === answer;
  const open = SUITABILITY_QUESTION_IDS.filter((id) => is(id, null));
  const stated = (
    kind: SuitabilityVerdict['kind'],
    because: SuitabilityQuestionId[],
    text: string,
  ): SuitabilityVerdict => ({ kind, title: SUITABILITY_VERDICTS[kind].title, text, because, open });

  if (is('evaluation-set', 'no'))
    return stated(
      'nothing-counts',
      ['evaluation-set'],
      'Without real images that nothing was trained on, nobody can tell whether synthetic data help or harm. Keep some as a hold-out first.',
    );
  if (is('iterative', 'yes') && !hasAnchorPolicy)
    return stated(
      'blocked',
      ['iterative'],
      'A loop that is trained on what earlier models made needs real images in every batch: set the mix policy, with a floor above 0 %, and keep to it.',
    );
  const needing = NEEDS_PEOPLE.filter((id) => is(id, 'yes'));
  if (needing.length > 0)
    return stated(
      'human-core',
      needing,
      `People label what the result stands on, because of ${namesOf(needing)}. Synthetic images may add to it, and not replace it.`,
    );
  const favourable = NEEDS_PEOPLE.every((id) => is(id, 'no')) && is('evaluation-set', 'yes');
  if (favourable && is('rule-based', 'yes'))
    return stated(
      'strong',
      [...NEEDS_PEOPLE, 'rule-based', 'evaluation-set'],
      `The generator knows the right answer, nothing asks for that of people, and there are real images to measure on.${is('iterative', null) ? ' Question 3 is open: a yes without an anchor policy would block it.' : ''}`,
    );
  if (favourable && is('rule-based', 'no'))
    return stated(
      'mixed',
      ['rule-based'],
      'Nothing speaks against synthetic data, but the generator does not know the right answer: people have to check its labels, and only a measurement on the evaluation set tells what they are worth.',
    );
  return stated('incomplete', [], `Nobody has answered ${namesOf(open)}.`);
}

/** `1 (distribution) and 4 (regulation)`. */
const namesOf = (ids: readonly SuitabilityQuestionId[]): string =>
  listed(ids.map((id) => `${questionNumber(id)} (${uncapitalised(SUITABILITY_QUESTIONS[id].title)})`));
