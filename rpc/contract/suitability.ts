import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { figure, integer } from '../format.ts';
import { Actor, ProjectPath } from './terms.ts';

interface QuestionWords {
  title: string;
  question: string;
  /** When to say yes. */
  meaning: string;
}

/** What is asked of a task, in the order in which people answer: the one table of these words. */
export const SUITABILITY_QUESTIONS = {
  distribution: {
    title: 'Distribution',
    question: 'Is matching the real distribution itself the criterion?',
    meaning:
      'Yes where the result is about the whole of what is out there: how common each kind is, what is normal, which cases are rare. Synthetic images have the distribution of their generator.',
  },
  'rule-based': {
    title: 'Rules',
    question: 'Is the task geometric or rule-based, so that the generator knows the right answer?',
    meaning:
      'Yes where the answer follows from how an image was made: where an object was placed, how many there are, which part was rendered. No where somebody has to look at the image to know.',
  },
  iterative: {
    title: 'Rounds',
    question: 'Will the model be trained round after round, on data that earlier models made?',
    meaning:
      'Yes where what a model generated, or let pass, is in what the next one is trained on. Without real images in every round such a loop narrows.',
  },
  regulatory: {
    title: 'Regulation',
    question: 'Will it go into a regulatory submission?',
    meaning:
      'Yes where an authority will ask on whose judgement of which real cases the result stands, as for a medical device.',
  },
  'human-judgement': {
    title: 'Judgement',
    question: 'Does the task need diversity of human judgement?',
    meaning:
      'Yes where careful people rightly differ, and how they differ is part of the answer: taste, severity, tone.',
  },
  'evaluation-set': {
    title: 'Evaluation',
    question: 'Is there an independent, real evaluation set?',
    meaning:
      'Yes where real images are kept that neither generator nor training has seen, to measure the model on.',
  },
} as const satisfies Record<string, QuestionWords>;
export type SuitabilityQuestionId = keyof typeof SUITABILITY_QUESTIONS;
export const SUITABILITY_QUESTION_IDS = Object.keys(SUITABILITY_QUESTIONS) as [
  SuitabilityQuestionId,
  ...SuitabilityQuestionId[],
];

/** Its number, from 1, as people call it. */
export const questionNumber = (id: SuitabilityQuestionId): number => SUITABILITY_QUESTION_IDS.indexOf(id) + 1;

export const SUITABILITY_ANSWERS = ['yes', 'no'] as const;
export type SuitabilityAnswer = (typeof SUITABILITY_ANSWERS)[number];

/** What the answers come to. `level` is how a screen marks it; null where it says nothing yet. */
export const SUITABILITY_VERDICTS = {
  'nothing-counts': { title: 'Nothing else counts: there is no independent evaluation set', level: 'bad' },
  blocked: { title: 'Blocked: rounds without an anchor policy', level: 'bad' },
  'human-core': { title: 'Human annotation at the core', level: 'watch' },
  strong: { title: 'Strong candidate for synthetic data', level: 'good' },
  mixed: { title: 'No clear case', level: 'watch' },
  incomplete: { title: 'Not decided yet', level: null },
} as const satisfies Record<string, { title: string; level: 'good' | 'watch' | 'bad' | null }>;

export interface SuitabilityVerdict {
  kind: keyof typeof SUITABILITY_VERDICTS;
  title: string;
  /** Why, and what would change it, in sentences. */
  text: string;
  /** The questions whose answers decided it. */
  because: SuitabilityQuestionId[];
  /** The questions that nobody has answered. */
  open: SuitabilityQuestionId[];
}

/** An answer on record. */
export interface AnswerOnRecord {
  /** Of this question, from 1; the newest holds. */
  version: number;
  answer: SuitabilityAnswer;
  reason: string;
  by: string;
  at: string;
  /** Number of its event. */
  event: number;
}

/** What the project holds about a question, as of now. */
export interface SuitabilityEvidence {
  id: string;
  /** One or two sentences. */
  text: string;
  /** What the sentence rests on; `of` where the value is a part of something. */
  numbers: { name: string; value: number | null; of: number | null }[];
  supports: SuitabilityAnswer | 'neither';
  /** Whether it supports the other answer than the one that holds. */
  contradicts: boolean;
}

export interface SuitabilityQuestion {
  id: SuitabilityQuestionId;
  /** Every answer, the newest last; it holds. Empty where nobody has answered. */
  answers: AnswerOnRecord[];
  evidence: SuitabilityEvidence[];
}

/** Whether a task may absorb synthetic data: what people said, what the project shows, and what follows. */
export interface SuitabilityRecord {
  project: string;
  /** Number of answers on record, changed ones too. */
  version: number;
  /** When the newest was given; null without any. */
  changedAt: string | null;
  verdict: SuitabilityVerdict;
  /** Whether a policy keeps real images in every round, and why (not). */
  anchor: { stands: boolean; text: string };
  questions: SuitabilityQuestion[];
  /** Number of the event up to which the evidence was read. */
  event: number;
}

/** The answer that holds; null where nobody has answered. */
export const answerOf = ({ answers }: Pick<SuitabilityQuestion, 'answers'>): AnswerOnRecord | null =>
  answers.at(-1) ?? null;

/** Whether evidence supports the other answer than the one that is given. */
export const isContradicted = (
  answer: SuitabilityAnswer | null,
  supports: SuitabilityEvidence['supports'],
): boolean => answer !== null && supports !== 'neither' && supports !== answer;

/** The questions whose answers some evidence contradicts. */
export const contradictions = ({
  questions,
}: Pick<SuitabilityRecord, 'questions'>): SuitabilityQuestionId[] =>
  questions.filter(({ evidence }) => evidence.some((item) => item.contradicts)).map(({ id }) => id);

/** `supports yes`, `says neither yes nor no`, `contradicts the answer: supports no`. */
export const supportsWords = ({
  supports,
  contradicts,
}: Pick<SuitabilityEvidence, 'supports' | 'contradicts'>): string =>
  supports === 'neither'
    ? 'says neither yes nor no'
    : `${contradicts ? 'contradicts the answer: ' : ''}supports ${supports}`;

/** `Hold-out images: 30`, `floor of the mix policy: 0.2`: counts whole, everything else to three digits. */
export function numberWords({ name, value, of }: SuitabilityEvidence['numbers'][number]): string {
  const words = (part: number | null): string =>
    part !== null && Number.isInteger(part) ? integer(part) : figure(part);
  return `${name}: ${words(value)}${of === null ? '' : ` of ${words(of)}`}`;
}

const Asked = z.object({ project: ProjectPath });

export const suitability = {
  show: oc.input(Asked).output(type<SuitabilityRecord>()),
  /** The record as one page of HTML that needs nothing else, to be read and printed in any browser. */
  page: oc.input(Asked).output(type<string>()),
  /** Writes that page, and the record as JSON, into the project's folder `reports/`. Returns both paths. */
  save: oc.input(Asked).output(type<string[]>()),
  /** Puts an answer on record. An earlier one stays there and holds no longer. */
  answer: oc
    .input(
      z.object({
        project: ProjectPath,
        by: Actor,
        question: z.enum(SUITABILITY_QUESTION_IDS),
        answer: z.enum(SUITABILITY_ANSWERS),
        reason: z.string().trim().min(1, 'say why').max(2000, 'say why in at most 2,000 characters'),
      }),
    )
    .output(type<SuitabilityRecord>()),
};
