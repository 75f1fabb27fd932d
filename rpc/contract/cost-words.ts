import { counted, figure, integer, percent } from '../format.ts';
import {
  COST_INPUTS,
  COST_UNITS,
  type Amount,
  type CostInput,
  type CostInputId,
  type CostReport,
} from './costs.ts';

/** Whole from 100, cents from a tenth, else three digits. */
export function money(value: number): string {
  const size = Math.abs(value);
  return size >= 100 ? integer(value) : size >= 0.1 ? value.toFixed(2) : figure(value);
}

/** The ends of an interval: `10,000 to 50,000`. */
export const between = ({ interval: [low, high] }: Amount, of = money): string =>
  low === high ? of(low) : `${of(low)} to ${of(high)}`;

function amountOf(input: CostInputId, value: number): string {
  const { unit } = COST_INPUTS[input];
  if (unit === 'share') return percent(value);
  return COST_UNITS[unit].startsWith('money') ? money(value) : figure(value);
}

/** `15 %`, `12.00 to 24.00`: without the unit. */
export function rangeOf({ input, low, high }: Pick<CostInput, 'input' | 'low' | 'high'>): string {
  return low === high ? amountOf(input, low) : `${amountOf(input, low)} to ${amountOf(input, high)}`;
}

/** `USD per hour`; empty of shares. */
export const unitOf = (input: CostInputId, currency: string): string =>
  COST_INPUTS[input].unit === 'share' ? '' : COST_UNITS[COST_INPUTS[input].unit].replace('money', currency);

/** A share that may be negative. */
const saved = (share: number): string =>
  `${share < 0 ? '-' : ''}${percent(Math.abs(share), Math.abs(share) < 1 ? 1 : 0)}`;

/** What the report is about. */
export const scopeWords = ({ images: { count, origin }, ways: { hybrid }, currency }: CostReport): string =>
  `${counted(count, 'generated image')}${origin === 'counted' ? ' of this project' : ', as asked'}; ${integer(hybrid.images)} of them stay usable after rules and review. Amounts in ${currency}: in the middle of all ranges, and 95 % of the draws.`;

/** How many images the ways give. */
export const imagesWords = ({ ways: { human, hybrid } }: CostReport): string =>
  `By hand, ${integer(human.images)} images are made: as many as the hybrid way leaves usable. ${integer(hybrid.verified)} of these a person looked at and kept.`;

/** What the hybrid way saves against all by hand. */
export function savingWords({ saving: { amount, share, cheaper } }: CostReport): string {
  const size = money(Math.abs(amount.middle));
  const middle =
    amount.middle < 0
      ? `costs ${size} more than all by hand`
      : `saves ${size} against all by hand${share === null ? '' : `, ${saved(share.middle)} of it`}`;
  return `The hybrid way ${middle}. Over the draws it saves ${between(amount)}${share === null ? '' : `, or ${between(share, saved)} of the cost by hand`}; it is cheaper in ${percent(cheaper)} of them.`;
}

/** What the draws are, and what they are not. */
export const drawsWords = ({ draws, seed }: CostReport): string =>
  `${integer(draws)} draws, each uniform in every range, seed ${seed}. An interval tells what the ranges leave open, not whether they are right.`;

/** From which volume on the hybrid way pays. */
export function breakEvenWords({ images, interval: [low, high], reached }: CostReport['breakEven']): string {
  const end = (volume: number | null): string => (volume === null ? 'never' : integer(volume));
  const middle =
    images === null
      ? 'In the middle of the ranges it never pays: an image by hand costs no more than a generated and reviewed one.'
      : images === 0
        ? 'It pays from the first image on.'
        : `It pays from ${counted(Math.ceil(images), 'generated image')} on.`;
  return `${middle} Over the draws: from ${end(low)} to ${end(high)}; some volume is enough in ${percent(reached)} of them.`;
}

/** What one more per cent of review costs and finds, in sentences; `asked` whether the policies were asked. */
export function nextWords(
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
