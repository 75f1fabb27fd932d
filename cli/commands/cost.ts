import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import {
  COST_INPUTS,
  COST_INPUT_IDS,
  COST_UNITS,
  COST_WAYS,
  COST_WAY_IDS,
  type Amount,
  type CostInput,
  type CostInputId,
  type CostReport,
  type CostSettings,
  type Range,
} from '../../rpc/contract/costs.ts';
import { DEFAULT_SEED } from '../../rpc/contract/terms.ts';
import { counted, figure, integer, percent, uncapitalised } from '../../rpc/format.ts';
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

interface ShowOptions {
  images?: number;
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
      'assay cost parts\nassay cost parts --images 100000\nassay cost parts --compare --csv cost.csv',
    )
      .argument('<project>', 'the project')
      .option('--images <n>', 'generated images to ask about; those of the project if left out', wholeNumber)
      .option('--compare', 'ask the policies too what one more per cent of review finds')
      .option('--csv <file>', 'write everything as one table too')
      .option('--seed <n>', 'draws from the ranges', wholeNumber, DEFAULT_SEED)
      .action((path: string, options: ShowOptions) =>
        answer(options, async ({ core }) => {
          const question = {
            project: userPath(path),
            images: options.images ?? null,
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

/** Whole from 100, cents from a tenth, else three digits. */
function money(value: number): string {
  const size = Math.abs(value);
  return size >= 100 ? integer(value) : size >= 0.1 ? value.toFixed(2) : figure(value);
}

const between = ({ interval: [low, high] }: Amount, of = money): string =>
  low === high ? of(low) : `${of(low)} to ${of(high)}`;

function amountOf(input: CostInputId, value: number): string {
  const { unit } = COST_INPUTS[input];
  if (unit === 'share') return percent(value);
  return COST_UNITS[unit].startsWith('money') ? money(value) : figure(value);
}

function rangeOf({ input, low, high }: Pick<CostInput, 'input' | 'low' | 'high'>): string {
  return low === high ? amountOf(input, low) : `${amountOf(input, low)} to ${amountOf(input, high)}`;
}

const unitOf = (input: CostInputId, currency: string): string =>
  COST_INPUTS[input].unit === 'share' ? '' : COST_UNITS[COST_INPUTS[input].unit].replace('money', currency);

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
  const { currency, images, ways, saving, breakEven, drivers, inputs, draws, seed } = report;
  const { human, hybrid } = ways;
  return [
    `${counted(images.count, 'generated image')}${images.origin === 'counted' ? ' of this project' : ', as asked'}; ${integer(hybrid.images)} of them stay usable after rules and review. Amounts in ${currency}: in the middle of all ranges, and 95 % of the draws.`,
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
    `By hand, ${integer(human.images)} images are made: as many as the hybrid way leaves usable. ${integer(hybrid.verified)} of these a person looked at and kept.`,
    '',
    `The hybrid way ${saving.amount.middle >= 0 ? 'saves' : 'costs more by'} ${money(Math.abs(saving.amount.middle))} against all by hand (${between(saving.amount)})${saving.share === null ? '' : `, ${saved(saving.share.middle)} of it (${between(saving.share, saved)})`}. It is cheaper in ${percent(saving.cheaper)} of the draws.`,
    describeBreakEven(breakEven),
    ...describeNext(report, compare),
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
    `${integer(draws)} draws, each uniform in every range, seed ${seed}. An interval tells what the ranges leave open, not whether they are right.`,
  ].join('\n');
}

/** A share that may be negative. */
const saved = (share: number): string => `${share < 0 ? '-' : ''}${percent(Math.abs(share))}`;

function describeBreakEven({ images, interval: [low, high], reached }: CostReport['breakEven']): string {
  const end = (volume: number | null): string => (volume === null ? 'never' : integer(volume));
  const middle =
    images === null
      ? 'In the middle of the ranges it never pays: an image by hand costs no more than a generated and reviewed one.'
      : images === 0
        ? 'It pays from the first image on.'
        : `It pays from ${counted(Math.ceil(images), 'generated image')} on.`;
  return `${middle} Over the draws: from ${end(low)} to ${end(high)}; some volume is enough in ${percent(reached)} of them.`;
}

function describeNext(
  { nextPercent: { images, cost, random, ranked }, currency }: CostReport,
  asked: boolean,
): string[] {
  if (images === 0) return ['Everything that rules leave is reviewed: there is no more to review.'];
  const fault = (each: number | null): string =>
    each === null ? '' : `, ${money(each)} ${currency} for each`;
  return [
    `One more per cent of review is ${counted(Math.round(images), 'image')} and costs ${money(cost.middle)} (${between(cost)}).`,
    random
      ? `At random it finds about ${figure(random.finds)} faults${fault(random.costPerFault)}: ${percent(random.rate)} of what nobody reviewed is wrong (${percent(random.interval[0])} to ${percent(random.interval[1])}; ${random.said}).`
      : 'What it finds at random is not known yet: no audit item is reviewed.',
    ...(asked
      ? [
          ranked && ranked.rate !== null
            ? `Ranked by the policy ${ranked.policy} it finds about ${figure(ranked.finds)} faults${fault(ranked.costPerFault)}: of the ${counted(ranked.items, 'image')} that its queue would add, ${integer(ranked.decided)} are decided and ${integer(ranked.found)} were wrong.`
            : 'What it finds if the policy ranks it is not known: nobody decided the images that it would add.',
        ]
      : []),
  ];
}
