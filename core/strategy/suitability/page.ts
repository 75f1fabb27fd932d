import {
  answerOf,
  contradictions,
  numberWords,
  questionNumber,
  SUITABILITY_QUESTIONS,
  supportsWords,
  type SuitabilityQuestion,
  type SuitabilityRecord,
} from '../../../rpc/contract/suitability.ts';
import { counted, utcTime } from '../../../rpc/format.ts';
import { escapeHtml, facts, grid, head, paragraph, section, subsection } from '../../base/html.ts';
import { APP_VERSION } from '../../base/version.ts';

/** The record as one page of HTML that needs nothing else. */
export function suitabilityPage(record: SuitabilityRecord): string {
  return [
    head(record.project),
    section('Suitability of the task', suitabilityParts(record)),
    paragraph(`Written ${utcTime(new Date().toISOString())} by Assay ${APP_VERSION}.`),
    '</body></html>\n',
  ].join('\n');
}

/** What the record says, as parts of a page: the verdict first, then each question beside its evidence and history. */
export function suitabilityParts(record: SuitabilityRecord): string[] {
  const { version, changedAt, verdict, anchor, questions, event } = record;
  const against = contradictions(record);
  return [
    `<p><strong>${escapeHtml(verdict.title)}.</strong> ${escapeHtml(verdict.text)}</p>`,
    facts([
      ['Version', version === 0 ? 'nobody has answered' : `${version}, of ${utcTime(changedAt!)}`],
      ['Anchor policy', anchor.text],
      [
        'Answers against the evidence',
        against.length === 0 ? 'none' : against.map((id) => questionNumber(id)).join(', '),
      ],
      ['Evidence', `as it was at event ${event}`],
    ]),
    ...questions.map(questionPart),
  ];
}

function questionPart(question: SuitabilityQuestion): string {
  const { id, answers, evidence } = question;
  const words = SUITABILITY_QUESTIONS[id];
  const holds = answerOf(question);
  return subsection(`${questionNumber(id)}. ${words.question}`, [
    paragraph(words.meaning),
    holds
      ? `<p><strong>${holds.answer === 'yes' ? 'Yes' : 'No'}</strong>, says ${escapeHtml(holds.by)} on ${utcTime(holds.at)}: ${escapeHtml(holds.reason)}</p>`
      : '<p><strong>Not answered.</strong></p>',
    grid(
      ['Evidence', 'Numbers', 'Supports'],
      evidence.map((item) => [item.text, item.numbers.map(numberWords).join('; '), supportsWords(item)]),
    ),
    ...(answers.length < 2
      ? []
      : [
          paragraph(`${counted(answers.length, 'answer')} on record, the newest first; it holds.`),
          grid(
            ['Version', 'Answer', 'Reason', 'By', 'When', 'Event'],
            answers
              .toReversed()
              .map(({ version, answer, reason, by, at, event }) => [
                version,
                answer,
                reason,
                by,
                utcTime(at),
                event,
              ]),
          ),
        ]),
  ]);
}
