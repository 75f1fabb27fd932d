import type { Store } from '../../../db/store.ts';
import type { AnsweredImage, AnswersReport, SplitImages } from '../../../rpc/contract/answers.ts';
import { DEFAULT_SEED } from '../../../rpc/contract/terms.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { counted } from '../../../rpc/format.ts';
import { entropy } from '../../base/numeric/entropy.ts';
import { sampleWithoutReplacement, streamOf } from '../../base/numeric/random.ts';
import type { Project } from '../../project/project.ts';
import { distributionOf } from '../../ledger/distribution.ts';
import { boardOf } from '../../review/board.ts';
import { consensusOf } from '../../review/consensus.ts';
import { refuseWhileHidden } from '../../review/gold.ts';
import { modelViewOf } from '../../review/model-view.ts';
import { spearman } from './correlation.ts';
import { entropyOfPeople, splitFrom, weighed } from './weighed.ts';

const MOST_LISTED = 24;
/** Images whose probabilities are held at once. */
const BLOCK = 1024;
/** Thirds are not exact. */
const ROUNDING = 1e-9;

/**
 * How several people answered the same images, with the distribution that releases state, weighted by how good they are,
 * and against the newest model's probabilities. `most`: images listed one by one, null for all. Throws `NOT_READY` where
 * nobody else answered the same image, where there is one class, and to who still reviews a queue that hides answers.
 */
export function answersReport({ store }: Project, by: string, most: number | null): AnswersReport {
  refuseWhileHidden(store, by);
  const classes = store.batches.labels().length;
  const qualities = new Qualities(store);
  const { images, ids, open } = answeredImages(store, classes, qualities);
  if (images.length === 0) throw new AssayError('NOT_READY', whyNone(open));
  if (classes < 2)
    throw new AssayError(
      'NOT_READY',
      'There is one class only, so people cannot differ: import or add another.',
    );
  const run = store.scores.runs().at(-1) ?? null;
  if (run) compareWith(store, run.id, images, ids, classes);
  const compared = images.filter(isCompared);
  const splitAt = splitFrom(classes);
  const withoutClass = images.filter(({ people }) => people === null).length;
  const weightedImages = images.filter(({ answers }) => answers[0]!.weight !== null).length;
  return {
    run: run?.id ?? null,
    model: run?.modelId ?? null,
    classes,
    images: images.length,
    open,
    withoutClass,
    withoutModel: images.length - withoutClass - compared.length,
    weighting: {
      images: weightedImages,
      why: whyUnweighted(weightedImages, images.length),
      reviewers: qualities.known(),
    },
    compared: {
      images: compared.length,
      people: meanOf(compared.map(({ people }) => people)),
      model: meanOf(compared.map(({ model }) => model)),
    },
    correlation: spearman(
      compared.map(({ people }) => people),
      compared.map(({ model }) => model),
    ),
    splitAt,
    split: splitOf(compared, splitAt),
    shown: some(images, most),
  };
}

interface Compared extends AnsweredImage {
  people: number;
  model: number;
}

const isCompared = (image: AnsweredImage): image is Compared => image.people !== null && image.model !== null;

/** Images with the answers of several people, in the order of import, and how many of them need another answer. */
function answeredImages(
  store: Store,
  classes: number,
  qualities: Qualities,
): { images: AnsweredImage[]; ids: number[]; open: number } {
  const seq = store.events.last()!.seq;
  const images: AnsweredImage[] = [];
  const ids: number[] = [];
  let open = 0;
  for (const imageId of store.decisions.answeredBySeveral()) {
    const { groups, shares, annotators } = distributionOf(store.decisions.namedJudgements(imageId, seq));
    if (annotators < 2) continue;
    const queues = [...new Set(groups.flat().map(({ queueId }) => queueId))];
    const isOver = (queue: number | null): boolean =>
      queue === null || boardOf(store, queue).state(imageId).closed;
    if (!queues.some(isOver)) {
      open++;
      continue;
    }
    const { sha256, path } = store.images.byId(imageId)!;
    images.push({
      sha256,
      path,
      annotators,
      answers: weighed(
        shares,
        groups.map((group) => group.map(({ queueId, reviewer }) => qualities.of(queueId, reviewer))),
      ),
      people: entropyOfPeople(shares, classes),
      model: null,
    });
    ids.push(imageId);
  }
  return { images, ids, open };
}

/** How good each annotator is in each queue, as its agreement states it, read where it is asked for. */
class Qualities {
  readonly #store: Store;
  readonly #ofQueue = new Map<number, Map<string, number>>();
  readonly #asked = new Map<string, AnswersReport['weighting']['reviewers'][number]>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** 0..1; null where it is unknown, as of decisions outside a queue. */
  of(queue: number | null, reviewer: string): number | null {
    const quality = queue === null ? null : (this.#of(queue).get(reviewer) ?? null);
    this.#asked.set(JSON.stringify([queue, reviewer]), { queue, reviewer, quality });
    return quality;
  }

  #of(queue: number): Map<string, number> {
    let known = this.#ofQueue.get(queue);
    if (!known) {
      known = consensusOf(this.#store, boardOf(this.#store, queue))?.reviewers ?? new Map<string, number>();
      this.#ofQueue.set(queue, known);
    }
    return known;
  }

  /** All that were asked for, by queue and name. */
  known(): AnswersReport['weighting']['reviewers'] {
    return [...this.#asked.values()].sort(
      (a, b) => (a.queue ?? 0) - (b.queue ?? 0) || (a.reviewer < b.reviewer ? -1 : 1),
    );
  }
}

/** Fills in how unsure a run's model is of each image that it has a prediction for. */
function compareWith(
  store: Store,
  run: number,
  images: AnsweredImage[],
  ids: readonly number[],
  classes: number,
): void {
  const view = modelViewOf(store, run);
  for (let start = 0; start < ids.length; start += BLOCK) {
    const part = ids.slice(start, start + BLOCK);
    const probabilities = view.matrix(part);
    for (const [i, imageId] of part.entries())
      if (store.scores.prediction(run, imageId))
        images[start + i]!.model = entropy(probabilities, i * classes, classes) / Math.log(classes);
  }
}

function splitOf(compared: readonly Compared[], splitAt: number): AnswersReport['split'] {
  const isSplit = (value: number): boolean => value >= splitAt - ROUNDING;
  const of = (people: boolean, model: boolean): Compared[] =>
    compared.filter((image) => isSplit(image.people) === people && isSplit(image.model) === model);
  const listed = (found: Compared[]): SplitImages => ({
    images: found.length,
    shown: found
      .toSorted((a, b) => Math.abs(b.people - b.model) - Math.abs(a.people - a.model))
      .slice(0, MOST_LISTED),
  });
  return {
    people: listed(of(true, false)),
    model: listed(of(false, true)),
    both: of(true, true).length,
    neither: of(false, false).length,
  };
}

function some(images: AnsweredImage[], most: number | null): AnsweredImage[] {
  if (most === null || images.length <= most) return images;
  return [...sampleWithoutReplacement(streamOf(DEFAULT_SEED, 'answers'), images.length, most)]
    .sort((a, b) => a - b)
    .map((at) => images[at]!);
}

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

const whyNone = (open: number): string =>
  open > 0
    ? `${counted(open, 'image was', 'images were')} answered by several people, and still ${open === 1 ? 'needs' : 'need'} another answer: the distribution of an image is told once it has all of them.`
    : 'No image was answered by two people yet. Make a queue that asks two or three people for each item and ends in distributions (--reviewers 3 --ends-in distribution).';

function whyUnweighted(weighted: number, images: number): string | null {
  if (weighted === images) return null;
  const why =
    'the quality of somebody who answered is unknown there. It is estimated in a queue in which they answered the same items as others, with classes; not for decisions outside a queue.';
  return weighted === 0
    ? `No counts are weighted: ${why}`
    : `Counts of ${images - weighted} of ${counted(images, 'image')} are not weighted: ${why}`;
}
