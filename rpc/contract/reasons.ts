import * as z from 'zod';
import { uncapitalised } from '../format.ts';

/** Ninths of a picture, row by row. */
export const PLACES = [
  'upper left',
  'top',
  'upper right',
  'left',
  'middle',
  'right',
  'lower left',
  'bottom',
  'lower right',
] as const;
export type Place = (typeof PLACES)[number];

/** Why an image is in a queue, as data; it is put into words where it is shown. */
export const ReasonSchema = z.union([
  z.strictObject({
    score: z.string().describe('id of the score'),
    value: z.number().describe('its value for the image'),
    rank: z.int().describe('number of candidates at least as suspect, including the image itself'),
    of: z.int().describe('number of candidates with a value'),
    threshold: z.number().optional().describe('threshold that the score was judged by, if any'),
    place: z
      .enum(PLACES)
      .optional()
      .describe('the part of the picture that the score is about, if it has one'),
  }),
  z.strictObject({ method: z.string().describe('id of the selection method that chose it') }),
  z.strictObject({ text: z.string().describe('a sentence, in queues of earlier versions') }),
]);
export type Reason = z.infer<typeof ReasonSchema>;

/** Among this share of the candidates at its suspect end a score is extreme. */
export const EXTREME = 0.05;

/**
 * Whether a reason says something of this image: its score is among the rarest 5 %, or beyond the threshold that it was
 * judged by. What chose the image by other means is a reason as it stands.
 */
export function isExtreme(reason: Reason, suspect: 'high' | 'low' | undefined): boolean {
  if (!('score' in reason)) return true;
  const { rank, of, value, threshold } = reason;
  if (rank / of <= EXTREME) return true;
  if (threshold === undefined || suspect === undefined) return false;
  return suspect === 'high' ? value > threshold : value < threshold;
}

/** Where an image lies among all: counts over equal bins of a score's range, and places in it, 0 to 1. */
export interface Strip {
  /** Relative heights of the bins, 0 to 100. */
  counts: number[];
  at: number;
  /** Where an image is flagged from, if within the range. */
  threshold: number | null;
}

/** A reason as a reviewer is shown it. */
export interface Evidence {
  reason: Reason;
  /** Only then is it a reason; else it is the most unusual thing about an image of which nothing is extreme. */
  extreme: boolean;
  /** Null where the score has no range, or for what is no score. */
  strip: Strip | null;
}

/** A reason in words: a sentence, how rare that is, and the figures behind it for who knows the methods. */
export interface ReasonWords {
  words: string;
  rarity: string | null;
  figures: string | null;
}

/**
 * Puts reasons into words, using the meanings from `scores.list` and `queue.methods`. A score or method that they do not
 * list, such as a score of an earlier version, is named by its id.
 */
export function reasonWords(
  scores: Iterable<{ id: string; meaning: string }>,
  methods: Iterable<{ id: string; title: string; meaning: string }>,
): (reason: Reason) => ReasonWords {
  const meanings = new Map([...scores].map(({ id, meaning }) => [id, meaning]));
  const chosenBy = new Map(
    [...methods].map(({ id, title, meaning }) => [id, `${uncapitalised(title)}: ${meaning}`]),
  );
  return (reason) => {
    if ('text' in reason) return { words: reason.text, rarity: null, figures: null };
    if ('method' in reason)
      return {
        words: `chosen by ${chosenBy.get(reason.method) ?? reason.method}`,
        rarity: null,
        figures: null,
      };
    const { score, value, rank, of, threshold, place } = reason;
    const among = rank / of < 0.01 ? 'less than 1 %' : `${Math.ceil((100 * rank) / of)} %`;
    const limit = threshold === undefined ? '' : `, threshold ${threshold}`;
    return {
      words: `${place === undefined ? '' : `${place}: `}${meanings.get(score) ?? score}`,
      rarity:
        rank / of < 0.01
          ? 'Fewer than 1 in 100 images are as extreme.'
          : asExtreme(Math.ceil((100 * rank) / of)),
      figures: `${score} ${value.toFixed(3)}${limit}, ${among} of the candidates are as extreme`,
    };
  };
}

const asExtreme = (hundredths: number): string =>
  `${hundredths} in 100 images ${hundredths === 1 ? 'is' : 'are'} as extreme.`;
