import { counted, percent } from '../format.ts';
import type { AnswersReport, WeighedShare } from './answers.ts';

/** What the report comes to, in sentences. */
export function answersWords(report: AnswersReport): string[] {
  const { images, open, withoutClass, withoutModel, compared, weighting } = report;
  return [
    `${counted(images, 'image was', 'images were')} answered by two people or more.${open > 0 ? ` ${counted(open, 'more waits', 'more wait')} for another answer.` : ''}`,
    ...(compared.images > 0
      ? [
          `Mean entropy, from 0 to 1: ${places(compared.people)} of people, ${places(compared.model)} of the model (${counted(compared.images, 'image')}).`,
          correlationWords(report),
        ]
      : []),
    ...(withoutClass > 0
      ? [
          `Not compared with the model: ${counted(withoutClass, 'image', 'images')} that somebody rejected or gave no class.`,
        ]
      : []),
    ...(withoutModel > 0
      ? [
          report.run === null
            ? 'There is no model to compare with yet: score the project.'
            : `The newest run has no prediction for ${counted(withoutModel, 'image')}: score again.`,
        ]
      : []),
    ...(weighting.why === null ? [] : [weighting.why]),
  ];
}

function correlationWords({ correlation }: AnswersReport): string {
  if (!correlation) return 'Their rank correlation is undefined: one of the two does not vary.';
  const { rho, interval } = correlation;
  const range = interval ? ` (95 %: ${places(interval[0])} to ${places(interval[1])})` : '';
  const meaning =
    interval === null
      ? ' Under 10 images there is no interval.'
      : interval[0] > 0
        ? ' The model tends to be unsure where people differ.'
        : interval[1] < 0
          ? ' The model tends to be surer where people differ.'
          : ' That is compatible with no relation.';
  return `Spearman’s rank correlation of the two: ${places(rho)}${range}.${meaning}`;
}

/** `leaf 2 of 3 (61 % weighted), rejected 1 of 3 (39 % weighted)`. */
export function sharesWords(answers: readonly WeighedShare[], annotators: number): string {
  return answers
    .map(
      ({ annotators: people, weightedShare, ...said }) =>
        `${answerName(said)} ${people} of ${annotators}${weightedShare === null ? '' : ` (${percent(weightedShare, 0)} weighted)`}`,
    )
    .join(', ');
}

/** An entropy, a correlation: two places; a dash for none. */
export const places = (value: number | null): string => (value === null ? '–' : value.toFixed(2));

export const answerName = ({ label, rejected }: Pick<WeighedShare, 'label' | 'rejected'>): string =>
  rejected ? 'rejected' : (label ?? 'no class');
