import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import {
  between,
  breakEvenWords,
  drawsWords,
  imagesWords,
  money,
  nextWords,
  rangeOf,
  savingWords,
  scopeWords,
  unitOf,
} from '../../rpc/contract/cost-words.ts';
import {
  COST_INPUTS,
  COST_INPUT_IDS,
  COST_WAYS,
  COST_WAY_IDS,
  type CostInputId,
  type CostReport,
  type CostSettings,
  type Range,
} from '../../rpc/contract/costs.ts';
import { DEFAULT_SEED } from '../../rpc/contract/terms.ts';
import { uncapitalised } from '../../rpc/format.ts';
import { answer, command, table } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';
import { wholeNumber } from './import.ts';

interface NamedRange {
  input: CostInputId;
  range: Range | null;
}

const NUMBER = String.raw`(-?\d+(?:\.\d+)?)(%?)`;

/** `setup=10000..50000`, `generation=0.01`, `review-share=15%`, `setup=default`. */
function namedRange(text: string, before: NamedRange[] | undefined): NamedRange[] {
  const [name, value = ''] = text.split('=', 2);
  const input = COST_INPUT_IDS.find((id) => id === name);
  if (!input)
    throw new InvalidArgumentError(`there is no input "${name}"; there are ${COST_INPUT_IDS.join(', ')}`);
  const found = new RegExp(`^${NUMBER}(?:\\.\\.${NUMBER})?$`).exec(value);
  if (!found && value !== 'default')
    throw new InvalidArgumentError(
      `give ${input} as one number, as low..high, or as default: ${input}=${COST_INPUTS[input].unit === 'share' ? '10%..20%' : '10..20'}`,
    );
  const part = (digits: string, sign: string): number => Number(digits) / (sign === '%' ? 100 : 1);
  const range = found && {
    low: part(found[1]!, found[2]!),
    high: found[3] === undefined ? part(found[1]!, found[2]!) : part(found[3], found[4]!),
  };
  return [...(before ?? []), { input, range }];
}

/** 12, 1.5. */
function months(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('give a number of months such as 24');
  return Number(text);
}

interface ShowOptions {
  images?: number;
  months?: number;
  seed: number;
  compare?: boolean;
  csv?: string;
  json?: boolean;
}

export function costCommand() {
  const cost = new Command('cost').description('What labelling costs, by hand, synthetic and reviewed');
  const sub = (made: Command): void => void cost.addCommand(made.exitOverride());

  cost.addCommand(
    command(
      'show',
      'What the images cost by hand, raw synthetic and reviewed, and where the numbers are from',
      'assay cost parts\nassay cost parts --images 100000 --months 24\nassay cost parts --compare --csv cost.csv',
    )
      .argument('<project>', 'the project')
      .option('--images <n>', 'generated images to ask about; those of the project if left out', wholeNumber)
      .option('--months <n>', 'months to ask about; those of the inputs if left out', months)
      .option('--compare', 'ask the policies too what one more per cent of review finds')
      .option('--csv <file>', 'write everything as one table too')
      .option('--seed <n>', 'draws from the ranges', wholeNumber, DEFAULT_SEED)
      .action((path: string, options: ShowOptions) =>
        answer(options, async ({ core }) => {
          const question = {
            project: userPath(path),
            images: options.images ?? null,
            months: options.months ?? null,
            seed: options.seed,
            compare: options.compare ?? false,
          };
          const report = await core.costs.report(question);
          if (options.csv !== undefined)
            writeFileSync(userPath(options.csv), await core.costs.table(question));
          return { json: report, text: describeCosts(report, question.compare) };
        }),
      ),
    { isDefault: true },
  );

  sub(
    command(
      'set',
      'Set inputs of the cost model, on record; without any, show what is set',
      'assay cost set parts annotator-rate=18..24 setup=20000 --source "offer of 2026-11-02"\nassay cost set parts review-share=15% --currency EUR\nassay cost set parts setup=default',
    )
      .argument('<project>', 'the project')
      .argument(
        '[inputs...]',
        `input=number, input=low..high or input=default; inputs are ${COST_INPUT_IDS.join(', ')}`,
        namedRange,
      )
      .option('--currency <label>', 'label of amounts, such as EUR; nothing is converted')
      .option('--source <words>', 'where the numbers are from')
      .option('--by <name>', 'who sets it', defaultActor())
      .action(
        (
          path: string,
          inputs: NamedRange[],
          options: { currency?: string; source?: string; by: string; json?: boolean },
        ) =>
          answer(options, async ({ core }) => {
            const project = userPath(path);
            const { currency, source, by } = options;
            const settings =
              inputs.length === 0 && currency === undefined
                ? await core.costs.settings({ project })
                : await core.costs.set({ project, by, currency, inputs, source: source ?? null });
            return { json: settings, text: describeSettings(settings) };
          }),
      ),
  );

  return cost;
}

function describeSettings({ currency, inputs }: CostSettings): string {
  return [
    `Amounts are in ${currency}.`,
    ...inputs.map(
      ({ input, by, at, version, source, ...range }) =>
        `${COST_INPUTS[input].title} (${input}): ${rangeOf({ input, ...range })} ${unitOf(input, currency)}`.trimEnd() +
        `, set by ${by} on ${at.slice(0, 10)}, event ${version}${source === null ? '' : `: ${source}`}`,
    ),
    ...(inputs.length === 0
      ? ['Nobody has set an input: they are measured, counted or defaults (assay cost).']
      : []),
  ].join('\n');
}

function describeCosts(report: CostReport, compare: boolean): string {
  const { currency, ways, breakEven, drivers, inputs } = report;
  return [
    scopeWords(report),
    '',
    table([
      ['', 'total', '', 'per usable image', '', 'per verified image', ''],
      ...COST_WAY_IDS.map((way) => {
        const { total, perImage, perVerified } = ways[way];
        return [
          COST_WAYS[way].title,
          money(total.middle),
          between(total),
          perImage ? money(perImage.middle) : '-',
          perImage ? between(perImage) : '',
          perVerified ? money(perVerified.middle) : 'none is verified',
          perVerified ? between(perVerified) : '',
        ];
      }),
    ]),
    '',
    ...COST_WAY_IDS.map(
      (way) =>
        `${COST_WAYS[way].title}: ${ways[way].lines.map(({ title, least, middle, most }) => `${uncapitalised(title)} ${money(middle)}${least === most ? '' : ` (${money(least)} to ${money(most)})`}`).join(', ')}`,
    ),
    imagesWords(report),
    '',
    savingWords(report),
    breakEvenWords(breakEven),
    ...nextWords(report, compare),
    ...(drivers.length === 0
      ? []
      : [
          `What moves the saving most: ${drivers
            .slice(0, 3)
            .map(
              ({ input, atLow, atHigh }) =>
                `${COST_INPUTS[input].title} (${money(Math.min(atLow, atHigh))} to ${money(Math.max(atLow, atHigh))})`,
            )
            .join(', ')}.`,
        ]),
    '',
    'Where the numbers are from:',
    table(
      inputs.map((one) => [
        one.input,
        `${rangeOf(one)} ${unitOf(one.input, currency)}`.trim(),
        one.origin,
        one.said,
      ]),
    ),
    '',
    drawsWords(report),
  ].join('\n');
}
