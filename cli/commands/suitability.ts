import { writeFileSync } from 'node:fs';
import { Argument, Command, InvalidArgumentError } from 'commander';
import {
  answerOf,
  contradictions,
  questionNumber,
  SUITABILITY_ANSWERS,
  SUITABILITY_QUESTIONS,
  SUITABILITY_QUESTION_IDS,
  supportsWords,
  type SuitabilityAnswer,
  type SuitabilityQuestionId,
  type SuitabilityRecord,
} from '../../rpc/contract/suitability.ts';
import { capitalised, counted } from '../../rpc/format.ts';
import { answer, command } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';

/** A question by its number or its name. */
function question(text: string): SuitabilityQuestionId {
  const found = SUITABILITY_QUESTION_IDS.find((id) => id === text || String(questionNumber(id)) === text);
  if (!found)
    throw new InvalidArgumentError(
      `there is no question "${text}"; give 1 to 6, or ${SUITABILITY_QUESTION_IDS.join(', ')}`,
    );
  return found;
}

export function suitabilityCommand() {
  const suitability = new Command('suitability').description(
    'Whether the task may absorb synthetic data: six answers beside the evidence',
  );

  suitability.addCommand(
    command(
      'show',
      'The verdict, and each question with its answer and what the project shows',
      'assay suitability parts\nassay suitability parts --html suitability.html   (any browser shows it, and prints it)',
    )
      .argument('<project>', 'the project')
      .option('--html <file>', 'write it as a page too')
      .action((path: string, options: { html?: string; json?: boolean }) =>
        answer(options, async ({ core }) => {
          const project = userPath(path);
          const record = await core.suitability.show({ project });
          if (options.html !== undefined)
            writeFileSync(userPath(options.html), await core.suitability.page({ project }));
          return { json: record, text: describe(record) };
        }),
      ),
    { isDefault: true },
  );

  suitability.addCommand(
    command(
      'answer',
      'Answer a question, on record; an earlier answer stays there',
      'assay suitability answer parts 6 yes --reason "500 photos of the line, kept since March" --by "Ada Lovelace"\nassay suitability answer parts regulatory no --reason "internal sorting only" --by "Ada Lovelace"',
    )
      .argument('<project>', 'the project')
      .argument('<question>', `1 to 6, or ${SUITABILITY_QUESTION_IDS.join(', ')}`, question)
      .addArgument(new Argument('<answer>', 'the answer').choices(SUITABILITY_ANSWERS))
      .requiredOption('--reason <words>', 'why')
      .option('--by <name>', 'who answers', defaultActor())
      .action(
        (
          path: string,
          asked: SuitabilityQuestionId,
          said: SuitabilityAnswer,
          options: { reason: string; by: string; json?: boolean },
        ) =>
          answer(options, async ({ core }) => {
            const { reason, by } = options;
            const record = await core.suitability.answer({
              project: userPath(path),
              by,
              question: asked,
              answer: said,
              reason,
            });
            return { json: record, text: describe(record) };
          }),
      )
      .exitOverride(),
  );

  return suitability;
}

function describe(record: SuitabilityRecord): string {
  const { version, changedAt, verdict, questions } = record;
  const against = contradictions(record);
  return [
    `${verdict.title}. ${verdict.text}`,
    version === 0
      ? 'Nobody has answered a question yet: assay suitability answer'
      : `${counted(version, 'answer')} on record, the newest of ${changedAt!.slice(0, 10)}.`,
    ...(against.length === 0
      ? []
      : [
          `CONTRADICTED by what the project shows: ${against.map((id) => questionNumber(id)).join(', ')}. See there.`,
        ]),
    ...questions.flatMap((each) => {
      const holds = answerOf(each);
      return [
        '',
        `${questionNumber(each.id)}. ${SUITABILITY_QUESTIONS[each.id].question} (${each.id})`,
        holds
          ? `   ${capitalised(holds.answer)}, by ${holds.by} on ${holds.at.slice(0, 10)}, event ${holds.event}: ${holds.reason}`
          : '   Not answered.',
        ...each.evidence.map((item) => `   - ${item.text} [${supportsWords(item)}]`),
        ...each.answers
          .slice(0, -1)
          .toReversed()
          .map(
            ({ answer: said, by, at, event, reason }) =>
              `   Before: ${said}, by ${by} on ${at.slice(0, 10)}, event ${event}: ${reason}`,
          ),
      ];
    }),
  ].join('\n');
}
