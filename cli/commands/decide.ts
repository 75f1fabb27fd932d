import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { DecisionSchema, type DecisionInput } from '../../rpc/contract/reviews.ts';
import { REASONS, VERDICTS } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import { answer, command } from '../command.ts';
import { userPath, type Session } from '../session.ts';
import { wholeNumber } from './import.ts';

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
  file?: string;
  stream?: boolean;
  json?: boolean;
}

export function decideCommand() {
  return command(
    'decide',
    'Record what a reviewer says of images, each bound to its hash',
    'assay decide parts --by "Ada Lovelace" --image 3f2a9c01 --relabel gear\nassay decide parts --by "Ada Lovelace" --file decisions.jsonl      ("-" reads standard input)\n{"sha256":"3f2a9c01…","verdict":"reject","reason":"other: torn image"}    is a line of such a file',
  )
    .argument('<project>', 'the project')
    .requiredOption('--by <name>', 'the reviewer, as it goes on the record')
    .option('--image <sha256>', "the image's hash, or its first 8 digits or more")
    .option('--accept', 'the given label is right')
    .option('--relabel <label>', 'the right label')
    .option('--reject <reason>', `not to be used, and why: ${REASONS.join(', ')}, or your own words`)
    .option('--skip', 'decide nothing now')
    .option('--flag', 'ask for a specialist, with --skip')
    .option('--undo', "take back the image's newest decision; without --image, the reviewer's newest act")
    .option(
      '--queue <n>',
      'the queue that it is said in; the newest one with the image by itself',
      wholeNumber,
    )
    .option('--adjudicate', 'judge between reviewers who do not agree: it holds whatever they said')
    .option('--spread', 'say the same of the near-duplicates that the item stands for')
    .option('--file <jsonl>', 'many decisions, one JSON object a line; all are recorded, or none')
    .option('--stream', 'record standard input line by line, and answer each line once it is on disk')
    .action((path: string, options: Options) => {
      const project = userPath(path);
      if (options.stream) return answer({ json: true }, (session) => stream(session, project, options.by));
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
        const decisions =
          options.file === undefined ? [fromFlags(options)] : parseLines(readText(options.file));
        const result = await core.reviews.decide({ project, by: options.by, decisions });
        return {
          json: result,
          text: `${result.applied} ${result.applied === 1 ? 'decision' : 'decisions'} recorded as event ${result.seq}.`,
        };
      });
    });
}

function fromFlags(options: Options): DecisionInput {
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
    ...(options.queue === undefined ? {} : { queue: options.queue }),
    ...(options.adjudicate ? { purpose: 'adjudication' } : {}),
    ...(options.spread ? { spread: true } : {}),
    ...(options.flag ? { flag: true } : {}),
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

function parseLines(text: string): DecisionInput[] {
  const lines = text.split('\n').map((line, i) => ({ line: line.trim(), number: i + 1 }));
  return lines.filter(({ line }) => line !== '').map(({ line, number }) => parseLine(line, number));
}

function parseLine(line: string, number: number): DecisionInput {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new AssayError('DECISION_REFUSED', `Line ${number} is not JSON. Nothing was recorded.`, {
      line: number,
    });
  }
  const parsed = DecisionSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues
    .map((issue) => `${issue.path.join('.') || 'line'}: ${issue.message}`)
    .join('; ');
  throw new AssayError('DECISION_REFUSED', `Line ${number}: ${why}. Nothing was recorded.`, { line: number });
}

/** One transaction per line; the answer is written only when the decision is on disk. */
async function stream({ core, signal }: Session, project: string, by: string) {
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, signal })) {
    number++;
    if (line.trim() === '') continue;
    const result = await core.reviews.decide({ project, by, decisions: [parseLine(line, number)] });
    process.stdout.write(`${JSON.stringify({ line: number, seq: result.seq })}\n`);
  }
  return { json: { lines: number }, text: '' };
}
