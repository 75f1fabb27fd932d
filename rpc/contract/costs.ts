import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { Actor, ProjectPath, Seed } from './terms.ts';

/** A number that is not known better than this; `low` is at most `high`. */
export interface Range {
  low: number;
  high: number;
}

/** What a number counts. `money` stands for the currency of the project. */
export const COST_UNITS = {
  share: 'share',
  seconds: 'seconds per reviewed image',
  'seconds-each': 'seconds per image',
  hourly: 'money per hour',
  each: 'money per image',
  money: 'money',
  monthly: 'money per month',
  months: 'months',
} as const;
type CostUnit = keyof typeof COST_UNITS;

/** Where a default is from: what is known of it, and when it was last looked at. */
interface CostDefault extends Range {
  source: string;
}

const LOOKED_AT = '2026-11-28';
const assumed = (low: number, high: number, why: string): CostDefault => ({
  low,
  high,
  source: `assumption without a source, ${LOOKED_AT}: ${why}`,
});

interface CostInputWords {
  title: string;
  unit: CostUnit;
  meaning: string;
  /** Null of what counts only once somebody sets it. */
  otherwise: CostDefault | null;
}

/**
 * What the cost model is fed with, in the order in which people read it: the one table that the settings, the command
 * and docs/strategy/cost.md follow. `otherwise` holds where nobody has set the input and the project does not measure it.
 */
export const COST_INPUTS = {
  'review-share': {
    title: 'Share reviewed',
    unit: 'share',
    meaning: 'Of the generated images, those that people look at',
    otherwise: assumed(0.15, 0.15, 'a common review budget'),
  },
  'kept-out-share': {
    title: 'Share kept out by rule',
    unit: 'share',
    meaning: 'Of the generated images, copies that nobody has to look at and nobody uses',
    otherwise: assumed(0, 0.05, 'nothing is scored yet'),
  },
  'rejected-share': {
    title: 'Share rejected',
    unit: 'share',
    meaning: 'Of the reviewed images, those that are rejected',
    otherwise: assumed(0, 0.1, 'nothing is reviewed yet'),
  },
  'annotator-seconds': {
    title: "Annotators' time",
    unit: 'seconds',
    meaning: 'Of annotators, all answers on one reviewed image together, gold items included',
    otherwise: assumed(20, 40, 'with 12 to 24 an hour it makes 0.15 a review in the middle'),
  },
  'specialist-seconds': {
    title: "Specialists' time",
    unit: 'seconds',
    meaning: 'Of specialists, the same; without accounts, judging conflicts',
    otherwise: assumed(0, 0, 'no conflict is judged yet'),
  },
  'lead-seconds': {
    title: "QA leads' time",
    unit: 'seconds',
    meaning: 'Of QA leads, the same',
    otherwise: assumed(0, 0, 'no lead has answered yet'),
  },
  'annotator-rate': {
    title: "Annotators' rate",
    unit: 'hourly',
    meaning: 'What an hour of an annotator costs, with everything on top of wages',
    otherwise: assumed(12, 24, 'set your own'),
  },
  'specialist-rate': {
    title: "Specialists' rate",
    unit: 'hourly',
    meaning: 'What an hour of a specialist costs: a physician is not a student',
    otherwise: assumed(40, 120, 'set your own'),
  },
  'lead-rate': {
    title: "QA leads' rate",
    unit: 'hourly',
    meaning: 'What an hour of a QA lead costs',
    otherwise: assumed(30, 80, 'set your own'),
  },
  'review-price': {
    title: 'Price of a review',
    unit: 'each',
    meaning:
      'What one reviewed image costs, where it is paid by the piece; replaces times and rates of review',
    otherwise: null,
  },
  generation: {
    title: 'Generation',
    unit: 'each',
    meaning: 'What one generated image costs: machine time or a price list',
    otherwise: {
      low: 0.001,
      high: 0.05,
      source: `planning range; one public price list of SDXL images lies inside it, 0.0032 to 0.033 USD by steps (dev.dezgo.com/pricing/sdxl, a stored copy of unknown date, read ${LOOKED_AT})`,
    },
  },
  setup: {
    title: 'Set-up',
    unit: 'money',
    meaning: 'Once: fine-tuning a generator, prompts, the pipeline, the first checks',
    otherwise: assumed(10_000, 50_000, 'a planning range'),
  },
  maintenance: {
    title: 'Maintenance',
    unit: 'monthly',
    meaning: 'Every month: keeping generator and pipeline going',
    otherwise: assumed(100, 1_000, 'about a tenth to a quarter of the set-up in a year'),
  },
  months: {
    title: 'Months',
    unit: 'months',
    meaning: 'How long it is maintained',
    otherwise: assumed(12, 12, 'a year'),
  },
  collection: {
    title: 'Collection',
    unit: 'each',
    meaning: 'What one real image costs before anybody labels it: taking it, licence, travel, consent',
    otherwise: assumed(0.5, 2, 'it differs most between tasks: set your own'),
  },
  'labelling-seconds': {
    title: 'Labelling by hand',
    unit: 'seconds-each',
    meaning: "An annotator's time to label one real image from nothing, second looks included",
    otherwise: assumed(
      30,
      60,
      'the middle at 18 an hour is 0.23; prices offered on one crowd platform for a classification are 0.012 to 1.20 USD (PublicWorkforceTaskPrice, docs.aws.amazon.com)',
    ),
  },
  'human-setup': {
    title: 'Set-up by hand',
    unit: 'money',
    meaning: 'Once: what collecting and labelling by hand costs before the first image',
    otherwise: assumed(0, 0, 'none, which favours labelling by hand'),
  },
} as const satisfies Record<string, CostInputWords>;
export type CostInputId = keyof typeof COST_INPUTS;
export const COST_INPUT_IDS = Object.keys(COST_INPUTS) as [CostInputId, ...CostInputId[]];

/** Where a number is from: asked about, set by somebody (an event), measured or counted in this project, or a stated default. */
type CostOrigin = 'asked' | 'measured' | 'counted' | 'set' | 'default';

export interface CostInput extends Range {
  input: CostInputId;
  origin: CostOrigin;
  /** Where from, in words: of what, over what time, by whom, or the source and date of a default. */
  said: string;
}

/** What people have set of the cost model; everything else is measured, counted or a default. */
export interface CostSettings {
  /** A label before amounts; nothing is converted. */
  currency: string;
  inputs: (Range & {
    input: CostInputId;
    source: string | null;
    by: string;
    at: string;
    /** Number of the event that set it. */
    version: number;
  })[];
}

export const DEFAULT_CURRENCY = 'USD';

/** The three ways to a training set. `meaning` completes "to have the images". */
export const COST_WAYS = {
  human: {
    title: 'All by hand',
    meaning: 'as many real images as the hybrid way leaves usable are collected, and people label each',
  },
  raw: { title: 'Raw synthetic', meaning: 'generated images are used as they are, and nobody looks' },
  hybrid: {
    title: 'Hybrid',
    meaning: 'generated images lose what rules keep out, and people review a share',
  },
} as const;
export type CostWayId = keyof typeof COST_WAYS;
export const COST_WAY_IDS = Object.keys(COST_WAYS) as [CostWayId, ...CostWayId[]];

/** What a total is made of, in the order in which people read it. */
export const COST_LINES = [
  { id: 'setup', title: 'Set-up' },
  { id: 'maintenance', title: 'Maintenance' },
  { id: 'generation', title: 'Generation' },
  { id: 'review', title: 'Review' },
  { id: 'collection', title: 'Collection' },
  { id: 'labelling', title: 'Labelling' },
] as const;
export type CostLineId = (typeof COST_LINES)[number]['id'];

/** An amount with every input in the middle of its range, and the interval that holds 95 % of the draws. */
export interface Amount {
  middle: number;
  interval: [low: number, high: number];
}

/** A part of a total: at the least, with every input in the middle, and at the most that the ranges allow. */
interface CostLine {
  id: CostLineId;
  title: string;
  least: number;
  middle: number;
  most: number;
}

export interface CostWay {
  /** Images that training can use, and those of them that a person looked at and kept. Not rounded. */
  images: number;
  verified: number;
  lines: CostLine[];
  total: Amount;
  /** Per usable image. */
  perImage: Amount | null;
  /** Per image that a person looked at and kept; null where nobody looks. */
  perVerified: Amount | null;
}

/** What the hybrid way saves against doing all by hand: an amount, and its share of the cost by hand. */
interface Saving {
  amount: Amount;
  share: Amount | null;
  /** Of the draws, the share in which it is cheaper. */
  cheaper: number;
}

/** How many generated images it takes until the hybrid way is cheaper than all by hand, and stays so. */
export interface BreakEven {
  /** With every input in the middle; null where no volume is enough. */
  images: number | null;
  /** 95 % of the draws; an end is null where no volume is enough. */
  interval: [low: number | null, high: number | null];
  /** Of the draws, the share in which some volume is enough. */
  reached: number;
}

/** What one more per cent of the generated images under review costs, and what it finds. */
interface NextPercent {
  /** Images in it: fewer than one per cent where no more are left. */
  images: number;
  cost: Amount;
  /** If they are drawn at random, by the audits; null until an audit item is reviewed. */
  random: {
    /** Share wrong, and its interval: of the images that nobody reviewed. */
    rate: number;
    interval: [low: number, high: number];
    finds: number;
    costPerFault: number | null;
    said: string;
  } | null;
  /** If they are the next of the default policy, by people's decisions; null unless asked for, and without decisions. */
  ranked: {
    policy: string;
    /** Images that the policy would add, those of them that somebody decided, and the faults among these. */
    items: number;
    decided: number;
    found: number;
    /** found / decided; null where nobody decided any. */
    rate: number | null;
    finds: number | null;
    costPerFault: number | null;
  } | null;
}

/** An input, and what the hybrid way saves with it at either end while the others stay in the middle. */
export interface CostDriver {
  input: CostInputId;
  atLow: number;
  atHigh: number;
}

export interface CostReport {
  currency: string;
  /** Images that are generated. */
  images: { count: number; origin: 'counted' | 'asked' };
  inputs: CostInput[];
  ways: Record<CostWayId, CostWay>;
  saving: Saving;
  breakEven: BreakEven;
  nextPercent: NextPercent;
  /** What moves the saving most comes first; inputs without a width are left out. */
  drivers: CostDriver[];
  /** Totals at `images` and at volumes around it and the break-even volume, ascending, for a plot. */
  curve: ({ images: number } & Record<CostWayId, Amount>)[];
  seed: number;
  draws: number;
  confidence: number;
}

const Question = z.object({
  project: ProjectPath,
  /** Generated images to ask about; those of the project if null. */
  images: z
    .int('give a whole number of images')
    .min(1, 'give at least one image')
    .max(1e12, 'give at most 1,000,000,000,000 images')
    .nullable()
    .default(null),
  /** Months to ask about, in place of those that are set; nothing is recorded. */
  months: z
    .number()
    .min(0, 'give 0 months or more')
    .max(1200, 'give at most 1,200 months')
    .nullable()
    .default(null),
  seed: Seed,
  /** Asks the policies what the next per cent finds too: fills two queues without recording them. */
  compare: z.boolean().default(false),
});

export const costs = {
  /** What the three ways cost. Throws `NOT_READY` where the project has no synthetic image and no volume is asked about. */
  report: oc.input(Question).output(type<CostReport>()),
  /** The same as one table, CSV by RFC 4180. */
  table: oc.input(Question).output(type<string>()),
  /** Writes that table, and the report as JSON, into the project's folder `reports/`. Returns both paths. */
  save: oc.input(Question).output(type<string[]>()),
  settings: oc.input(z.object({ project: ProjectPath })).output(type<CostSettings>()),
  /** Sets what is named, and leaves the rest as it is; a range of null gives an input back to the project or its default. */
  set: oc
    .input(
      z.object({
        project: ProjectPath,
        by: Actor,
        currency: z
          .string()
          .trim()
          .min(1, 'give a currency such as EUR')
          .max(8, 'give a currency of at most 8 characters')
          .optional(),
        inputs: z
          .array(
            z.object({
              input: z.enum(COST_INPUT_IDS),
              range: z.object({ low: z.number(), high: z.number() }).nullable(),
            }),
          )
          .default([]),
        /** Where the numbers are from, such as an offer and its date. */
        source: z.string().trim().min(1, 'say where the numbers are from').max(200).nullable().default(null),
      }),
    )
    .output(type<CostSettings>()),
};
