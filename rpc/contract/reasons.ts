import * as z from 'zod';

/** Why an image is in a queue, as data; it is put into words where it is shown. */
export const ReasonSchema = z.union([
  z.strictObject({
    score: z.string().describe('id of the score'),
    value: z.number().describe('its value for the image'),
    rank: z.int().describe('number of candidates at least as suspect, including the image itself'),
    of: z.int().describe('number of candidates with a value'),
    threshold: z.number().optional().describe('threshold that the score was judged by, if any'),
  }),
  z.strictObject({ method: z.string().describe('id of the selection method that chose it') }),
  z.strictObject({ text: z.string().describe('a sentence, in queues of earlier versions') }),
]);
export type Reason = z.infer<typeof ReasonSchema>;

/** A reason in words: a sentence, and the figures behind it. */
export interface ReasonWords {
  words: string;
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
  const chosenBy = new Map([...methods].map(({ id, title, meaning }) => [id, `${title}: ${meaning}`]));
  return (reason) => {
    if ('text' in reason) return { words: reason.text, figures: null };
    if ('method' in reason)
      return { words: `chosen by ${chosenBy.get(reason.method) ?? reason.method}`, figures: null };
    const { score, value, rank, of, threshold } = reason;
    const among = rank / of < 0.01 ? 'less than 1 %' : `${Math.ceil((100 * rank) / of)} %`;
    const limit = threshold === undefined ? '' : `, threshold ${threshold}`;
    return {
      words: meanings.get(score) ?? score,
      figures: `${score} ${value.toFixed(3)}${limit}, ${among} of the candidates are as extreme`,
    };
  };
}
