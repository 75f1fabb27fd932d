import type { Store } from '../../../db/store.ts';
import type { Measured as Measurement } from '../../../rpc/contract/experiments.ts';
import { tallyOutside } from '../../../rpc/contract/measures.ts';
import type { MixInfo, MixPolicy } from '../../../rpc/contract/mixes.ts';
import type { ClassReport, Measured } from '../../../rpc/contract/reports.ts';
import type { RoundInfo } from '../../../rpc/contract/rounds.ts';
import { DEFAULT_SEED, type Role } from '../../../rpc/contract/terms.ts';
import { inOrder } from '../../fidelity/batch-report.ts';
import { MeasuredBatches } from '../../fidelity/measured-batches.ts';
import { fileCounts, imagesByRole } from '../../measure/file-counts.ts';
import { leaksOf } from '../../measure/flagged.ts';
import type { Project } from '../../project/project.ts';
import { alphaOf } from '../../review/agreement.ts';
import { boardOf } from '../../review/board.ts';
import { experimentNumber } from '../experiment/experiments.ts';
import { listMixes } from '../mix/mixes.ts';
import { mixPolicyOf } from '../mix/policy.ts';
import { listRounds } from '../rounds.ts';

/** How one class of the newest batch lies against real images: its measures that can be judged, and those outside. */
interface ClassFidelity {
  name: string | null;
  outside: number;
  of: number;
}

/** What a project holds that bears on the six questions. */
export interface SuitabilityFacts {
  images: Record<Role, number>;
  /** Images without scores, whose copies are not known. */
  unscored: number;
  leaks: ReturnType<typeof leaksOf>;
  annotations: {
    images: number;
    /** Images with boxes, which every outline has too. */
    boxed: number;
    /** Masks and outlines that the datasets have, and that were not taken over. */
    masks: number;
  };
  generations: {
    /** Different ones on record, ascending. */
    numbers: number[];
    /** Batches whose generator was trained on a synthetic batch. */
    fed: number;
  };
  rounds: {
    count: number;
    /** Those of them whose mix holds synthetic images. */
    mixed: number;
    newest: Pick<RoundInfo, 'name' | 'realShare' | 'newRealImages'> | null;
  };
  policy: MixPolicy;
  newestMix: Pick<MixInfo, 'images' | 'real' | 'batchSize' | 'leastReal'> | null;
  /** Of the newest synthetic batch, if somebody measured it as it is now; null without one. */
  fidelity: {
    batch: string;
    measured: { whole: { outside: number; of: number }; classes: ClassFidelity[] } | null;
  } | null;
  /** Of the newest queue in which anything was answered twice. */
  agreement: { queue: number; blind: boolean; items: number; alpha: number | null } | null;
  /** The newest experiment on record. */
  experiment: {
    id: number;
    at: string;
    /** What it says first, in sentences. */
    verdict: string;
    /** Whether every learner that was given shuffled labels lost by them: else nothing of it is to be relied on. */
    isSound: boolean;
    /** Largest share of synthetic images in the same total that no learner does worse with; null where none is. */
    largest: number | null;
    /** Accuracy as verified less as generated, by each learner; empty where nothing was reviewed. */
    review: { learner: string; gain: Measurement }[];
  } | null;
  /** Queues that end in distributions. */
  distributions: number;
  accounts: boolean;
  signatures: number;
}

/** Reads what a project holds. Nothing is measured for it: a batch counts where its measures are kept. */
export async function suitabilityFacts(
  project: Project,
  signal: AbortSignal = new AbortController().signal,
): Promise<SuitabilityFacts> {
  const { store } = project;
  const images = imagesByRole(store);
  const count = images.real + images.holdout + images.synthetic;
  const { rounds } = listRounds(store);
  const { batches } = fileCounts(store);
  const synthetic = new Set(batches.filter(({ role }) => role === 'synthetic').map(({ name }) => name));
  return {
    images,
    unscored: Math.max(0, count - (store.scores.runs().at(-1)?.images ?? 0)),
    leaks: leaksOf(project),
    annotations: { ...keptOf(store).annotated, masks: masksOf(store) },
    generations: {
      numbers: [...new Set(batches.flatMap(({ generation }) => generation ?? []))].sort((a, b) => a - b),
      fed: batches.filter(({ parents }) => parents.some((name) => synthetic.has(name))).length,
    },
    rounds: {
      count: rounds.length,
      mixed: rounds.filter(({ realShare }) => realShare < 1).length,
      newest: rounds.at(-1) ?? null,
    },
    policy: mixPolicyOf(store),
    newestMix: listMixes(store)[0] ?? null,
    fidelity: await fidelityOf(project, signal),
    agreement: agreementIn(store),
    experiment: newestExperiment(store),
    distributions: store.queue.all().filter(({ endsIn }) => endsIn === 'distribution').length,
    accounts: store.people.access() !== undefined,
    signatures: store.signatures.all().length,
  };
}

const MASKS = ['polygon', 'mask', 'mask-file', 'mask-beside'];

function masksOf(store: Store): number {
  return store.batches
    .leftBehind(store.batches.all().map(({ id }) => id))
    .reduce((sum, { kind, count }) => sum + (MASKS.includes(kind) ? count : 0), 0);
}

/** What takes seconds in a large project: kept until a file is added or the project is scored again. */
interface Kept {
  key: string;
  annotated: { images: number; boxed: number };
  fidelity: SuitabilityFacts['fidelity'];
}
const cache = new WeakMap<Store, Kept>();

function keptOf(store: Store): Kept {
  const key = `${store.scores.runs().at(-1)?.id ?? 0} ${store.overview.newestFile()}`;
  const known = cache.get(store);
  if (known?.key === key) return known;
  const made = { key, annotated: store.overview.annotated(), fidelity: null };
  cache.set(store, made);
  return made;
}

async function fidelityOf(project: Project, signal: AbortSignal): Promise<SuitabilityFacts['fidelity']> {
  const { store } = project;
  const kept = keptOf(store);
  if (kept.fidelity) return kept.fidelity;
  const batch = inOrder(store.batches.all().filter(({ role }) => role === 'synthetic')).at(-1);
  if (!batch) return null;
  const run = store.scores.runs().at(-1);
  // Whether the images are still those that were measured takes reading them all: only where there is anything to find.
  const measures =
    run && store.reports.isMeasured(run.model, batch.id, DEFAULT_SEED)
      ? (await MeasuredBatches.of(project, run, DEFAULT_SEED, signal)).keptMeasures(batch)
      : null;
  if (!measures) return { batch: batch.name, measured: null };
  kept.fidelity = {
    batch: batch.name,
    measured: {
      whole: outsideOf(measures.measures),
      classes: measures.classes.map(({ name, measures: own }: ClassReport) => ({ name, ...outsideOf(own) })),
    },
  };
  return kept.fidelity;
}

const outsideOf = (measures: readonly Measured[]): { outside: number; of: number } => tallyOutside(measures);

function agreementIn(store: Store): SuitabilityFacts['agreement'] {
  for (const { id } of store.queue.all()) {
    const board = boardOf(store, id);
    const agreement = alphaOf(store, board);
    if (agreement.items > 0) return { queue: id, blind: board.queue.blind === 1, ...agreement };
  }
  return null;
}

function newestExperiment(store: Store): SuitabilityFacts['experiment'] {
  const newest = experimentNumber(store, null);
  if (!newest) return null;
  const { id, at, verdict, results } = newest;
  const replaced = results.learners.flatMap(({ verdicts }) => {
    const own = verdicts.filter(({ design }) => design === 'same-total');
    return own.find(({ source }) => source === 'verified') ?? own[0] ?? [];
  });
  return {
    id,
    at,
    verdict: verdict[0] ?? '',
    isSound: results.learners.every(({ control }) => control?.loses ?? true),
    largest: replaced.length === 0 ? null : Math.min(...replaced.map(({ largest }) => largest ?? 0)) || null,
    review: results.learners.flatMap(({ learner, review }) =>
      review ? [{ learner, gain: review.mean }] : [],
    ),
  };
}
