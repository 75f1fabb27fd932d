import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { capitalised, counted, integer, uncapitalised } from '../format.ts';
import { Actor, ProjectPath, Seed } from './terms.ts';

/** What is measured of a model on the real hold-out. */
export const METRIC_WORDS = {
  accuracy: { title: 'Accuracy', meaning: 'Share of hold-out images that get their class.' },
  macroF1: { title: 'Macro-F1', meaning: 'Mean over the classes of the F1 of each.' },
  worstClass: { title: 'Worst class', meaning: 'Recall of the class that the model finds least well.' },
  calibrationError: {
    title: 'Calibration error',
    meaning: 'How far the confidence is from the share that is right, over 15 bins; less is better.',
  },
  meanAp: {
    title: 'mAP',
    meaning:
      'Mean average precision of boxes as COCO has it: over the classes and over overlaps of 50 to 95 %.',
  },
} as const;
export type Metric = keyof typeof METRIC_WORDS;
export const METRICS = Object.keys(METRIC_WORDS) as [Metric, ...Metric[]];

/** The metric that arms are compared by: of classes, or of boxes. */
export type Primary = Extract<Metric, 'accuracy' | 'meanAp'>;

/** The two questions. `size` of an arm is what a design holds fixed. */
export const DESIGN_WORDS = {
  'same-total': {
    title: 'Same total',
    meaning: 'Synthetic images replace real ones: what a synthetic image is worth beside a real one.',
    fixed: 'images in all',
  },
  'same-real': {
    title: 'Same real',
    meaning: 'Synthetic images are added to the real ones: what adding them buys or costs.',
    fixed: 'real images',
  },
} as const;
export type Design = keyof typeof DESIGN_WORDS;
export const DESIGNS = Object.keys(DESIGN_WORDS) as [Design, ...Design[]];

/** In what state the synthetic images of an arm are. */
export const SOURCE_WORDS = {
  generated: { title: 'As generated', meaning: 'every synthetic image with the label that it came with' },
  verified: { title: 'As verified', meaning: 'without what is flagged or rejected, relabels applied' },
  shuffled: { title: 'Control', meaning: 'labels of the synthetic images dealt out at random: must lose' },
} as const;
export type ArmSource = keyof typeof SOURCE_WORDS;

/** What runs here in place of the team's own network: fast, on stored embeddings. */
export const LEARNER_WORDS = {
  logistic: { title: 'Logistic regression', a: 'a multinomial logistic regression' },
  network: { title: 'Network', a: 'a network with one hidden layer' },
} as const;
export type LearnerId = keyof typeof LEARNER_WORDS;
export const LEARNERS = Object.keys(LEARNER_WORDS) as [LearnerId, ...LearnerId[]];

/** Said wherever results of those learners are. */
export const STAND_IN =
  'The learners stand in for the network that the team trains. They work on stored embeddings, which no arm changes: they cannot show a collapse of representations, or what a network gains from pictures by learning features anew.';

export type Interval = [low: number, high: number];
/** At 95 % over hold-out images and training seeds; null where it cannot be measured. Shares are 0..1. */
export interface Measured {
  value: number | null;
  interval: Interval | null;
}
export type Standing = 'not-inferior' | 'inferior' | 'unclear';

/** Beside real images alone at the margin. */
export const STANDING_WORDS: Record<Standing, string> = {
  'not-inferior': 'not inferior',
  inferior: 'inferior',
  unclear: 'cannot be told',
};

export const learnerTitle = (learner: string): string =>
  Object.hasOwn(LEARNER_WORDS, learner) ? LEARNER_WORDS[learner as LearnerId].title : learner;

/** A training set of the grid, drawn anew at each seed. */
export interface Arm {
  id: string;
  /** Null of real images alone, which both designs begin with. */
  design: Design | null;
  /** Images in all of the same total, real ones of the same real. */
  size: number;
  realShare: number;
  /** Null of real images alone. */
  source: ArmSource | null;
  real: number;
  synthetic: number;
  seeds: number;
}

/** `Same total of 400, 80:20, as verified`. */
export function armWords({
  design,
  size,
  realShare,
  source,
}: Pick<Arm, 'design' | 'size' | 'realShare' | 'source'>): string {
  if (design === null || source === null) return `${integer(size)} real images alone`;
  const part = (share: number): string => String(Number((100 * share).toFixed(2)));
  return `${DESIGN_WORDS[design].title} of ${integer(size)}, ${part(realShare)}:${part(1 - realShare)}, ${uncapitalised(SOURCE_WORDS[source].title)}`;
}

/** An arm beside real images alone at the same size. */
export interface Against {
  differences: Record<Metric, Measured>;
  /** Of the accuracy, or mAP, at the margin. */
  standing: Standing;
  /** Share of bootstrap draws that are inferior by the margin or more. */
  p: number;
  /** The least difference in it that this hold-out shows four times in five. */
  leastEffect: number;
  /** Hold-out images that show the margin four times in five; null where more seeds are needed first. */
  holdoutNeeded: number | null;
  /**
   * Images that only this arm, or only the other one, gets right by most of its seeds; p exact and by Holm. Null of boxes,
   * where an image is neither right nor wrong.
   */
  mcnemar: { better: number; worse: number; p: number; holm: number } | null;
}

export interface ArmResult extends Arm {
  metrics: Record<Metric, Measured>;
  /** Recall of each class, over its trainings; null where the hold-out has no image of it. Older experiments have none. */
  recalls?: (number | null)[];
  /** Null of real images alone. */
  against: Against | null;
}

/** What a learner says in one design, at its largest size. */
export interface DesignVerdict {
  design: Design;
  source: ArmSource;
  size: number;
  /** Largest share of synthetic images that is not inferior, with every smaller one; null where none is. */
  largest: number | null;
  /** Share of synthetic images with the highest accuracy, or mAP; 0 for none. */
  best: number;
  /** The share at which it ends, and why; null where every share is not inferior. */
  end: {
    share: number;
    standing: Standing;
    /** Accuracy, or mAP, less that of real images alone. */
    difference: Measured;
    leastEffect: number;
    holdoutNeeded: number | null;
  } | null;
  /** It ends where the hold-out cannot tell, since it shows no difference as small as the margin. */
  isTooSmall: boolean;
}

/** What more images would buy in accuracy, or mAP. */
interface Next {
  images: number;
  gain: Measured;
}

export interface LearnerResult {
  /** One of `LEARNERS`, or the name of the team's own network. */
  learner: string;
  isOwn: boolean;
  /** Penalty at the largest real size, chosen on folds of the real images; null of an own network. */
  penalty: number | null;
  /** The metric that arms are compared by. Absent of classes: accuracy. */
  primary?: Primary;
  /** Hold-out images of each class. Older experiments have none. */
  tested?: number[];
  arms: ArmResult[];
  verdicts: DesignVerdict[];
  /** Accuracy, or mAP, of verified less as generated, in the same total at its largest size; null where nothing is reviewed. */
  review: { shares: { realShare: number; gain: Measured }[]; mean: Measured } | null;
  /** Shuffled labels beside the same arm; null where no arm has them. */
  control: { arm: string; against: string; difference: Measured; loses: boolean } | null;
  /** Error of real images alone by their number, which is what accuracy, or mAP, is short of 1; `law` is floor + scale * images ^ -rate, null of under three sizes. */
  curve: {
    points: { images: number; error: Measured }[];
    law: { floor: number; scale: number; rate: number } | null;
    ahead: { images: number; error: Measured }[];
  };
  next: {
    /** By the curve; null without a law. */
    real: Next | null;
    /** Between measured points of the same real; fewer images than asked where no arm has as many. */
    synthetic: Next | null;
  };
  /** In sentences. */
  verdict: string[];
}

/** The metric that a learner's arms are compared by. */
export const primaryOf = ({ primary = 'accuracy' }: Pick<LearnerResult, 'primary'>): Primary => primary;

/** That metric within a sentence. */
export const mainWords = (learner: Pick<LearnerResult, 'primary'>): string => {
  const { title } = METRIC_WORDS[primaryOf(learner)];
  return title === 'mAP' ? title : uncapitalised(title);
};

/** The metrics that a learner has. */
export const metricsOf = (learner: Pick<LearnerResult, 'primary'>): Metric[] =>
  primaryOf(learner) === 'meanAp' ? ['meanAp'] : METRICS.filter((metric) => metric !== 'meanAp');

/** What no arm has, and what the hold-out goes without, as it stands before a count. */
const EXPERIMENT_LEFT_WORDS = {
  'holdout-kin': 'copies or sources of hold-out images, and possible ones',
  'same-embedding': 'images with the embedding of a hold-out image',
  'other-split': 'images of a validation, test or unknown split',
  'no-label': 'images without a label',
  'no-embedding': 'images without an embedding',
  'real-out': 'real images that are rejected or confirmed copies',
  'holdout-out': 'hold-out images without a label, rejected, or of a class that no training image has',
  'verified-out': 'synthetic images flagged or rejected: only in arms as generated',
  'beyond-most': 'images beyond the number that is drawn from (--most-real, --most-synthetic)',
  relabelled: 'synthetic images relabelled: their old label only in arms as generated',
} as const;
export type ExperimentLeftOut = keyof typeof EXPERIMENT_LEFT_WORDS;

/** In lines: `Relabelled …: 12`. */
export const experimentLeftLines = (leftOut: Partial<Record<ExperimentLeftOut, number>>): string[] =>
  Object.entries(EXPERIMENT_LEFT_WORDS).flatMap(([why, words]) => {
    const count = leftOut[why as ExperimentLeftOut];
    return count === undefined ? [] : [`${capitalised(words)}: ${integer(count)}`];
  });

/** How many images are learnt with people's answers; null where none is. */
export function softWords({ soft }: Pick<ExperimentResults['data'], 'soft'>): string | null {
  if (!soft || soft.real + soft.synthetic === 0) return null;
  return `Learnt with how people's answers are shared: ${counted(soft.real, 'real image')}, ${counted(soft.synthetic, 'synthetic image')} as verified`;
}

export interface ExperimentResults {
  format: 'assay-experiment-1';
  options: Pick<
    z.output<typeof Grid>,
    'ratios' | 'sizes' | 'seeds' | 'pairs' | 'margin' | 'seed' | 'draws' | 'most' | 'ahead'
  >;
  /** Fingerprint of the model whose embeddings are learnt on. */
  model: string;
  data: {
    classes: string[];
    real: number;
    generated: number;
    verified: number;
    holdout: number;
    /**
     * Images that are learnt with how people's answers are shared among the classes, synthetic ones as verified. Older
     * experiments have none.
     */
    soft?: { real: number; synthetic: number };
    leftOut: Partial<Record<ExperimentLeftOut, number>>;
  };
  /** Arms that want more images than there are. */
  impossible: (Pick<Arm, 'design' | 'size' | 'realShare' | 'source'> & { needs: number; has: number })[];
  learners: LearnerResult[];
  /** The answer, in one sentence or two. */
  verdict: string[];
}

/** An experiment on record. */
export interface ExperimentInfo {
  id: number;
  at: string;
  by: string;
  /** Of the results as JSON text. */
  digest: string;
  /** Name and sha256 of the predictions of an own network; null of a run here. */
  predictions: { name: string; sha256: string } | null;
  holdout: number;
  verdict: string[];
}

export interface Experiment extends ExperimentInfo {
  results: ExperimentResults;
}

/** `100:0, 80:20` as shares of real images; null where it is anything else. */
export function ratiosOf(text: string): number[] | null {
  const shares = text.split(',').map((part) => {
    const found = /^\s*(\d+(?:\.\d+)?)\s*:\s*(\d+(?:\.\d+)?)\s*$/.exec(part);
    const [real, synthetic] = [Number(found?.[1]), Number(found?.[2])];
    return real + synthetic > 0 ? real / (real + synthetic) : Number.NaN;
  });
  return shares.some(Number.isNaN) ? null : shares;
}

const Share = z.number().min(0).max(1);

/** The grid, and how it is judged. */
const Grid = z.object({
  project: ProjectPath,
  by: Actor,
  /** Shares of real images; real images alone are always measured too. */
  ratios: z.array(Share).min(1).default([1, 0.8, 0.5, 0.2, 0]),
  /** Sizes of the grid as shares of the largest one. */
  sizes: z.array(z.number().positive().max(1)).min(1).default([0.125, 0.25, 0.5, 1]),
  /** Trainings of each arm below the largest size. */
  seeds: z.int().min(5, 'give 5 seeds or more').max(100).default(5),
  /** Trainings of each arm at the largest size, where arms are compared. */
  pairs: z.int().min(10, 'give 10 pairs or more').max(100).default(10),
  /** Loss of accuracy that is still not inferior. */
  margin: z.number().positive().max(0.5).default(0.02),
  /** Images that arms are drawn from, at most: of more as many are drawn, so that it ends within minutes. */
  most: z
    .object({ real: z.int().positive(), synthetic: z.int().positive() })
    .default({ real: 5000, synthetic: 20_000 }),
  /** Further images to ask about. */
  ahead: z
    .object({ real: z.int().positive(), synthetic: z.int().positive() })
    .default({ real: 500, synthetic: 5000 }),
  /** Draws of the bootstrap. */
  draws: z.int().min(200, 'give 200 draws or more').max(20_000).default(1000),
  seed: Seed,
});

export const ExperimentInput = Grid.extend({
  learners: z
    .array(z.enum(LEARNERS))
    .min(1)
    .default([...LEARNERS]),
});

export const ExperimentExportInput = Grid.extend({
  /** Folder to create, absolute. */
  to: z.string().min(1),
  /** For a detector: images with boxes, also of several classes or none, and with them. */
  boxes: z.boolean().default(false),
  licence: z.string().default('unspecified'),
});

/** Training sets that were written for an own network. */
export interface ExperimentExport {
  folder: string;
  sets: number;
  arms: number;
  /** Different images in the sets, and those of the hold-out. */
  images: number;
  holdout: number;
  manifestSha256: string;
}

export const ExperimentAddInput = z.object({
  project: ProjectPath,
  by: Actor,
  /** Folder of the exported sets, absolute. */
  sets: z.string().min(1),
  /** File of predictions: .csv, .jsonl or .parquet, of boxes also .json; absolute. */
  predictions: z.string().min(1),
  /** What the network is called. */
  name: z.string().trim().min(1, 'give the network a name').max(100),
});

const Named = z.object({ project: ProjectPath, id: z.int().positive().nullable().default(null) });

export const experiments = {
  /** Newest first. */
  list: oc.input(z.object({ project: ProjectPath })).output(type<ExperimentInfo[]>()),
  /** One on record, the newest if no number is named; null where there is none at all. */
  get: oc.input(Named).output(type<Experiment | null>()),
  /** The same as one page of HTML that needs nothing else. */
  page: oc.input(Named).output(type<string | null>()),
  /** Puts that page and the JSON into the project's folder `reports/`; paths of both, none where there is no experiment. */
  save: oc.input(Named).output(type<string[]>()),
};
