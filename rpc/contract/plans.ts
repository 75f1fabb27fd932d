import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { counted, integer, listed, percent } from '../format.ts';
import type { FieldId } from './fields.ts';
import type { Picture } from './reports.ts';
import { Actor, ProjectPath } from './terms.ts';

const Count = z.int('give whole numbers of images').min(0, 'give 0 images or more');

/** How many images of each class the team wants to train on, real ones and usable synthetic ones together. */
const PlanTargetSchema = z.discriminatedUnion('kind', [
  /** As many of each class as of the one with the most. */
  z.object({ kind: z.literal('balanced') }),
  /** In the proportions of the real images. */
  z.object({ kind: z.literal('real-share') }),
  /** At least so many of every class. */
  z.object({ kind: z.literal('floor'), images: Count }),
  /** So many of the classes that are named, and no more of others. */
  z.object({
    kind: z.literal('custom'),
    classes: z.array(z.object({ label: z.string().min(1), images: Count })).min(1, 'name a class'),
  }),
  /** As many synthetic images beside the real ones as an experiment on the ratio says pay: the newest where none is named. */
  z.object({ kind: z.literal('experiment'), experiment: z.int().positive().optional() }),
]);
export type PlanTarget = z.output<typeof PlanTargetSchema>;

export const DEFAULT_PLAN_TARGET: PlanTarget = { kind: 'real-share' };

const MOST_NAMED = 5;

/** A target in words: `as many of every class as of the one with the most`. */
export function targetWords(target: PlanTarget): string {
  switch (target.kind) {
    case 'balanced':
      return 'as many of every class as of the one with the most';
    case 'real-share':
      return 'every class in the proportion that it has among the real images';
    case 'floor':
      return `at least ${counted(target.images, 'image')} of every class`;
    case 'custom': {
      const named = target.classes.map(({ label, images }) => `${integer(images)} of ${label}`);
      return named.length > MOST_NAMED
        ? `${named.slice(0, MOST_NAMED).join(', ')} and ${counted(named.length - MOST_NAMED, 'other class', 'other classes')}`
        : listed(named);
    }
    case 'experiment':
      return `as many synthetic images as ${target.experiment === undefined ? 'the newest experiment' : `experiment ${target.experiment}`} says pay, most of them of classes that real images alone miss`;
  }
  return target satisfies never;
}

/** How many of some decided images people kept as what they were given as. */
export interface Yield {
  kept: number;
  of: number;
  /** Clopper and Pearson, 95 %. Of nothing decided: 0 to 1. */
  interval: [number, number];
}

export const yieldWords = ({ kept, of, interval: [low, high] }: Yield): string =>
  of === 0
    ? 'none decided'
    : `${percent(kept / of, 0)} of ${integer(of)} kept (95 %: ${percent(low, 0)} to ${percent(high, 0)})`;

/** How many images of a class to generate next. */
export interface PlanRow {
  name: string;
  /** Real images that nobody rejected. */
  real: number;
  /** Synthetic images of the class that are neither rejected nor excluded by a rule, over all batches. */
  usable: number;
  /** Shares of the real and of the usable synthetic images. */
  shares: { real: number; usable: number };
  /** Real and usable images that the target asks for. */
  due: number;
  /** Approximate number to generate: what is lacking, over the yield; 0 if nothing is. */
  generate: number;
  /** Whether its real images are covered so badly that it needs more varied images. */
  vary: boolean;
  /** Of all decided images that were given this class, and of those of audits, which are drawn at random. */
  decided: Yield;
  audited: Yield;
  /** Which of the two the number rests on; null where there are too few decisions, and no loss is counted. */
  basis: 'audited' | 'decided' | null;
  why: string[];
}

/** What a plan says of a class to whoever generates. */
export interface PlanClass extends PlanRow {
  /** Prompts of its decided images that did best, and those that reject more than chance explains. */
  prompts: { use: string[]; avoid: string[] };
  /** Real images that no generated one is near, those of rare kinds first. */
  conditionOn: Picture[];
}

/** The value of a setting that generated decided images, against all other values. */
export interface SettingValue {
  setting: FieldId | 'lora';
  title: string;
  /** A range of seeds stands as `from to to`. */
  value: string;
  yield: Yield;
  /** Two-sided exact test of Fisher, and the same after Holm's correction for all values that were tested. */
  p: number;
  adjusted: number;
  /** Beyond chance after the correction; null where it is not shown. */
  than: 'worse' | 'better' | null;
  /** Images of it that were rejected or relabelled. */
  lost: Picture[];
}

export interface PlanReport {
  target: PlanTarget;
  /** Who set it and when; null of the one that every project begins with. */
  set: { by: string; at: string; event: number } | null;
  /** Most wanted first. */
  classes: PlanClass[];
  /** Settings with two values or more, those that reject surely most first. */
  settings: SettingValue[];
  /** Values that were tested. */
  tested: number;
  /** Synthetic images that were decided, and those of them of audits. */
  decided: Yield;
  audited: Yield;
  /** What the numbers do not rest on. */
  notes: string[];
}

export const plans = {
  show: oc.input(z.object({ project: ProjectPath })).output(type<PlanReport>()),
  /** The classes as one table for a script that generates, CSV by RFC 4180. */
  table: oc.input(z.object({ project: ProjectPath })).output(type<string>()),
  /** Writes that table, and the plan as JSON, into the project's folder `reports/`. Returns both paths. */
  save: oc.input(z.object({ project: ProjectPath })).output(type<string[]>()),
  /** Sets the target, on record, and returns the plan. Throws `NOT_FOUND` for a class that the project does not have. */
  setTarget: oc
    .input(z.object({ project: ProjectPath, by: Actor, target: PlanTargetSchema }))
    .output(type<PlanReport>()),
};
