import { stringify } from 'csv-stringify/sync';
import { answerName } from '../../../rpc/contract/answer-words.ts';
import type { AnswersReport } from '../../../rpc/contract/answers.ts';
import { guarded } from '../../import/sources/csv-rows.ts';

const HEADER = [
  'sha256',
  'path',
  'annotators',
  'answer',
  'count',
  'share',
  'weight',
  'weighted_share',
  'people_entropy',
  'model_entropy',
];

/** One row for each image and answer, CSV by RFC 4180; an empty cell is no value. */
export function answersTable({ shown }: AnswersReport): string {
  const rows = shown.flatMap(({ sha256, path, annotators, answers, people, model }) =>
    answers.map((said) => [
      sha256,
      guarded(path),
      annotators,
      guarded(answerName(said)),
      said.annotators,
      said.share,
      said.weight,
      said.weightedShare,
      people,
      model,
    ]),
  );
  return stringify([HEADER, ...rows], { record_delimiter: '\r\n' });
}
