import type { Store } from '../../../db/store.ts';
import {
  COST_INPUTS,
  COST_INPUT_IDS,
  type CostInput,
  type CostInputId,
} from '../../../rpc/contract/costs.ts';
import { isPlausiblePace } from '../../../rpc/contract/pace.ts';
import { counted, integer } from '../../../rpc/format.ts';
import { rolesOf } from '../../people/person-row.ts';
import { COST_CLASSES } from './model.ts';
import { costSettingsOf } from './settings.ts';

type CostClass = (typeof COST_CLASSES)[number];

/** Timed answers from which on times are measured: below, a mean says little, and the default stays. */
const LEAST_TIMED = 20;

/**
 * Every input of the model with where it comes from: what people have set, else what the project measures or counts, else
 * the stated default. Where reviews have a price, times of review are left out.
 */
export function costInputsOf(store: Store): CostInput[] {
  const set = new Map(costSettingsOf(store).inputs.map((one) => [one.input, one]));
  const times = timesOf(store);
  const known = new Map<CostInputId, CostInput>(
    [...countsOf(store), ...times.inputs].map((one) => [one.input, one]),
  );
  const isPriced = set.has('review-price');
  return COST_INPUT_IDS.flatMap((input): CostInput[] => {
    if (isPriced && COST_INPUTS[input].unit === 'seconds') return [];
    const own = set.get(input);
    if (own) {
      const { low, high, by, at, version, source } = own;
      const said = `set by ${by} on ${at.slice(0, 10)}, event ${version}${source === null ? '' : `: ${source}`}`;
      return [{ input, low, high, origin: 'set', said }];
    }
    const { otherwise } = COST_INPUTS[input];
    const found = known.get(input);
    if (found) return [found];
    if (!otherwise) return [];
    const { low, high, source } = otherwise;
    const said = COST_INPUTS[input].unit === 'seconds' ? `${times.missing}; ${source}` : source;
    return [{ input, low, high, origin: 'default', said }];
  });
}

/** Shares of the synthetic images, from the counts of the project; none of what has not happened yet. */
function countsOf(store: Store): CostInput[] {
  const { images, queued, decided, rejected } = store.costs.synthetic();
  const run = store.scores.runs().at(-1)?.id;
  const share = (input: CostInputId, part: number, of: number, said: string): CostInput => ({
    input,
    low: part / of,
    high: part / of,
    origin: 'counted',
    said,
  });
  if (images === 0) return [];
  const keptOut = run === undefined ? null : store.overview.settledSynthetic(run);
  return [
    ...(queued === 0
      ? []
      : [
          share(
            'review-share',
            queued,
            images,
            `${integer(queued)} of ${counted(images, 'synthetic image')} queued or decided after a queue`,
          ),
        ]),
    ...(keptOut === null
      ? []
      : [
          share(
            'kept-out-share',
            keptOut,
            images,
            `${integer(keptOut)} of ${counted(images, 'synthetic image')} are copies by the newest scores or by people`,
          ),
        ]),
    ...(decided === 0
      ? []
      : [
          share(
            'rejected-share',
            rejected,
            decided,
            `${integer(rejected)} of ${counted(decided, 'decided synthetic image')}: those that a queue ranked first are rejected more often than others`,
          ),
        ]),
  ];
}

interface Times {
  answers: number;
  timed: number;
  ms: number;
  squares: number;
}

/**
 * Seconds that each class of reviewers spends on one reviewed image: mean time of a plausible answer (`isPlausiblePace`)
 * x answers of the class / images reviewed, with the 95 % interval of the mean, m +- 1.96 s / sqrt(n). The mean and not
 * the median, since a cost is a sum. Below `LEAST_TIMED` timed answers there are none, and `missing` says so.
 */
function timesOf(store: Store): { inputs: CostInput[]; missing: string } {
  const none = (): Times => ({ answers: 0, timed: 0, ms: 0, squares: 0 });
  const times: Record<CostClass, Times> = { annotator: none(), specialist: none(), lead: none() };
  const all = none();
  const classOf = classesOf(store);
  const reviewers = new Set<string>();
  const span = { first: '', last: '' };
  for (const { reviewer, purpose, durationMs, grid, at } of store.costs.answers()) {
    const isTimed = durationMs !== null && isPlausiblePace(durationMs, grid);
    for (const one of [times[classOf(reviewer, purpose)], all]) {
      one.answers += 1;
      if (!isTimed) continue;
      one.timed += 1;
      one.ms += durationMs;
      one.squares += durationMs ** 2;
    }
    if (!isTimed) continue;
    reviewers.add(reviewer);
    if (span.first === '' || at < span.first) span.first = at;
    if (at > span.last) span.last = at;
  }
  const images = store.costs.answered();
  if (all.timed < LEAST_TIMED || images === 0) {
    const missing =
      all.timed === 0
        ? 'nothing is measured here yet'
        : `only ${counted(all.timed, 'answer is', 'answers are')} timed here yet, and ${LEAST_TIMED} are needed`;
    return { inputs: [], missing };
  }
  const when = `${span.first.slice(0, 10)} to ${span.last.slice(0, 10)}`;
  const inputs = COST_CLASSES.map((one): CostInput => {
    const { answers, timed } = times[one];
    // A class with hardly a timed answer takes the time of all.
    const { mean, error } = meanOf(timed < 2 ? all : times[one]);
    const each = answers / images;
    const second = (ms: number): number => (Math.max(0, ms) * each) / 1000;
    return {
      input: `${one}-seconds`,
      low: second(mean - 1.96 * error),
      high: second(mean + 1.96 * error),
      origin: 'measured',
      said:
        answers === 0
          ? `no answer of this class among ${counted(all.answers, 'answer')}, ${when}`
          : `${counted(answers, 'answer')} on ${counted(images, 'image')}, ${timed < 2 ? `timed as all ${integer(all.timed)}` : `${integer(timed)} timed, on average ${(mean / 1000).toFixed(1)} s`}; ${counted(reviewers.size, 'reviewer')}, ${when}`,
    };
  });
  return { inputs, missing: '' };
}

/** Mean and its standard error, in milliseconds. */
function meanOf({ timed, ms, squares }: Times): { mean: number; error: number } {
  const mean = ms / timed;
  const variance = Math.max(0, (squares - timed * mean ** 2) / (timed - 1));
  return { mean, error: Math.sqrt(variance / timed) };
}

/** The class of whoever answers: by their account where there are accounts, else by what they do. */
function classesOf(store: Store): (reviewer: string, purpose: string) => CostClass {
  const people = new Map(store.people.all().map((row) => [row.id, rolesOf(row)]));
  return (reviewer, purpose) => {
    const roles = people.get(reviewer);
    if (!roles) return purpose === 'adjudication' ? 'specialist' : 'annotator';
    if (roles.includes('lead')) return 'lead';
    return roles.includes('specialist') ? 'specialist' : 'annotator';
  };
}
