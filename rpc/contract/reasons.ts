import * as z from 'zod';

/** Why an image is in a queue, as data: words are made where they are shown. */
export const ReasonSchema = z.union([
  z.strictObject({
    score: z.string().describe('id of the score that says so'),
    value: z.number().describe('its value for the image'),
    rank: z.int().describe('how many of the candidates are at least as suspect, the image itself included'),
    of: z.int().describe('candidates with a value'),
    threshold: z.number().optional().describe('of a score that was judged by a threshold: that'),
  }),
  z.strictObject({ method: z.string().describe('id of the selection method that chose it') }),
  z.strictObject({ text: z.string().describe('a sentence, in queues of earlier versions') }),
]);
export type Reason = z.infer<typeof ReasonSchema>;

/** What a reason says: a sentence, and the figures that it rests on. */
export interface ReasonWords {
  words: string;
  figures: string | null;
}

/**
 * Puts reasons into words, by what `scores.list` and `queue.methods` say of themselves. What they do not name, such as a
 * score of an earlier version, is called by its id.
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
