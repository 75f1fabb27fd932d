import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { DecisionSchema, type DecisionContext } from '../../rpc/contract/reviews.ts';
import { REJECT_REASONS, VERDICTS } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import { answer, command } from '../command.ts';
import { userPath, type Session } from '../session.ts';
import { wholeNumber } from './import.ts';
import { counted } from '../../rpc/format.ts';

interface Options {
  by: string;
  image?: string;
  accept?: boolean;
  relabel?: string;
  reject?: string;
  skip?: boolean;
  undo?: boolean;
  queue?: number;
  adjudicate?: boolean;
  spread?: boolean;
  flag?: boolean;
  comment?: string;
  file?: string;
  stream?: boolean;
  json?: boolean;
}

/** A decision, and the queue that it is an answer in: none where it only settles its image. */
const LineSchema = DecisionSchema.extend({ queue: z.int().positive().optional() });
type Line = z.infer<typeof LineSchema>;

export function decideCommand() {
  return command(
    'decide',
    'Record decisions of a reviewer, each bound to the hash of its image',
    'assay decide parts --by "Ada Lovelace" --image 3f2a9c01 --relabel gear      settles the image\nassay decide parts --by "Ada Lovelace" --image 3f2a9c01 --accept --queue 2  answers the item of queue 2\nassay decide parts --by "Ada Lovelace" --file decisions.jsonl      ("-" reads standard input)\n{"sha256":"3f2a9c01…","verdict":"reject","reason":"other: torn image"}    is a line of such a file;\n"queue":2 in every line makes them answers in that queue, as --queue does',
  )
    .argument('<project>', 'the project')
    .requiredOption('--by <name>', 'the reviewer, as it goes on the record')
    .option('--image <sha256>', "the image's hash, or its first 8 digits or more")
    .option('--accept', 'the given label is right')
    .option('--relabel <label>', 'the right label')
    .option(
      '--reject <reason>',
      `not to be used, and why: one of the reasons of the project (${REJECT_REASONS.join(', ')}, unless "assay reasons" changed them), or your own words`,
    )
    .option('--skip', 'pass over an item of a queue, with --queue')
    .option('--flag', 'ask a specialist, with --skip; the question is the comment')
    .option('--comment <words>', 'what goes on the record with the decision, in words')
    .option('--undo', "take back the image's newest decision; without --image, the reviewer's newest act")
    .option(
      '--queue <n>',
      "answer an item of this queue, at its place in the reviewer's own order; without it the image is settled, and no queue or audit is answered",
      wholeNumber,
    )
    .option(
      '--adjudicate',
      'with --queue: judge between its reviewers who do not agree; it holds whatever they said',
    )
    .option('--spread', 'with --queue: apply it to the near-duplicates that the item represents')
    .option('--file <jsonl>', 'many decisions, one JSON object a line; all are recorded, or none')
    .option('--stream', 'record standard input line by line, and answer each line once it is on disk')
    .action((path: string, options: Options) => {
      const project = userPath(path);
      if (options.stream) return answer({ json: true }, (session) => stream(session, project, options));
      return answer(options, async ({ core }) => {
        if (options.undo && options.image === undefined) {
          const undone = await core.reviews.undo({ project, by: options.by });
          return {
            json: undone,
            text:
              undone.applied === 1
                ? `Took back the newest decision of ${options.by}, on ${undone.sha256}.`
                : `Took back the newest act of ${options.by}: ${undone.applied} decisions, the first on ${undone.sha256}.`,
          };
        }
        const lines = options.file === undefined ? [fromFlags(options)] : parseLines(readText(options.file));
        const result = await record(core, project, options, lines);
        return {
          json: result,
          text: `${counted(result.applied, 'decision')} recorded as event ${result.seq}.`,
        };
      });
    });
}

/** Records lines as one act, in the context that the options and the lines state. */
async function record(
  core: Session['core'],
  project: string,
  { by, queue: ofAll, adjudicate }: Options,
  lines: Line[],
) {
  const queues = lines.map(({ queue }) => queue ?? ofAll);
  const [queue] = queues;
  const other = queues.findIndex((named) => named !== queue);
  if (other >= 0)
    throw new AssayError(
      'DECISION_REFUSED',
      `Line ${other + 1}: one act is made in one place, so all lines name the same queue, or none. Nothing was recorded.`,
      { line: other + 1 },
    );
  if (adjudicate && queue === undefined)
    throw new AssayError(
      'USAGE',
      'Name the queue whose reviewers you judge between: --adjudicate --queue 2.',
    );
  const decisions = lines.map(({ queue: _queue, ...decision }) => decision);
  if (queue === undefined)
    return core.reviews.decide({ project, by, context: { kind: 'command' }, decisions });
  const context: DecisionContext = { kind: adjudicate ? 'conflict' : 'review', queue };
  if (context.kind === 'conflict') return core.reviews.decide({ project, by, context, decisions });
  const images = decisions.map(({ sha256 }) => sha256);
  // For writing: places are looked up by reading, which a project of an older schema refuses.
  await core.projects.open({ project });
  const places = await core.reviews.places({ project, by, queue, images });
  const placed = decisions.map((decision, i) =>
    decision.verdict === 'undo' ? decision : { place: places[i] ?? undefined, ...decision },
  );
  return core.reviews.decide({ project, by, context, decisions: placed });
}

function fromFlags(options: Options): Line {
  const given = VERDICTS.filter((verdict) => options[verdict] !== undefined);
  if (options.image === undefined || given.length !== 1)
    throw new AssayError(
      'USAGE',
      'Give --image and exactly one of --accept, --relabel, --reject, --skip, --undo; or --file.',
    );
  return {
    sha256: options.image,
    verdict: given[0]!,
    ...(options.relabel === undefined ? {} : { label: options.relabel }),
    ...(options.reject === undefined ? {} : { reason: options.reject }),
    ...(options.spread ? { spread: true } : {}),
    ...(options.flag ? { flag: true } : {}),
    ...(options.comment === undefined ? {} : { comment: options.comment }),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : userPath(file), 'utf8');
  } catch (error) {
    throw new AssayError(
      'SOURCE_UNREADABLE',
      `${file} cannot be read: ${(error as Error).message}`,
      {},
      error,
    );
  }
}

function parseLines(text: string): Line[] {
  const lines = text.split('\n').map((line, i) => ({ line: line.trim(), number: i + 1 }));
  return lines.filter(({ line }) => line !== '').map(({ line, number }) => parseLine(line, number));
}

function parseLine(line: string, number: number): Line {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new AssayError('DECISION_REFUSED', `Line ${number} is not JSON. Nothing was recorded.`, {
      line: number,
    });
  }
  const parsed = LineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues
    .map((issue) => `${issue.path.join('.') || 'line'}: ${issue.message}`)
    .join('; ');
  throw new AssayError('DECISION_REFUSED', `Line ${number}: ${why}. Nothing was recorded.`, { line: number });
}

/** One transaction per line; the answer is written only when the decision is on disk. */
async function stream({ core, signal }: Session, project: string, options: Options) {
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, signal })) {
    number++;
    if (line.trim() === '') continue;
    const result = await record(core, project, options, [parseLine(line, number)]);
    process.stdout.write(`${JSON.stringify({ line: number, seq: result.seq })}\n`);
  }
  return { json: { lines: number }, text: '' };
}
