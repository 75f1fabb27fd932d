import { LEARNER_WORDS, type LearnerId } from '../../../rpc/contract/experiments.ts';
import { keepsFloor } from '../../../rpc/contract/mixes.ts';
import type {
  SuitabilityEvidence,
  SuitabilityQuestionId,
  SuitabilityRecord,
} from '../../../rpc/contract/suitability.ts';
import { counted, figure, integer, listed, percent } from '../../../rpc/format.ts';
import type { SuitabilityFacts } from './facts.ts';

type Item = Omit<SuitabilityEvidence, 'contradicts'>;
type Numbers = SuitabilityEvidence['numbers'];

/** Agreement below the first says that people differ, from the second on that they do not (Krippendorff 2004). */
const ALPHA = { low: 2 / 3, high: 0.8 };
/** Items answered twice below which agreement says nothing. */
const FEWEST_ITEMS = 20;
/** Measures outside from which on a class falls short: one of a handful lies outside by chance often enough. */
const CLASS_OUTSIDE = 2;
/** Classes that a sentence names. */
const NAMED = 3;

const number = (name: string, value: number | null, of: number | null = null): Numbers[number] => ({
  name,
  value,
  of,
});

/** What the facts say about each question, and which answer they support. */
export function evidenceOf(facts: SuitabilityFacts): Record<SuitabilityQuestionId, Item[]> {
  return {
    distribution: [fidelity(facts), experiment(facts)],
    'rule-based': [annotations(facts), ...reviewGain(facts)],
    iterative: [generations(facts), rounds(facts), anchorItem(facts)],
    regulatory: [signatures(facts)],
    'human-judgement': [agreement(facts), distributions(facts)],
    'evaluation-set': [holdout(facts)],
  };
}

/**
 * Whether a policy keeps real images in every round: somebody set it, on record, its floor is above 0, and the newest mix
 * on record keeps that floor.
 */
export function anchorOf({
  policy: { version, floor },
  newestMix,
}: Pick<SuitabilityFacts, 'policy' | 'newestMix'>): SuitabilityRecord['anchor'] {
  if (version === 0)
    return {
      stands: false,
      text: 'There is no anchor policy: nobody has set the mix policy, so that it is still the default.',
    };
  if (floor === 0)
    return {
      stands: false,
      text: `There is no anchor policy: the mix policy (event ${version}) has a floor of 0 %, so that a batch without real images keeps it.`,
    };
  if (newestMix && !keepsFloor(newestMix, floor))
    return {
      stands: false,
      text: `The anchor policy is not kept: the mix policy (event ${version}) has a floor of ${percent(floor)}, and the newest mix holds as few as ${counted(newestMix.leastReal, 'real image')} in a batch of ${integer(newestMix.batchSize)}.`,
    };
  return {
    stands: true,
    text: `There is an anchor policy: no training batch below ${percent(floor)} real images (event ${version})${newestMix ? ', which the newest mix keeps' : '; no mix is written yet'}.`,
  };
}

function fidelity({ fidelity: newest }: SuitabilityFacts): Item {
  const item = (text: string, numbers: Numbers = []): Item => ({
    id: 'fidelity',
    text,
    numbers,
    supports: 'neither',
  });
  if (!newest) return item('There is no synthetic batch to compare with the real images.');
  const { batch, measured } = newest;
  if (!measured)
    return item(
      `The newest batch, ${batch}, is not measured as it is now: Reports, or assay report, does that.`,
    );
  const { whole } = measured;
  const judged = measured.classes.filter(({ of }) => of > 0);
  const short = judged
    .filter(({ outside }) => outside >= CLASS_OUTSIDE)
    .toSorted((a, b) => b.outside / b.of - a.outside / a.of);
  const classes =
    judged.length === 0
      ? 'No class has enough images to be judged alone.'
      : short.length === 0
        ? `In each of the ${counted(judged.length, 'class', 'classes')} that can be judged alone fewer than ${CLASS_OUTSIDE} do.`
        : `Class by class, ${CLASS_OUTSIDE} or more do in ${integer(short.length)} of ${integer(judged.length)}: ${firstOf(short.map(({ name }) => name ?? 'no label'))}.`;
  return item(
    `Of the newest batch, ${batch}, ${integer(whole.outside)} of ${counted(whole.of, 'measure')} lie outside what real images give. ${classes}`,
    [
      number(`measures of ${batch} outside`, whole.outside, whole.of),
      ...judged.map(({ name, outside, of }) =>
        number(`measures of ${name ?? 'no label'} outside`, outside, of),
      ),
    ],
  );
}

function experiment({ experiment: newest }: SuitabilityFacts): Item {
  return {
    id: 'experiment',
    text: newest
      ? `The newest experiment (${newest.id}, ${newest.at.slice(0, 10)}) on the hold-out. ${newest.verdict}`
      : 'No experiment is on record: nobody has measured what synthetic images in place of real ones cost.',
    numbers: newest
      ? [number('largest share of synthetic images that costs nothing beyond the margin', newest.largest)]
      : [],
    supports: 'neither',
  };
}

/** `a multinomial logistic regression`, or the name of the team's own network. */
const learnerWords = (learner: string): string =>
  Object.hasOwn(LEARNER_WORDS, learner) ? LEARNER_WORDS[learner as LearnerId].a : learner;

/** Where labels that people went through train better, the generator did not know the right answer. */
function reviewGain({ experiment: newest }: SuitabilityFacts): Item[] {
  if (!newest || newest.review.length === 0) return [];
  const { review, isSound, id } = newest;
  const points = (share: number): string => (100 * share).toFixed(1);
  const isGain = review.every(({ gain: { interval } }) => interval !== null && interval[0] > 0);
  const said = review.flatMap(({ learner, gain: { value, interval } }) =>
    value === null
      ? []
      : [
          `${points(value)} points${interval ? ` (${points(interval[0])} to ${points(interval[1])})` : ''} by ${learnerWords(learner)}`,
        ],
  );
  return [
    {
      id: 'experiment-review',
      text: `In experiment ${id}, review of what the generator made gains on the hold-out: ${listed(said) || 'nothing that could be measured'}.${isSound ? '' : ' Its control did not lose, so that it should not be relied on.'}`,
      numbers: review.map(({ learner, gain }) =>
        number(`gained by review, ${learnerWords(learner)}`, gain.value),
      ),
      supports: isGain && isSound ? 'no' : 'neither',
    },
  ];
}

function annotations({ annotations: { images, boxed, masks } }: SuitabilityFacts): Item {
  const isMostly = images > 0 && 2 * Math.max(boxed, masks) >= images;
  const left =
    masks === 0
      ? ''
      : ` Their datasets have ${counted(masks, 'mask or outline', 'masks and outlines')} besides, which were not taken over.`;
  return {
    id: 'annotations',
    text:
      images === 0
        ? 'There are no images yet.'
        : boxed === 0 && masks === 0
          ? 'No image has a box, outline or mask: labels name the whole image, which says nothing of how they come about.'
          : `${integer(boxed)} of ${counted(images, 'image')} have boxes or outlines.${left}${isMostly ? ' Most of what is labelled is a place in the picture.' : ''}`,
    numbers: [
      number('images with boxes or outlines', boxed, images),
      number('masks and outlines that were not taken over', masks),
    ],
    supports: isMostly ? 'yes' : 'neither',
  };
}

function generations({ generations: { numbers, fed } }: SuitabilityFacts): Item {
  const last = numbers.at(-1) ?? null;
  // Some call the generator that saw real images alone generation 1.
  const isLoop = (last ?? 0) > 1 || fed > 0;
  return {
    id: 'generations',
    text:
      last === null && fed === 0
        ? 'No batch says of which generation it is.'
        : `${numbers.length === 0 ? 'No batch says of which generation it is' : `Batches are of generation ${listed(numbers.map(String))}`}${fed === 0 ? '.' : `, and ${counted(fed, 'batch was made by a generator', 'batches were made by generators')} trained on synthetic images.`}`,
    numbers: [
      number('different generations', numbers.length),
      number('latest generation', last),
      number('batches made by a generator trained on synthetic images', fed),
    ],
    supports: isLoop ? 'yes' : 'neither',
  };
}

function rounds({ rounds: { count, mixed, newest } }: SuitabilityFacts): Item {
  return {
    id: 'rounds',
    text: newest
      ? `${counted(count, 'training round is', 'training rounds are')} on record, ${integer(mixed)} of them on a mix with synthetic images; the newest, ${newest.name}, is ${percent(newest.realShare)} real, with ${counted(newest.newRealImages, 'new real image')}.`
      : 'No training round is on record.',
    numbers: [
      number('training rounds', count),
      number('rounds on a mix with synthetic images', mixed, count),
      number('real share of the newest', newest?.realShare ?? null),
      number('new real images in the newest', newest?.newRealImages ?? null),
    ],
    supports: mixed > 1 ? 'yes' : 'neither',
  };
}

function anchorItem(facts: SuitabilityFacts): Item {
  const { policy, newestMix } = facts;
  return {
    id: 'anchor-policy',
    text: anchorOf(facts).text,
    numbers: [
      number('floor of the mix policy', policy.floor),
      number('event that set it', policy.version),
      number(
        'fewest real images in a batch of the newest mix',
        newestMix?.leastReal ?? null,
        newestMix?.batchSize ?? null,
      ),
    ],
    supports: 'neither',
  };
}

function signatures({ accounts, signatures: count }: SuitabilityFacts): Item {
  return {
    id: 'signatures',
    text: `Nothing in a project tells where a model goes. ${accounts ? `People sign in here, and ${counted(count, 'signature is', 'signatures are')} on record.` : 'There are no accounts here: the names on record were typed, and nothing can be signed.'}`,
    numbers: [number('signatures', count)],
    supports: 'neither',
  };
}

function agreement({ agreement: found }: SuitabilityFacts): Item {
  const item = (text: string, supports: Item['supports'] = 'neither'): Item => ({
    id: 'agreement',
    text,
    numbers: [
      number('items that two or more answered', found?.items ?? 0),
      number('alpha', found?.alpha ?? null),
    ],
    supports,
  });
  if (!found) return item('Nobody has answered an image that somebody else answered too.');
  const { queue, blind, items, alpha } = found;
  const of = `${counted(items, 'item')} of queue ${queue} that two or more answered`;
  if (alpha === null)
    return item(`All answers to the ${of} are the same, so that agreement beyond chance is not defined.`);
  const said = `Agreement beyond chance on the ${of} is ${figure(alpha)} (alpha)`;
  if (items < FEWEST_ITEMS) return item(`${said}: fewer than ${FEWEST_ITEMS} say nothing.`);
  if (alpha < ALPHA.low)
    return item(`${said}, which is low: people differ on this task, or the guideline leaves it open.`, 'yes');
  if (alpha < ALPHA.high) return item(`${said}, which is neither low nor high.`);
  return blind
    ? item(`${said}, which is high, and they did not see the given label: people do not differ.`, 'no')
    : item(`${said}, which is high; but they saw the given label, which makes people agree.`);
}

function distributions({ distributions: count }: SuitabilityFacts): Item {
  return {
    id: 'distributions',
    text:
      count === 0
        ? 'No queue ends in distributions.'
        : `${counted(count, 'queue ends', 'queues end')} in distributions: what people answer there is kept as it differs.`,
    numbers: [number('queues that end in distributions', count)],
    supports: count > 0 ? 'yes' : 'neither',
  };
}

function holdout({ images, unscored, leaks }: SuitabilityFacts): Item {
  const surely = Object.values(leaks.copies).reduce((sum, count) => sum + count, 0);
  const item = (text: string, supports: Item['supports']): Item => ({
    id: 'holdout',
    text,
    numbers: [
      number('hold-out images', images.holdout),
      number('copies of them among synthetic images', surely),
      number('copies of them among real images', leaks.real),
      number('possible copies of them', leaks.possible),
      number('images without scores', unscored),
    ],
    supports,
  });
  if (images.holdout === 0)
    return item('There is no hold-out: no real image is kept out of training to measure on.', 'no');
  const there = `There is a hold-out of ${counted(images.holdout, 'real image')}`;
  if (surely + leaks.real > 0)
    return item(
      `${there}, and it leaks: ${listed([
        ...(surely > 0
          ? [`${counted(surely, 'synthetic file is a copy', 'synthetic files are copies')} of its images`]
          : []),
        ...(leaks.real > 0 ? [counted(leaks.real, 'real image is too', 'real images are too')] : []),
      ])}. What was made from it has seen it.`,
      'no',
    );
  if (unscored > 0)
    return item(
      `${there}; whether it leaks is not known, since ${counted(unscored, 'image has', 'images have')} no scores.`,
      'neither',
    );
  if (leaks.possible > 0)
    return item(
      `${there}; ${counted(leaks.possible, 'image may be a copy', 'images may be copies')} of its images, and nobody has said yet (Copies).`,
      'neither',
    );
  return item(`${there}, and no other image is a copy of it.`, 'yes');
}

/** `a, b, c and 12 more`. */
function firstOf(names: readonly string[]): string {
  const more = names.length - NAMED;
  return listed(more > 0 ? [...names.slice(0, NAMED), `${integer(more)} more`] : names);
}
