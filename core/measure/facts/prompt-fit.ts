import { createHash } from 'node:crypto';
import { checkTextTower } from '../../../models/pack-check.ts';
import type { ScoreRun } from '../block.ts';
import { textTower } from './anchors.ts';
import { defineFacts, each, numbers, type ColumnsOf } from './define.ts';

const columns = {
  /** Cosine of the image and the prompt that it was generated from; missing without one, or without others to compare. */
  ownPromptFit: numbers,
  /** Cosines of the image and other prompts of its batch. */
  otherPromptFits: each<Float64Array>(),
};
declare module './define.ts' {
  interface Facts extends ColumnsOf<typeof columns> {}
}

/** Prompts of a batch that its images are compared with, at most; as many captions as CLIP R-precision takes. */
const MOST_OTHERS = 100;

/** How well an image fits the prompt that it was generated from, beside other prompts of its batch. */
export default defineFacts({
  id: 'prompt-fit',
  columns,
  async prepare(run) {
    const tower = textTower(run.embedder);
    if (!tower) return null;
    const ofBatch = drawPrompts(run, MOST_OTHERS + 1);
    if (ofBatch.size === 0) return null;
    await checkTextTower(run.embedder, run.inference);
    const drawn = [...new Set([...ofBatch.values()].flat())];
    const { vectors: known, cut } = await unitVectors(run, drawn);
    return {
      async block({ ids, n, vectors }) {
        const { dimensions, unit } = vectors;
        const asked = ids.map((id) => run.store.images.prompt(id));
        const own = asked.map((found) => found?.prompt ?? '');
        const fresh = [...new Set(own)].filter((prompt) => prompt !== '' && !known.has(prompt));
        const { vectors: read } = await unitVectors(run, fresh);
        const fitOf = (row: number, prompt: string): number => {
          const text = known.get(prompt) ?? read.get(prompt)!;
          let sum = 0;
          for (let d = 0; d < dimensions; d++) sum += text[d]! * unit[row * dimensions + d]!;
          return sum;
        };
        const ownPromptFit = new Float64Array(n).fill(Number.NaN);
        const otherPromptFits = Array.from({ length: n }, (_, row) => {
          const others = othersOf(ofBatch.get(asked[row]?.batch ?? ''), own[row]!);
          if (others.length > 0) ownPromptFit[row] = fitOf(row, own[row]!);
          return Float64Array.from(others, (prompt) => fitOf(row, prompt));
        });
        return { ownPromptFit, otherPromptFits };
      },
      record: { promptFit: { prompts: drawn.length, batches: ofBatch.size } },
      notes:
        cut === 0
          ? []
          : [
              `${cut} of ${drawn.length} prompts drawn from the batches are longer than the ${tower.contextLength} tokens that ${run.embedder.manifest.id} reads and were cut.`,
            ],
    };
  },
});

/** The prompts of a batch that are not the image's own; none for an image without one. */
function othersOf(drawn: readonly string[] | undefined, own: string): readonly string[] {
  if (!drawn || own === '') return [];
  return drawn.filter((prompt) => prompt !== own).slice(0, MOST_OTHERS);
}

/**
 * Different prompts of each batch that has two or more, by the batch's name: at most `most`, drawn by lot. Which ones
 * follows from the run's seed and the texts alone, in one pass: those with the smallest hashes.
 */
function drawPrompts({ store, seed }: ScoreRun, most: number): Map<string, string[]> {
  const drawn = new Map<string, Map<string, string>>();
  for (const { batch, prompt } of store.images.prompts()) {
    let own = drawn.get(batch);
    if (!own) drawn.set(batch, (own = new Map()));
    own.set(createHash('sha256').update(`${seed} ${prompt}`).digest('hex'), prompt);
    if (own.size >= 2 * most) drawn.set(batch, smallest(own, most));
  }
  return new Map(
    [...drawn]
      .filter(([, own]) => own.size > 1)
      .map(([batch, own]) => [batch, [...smallest(own, most).values()]]),
  );
}

function smallest(byHash: Map<string, string>, most: number): Map<string, string> {
  return new Map([...byHash].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, most));
}

/** Texts as unit vectors (a vector of zeros stays one), and how many of them are longer than the tower reads. */
async function unitVectors(
  { embedder, inference, dimensions }: ScoreRun,
  texts: string[],
): Promise<{ vectors: Map<string, Float32Array>; cut: number }> {
  if (texts.length === 0) return { vectors: new Map(), cut: 0 };
  const { tokens, vectors } = await inference.embedTexts(embedder, texts);
  const { contextLength } = textTower(embedder)!;
  return {
    vectors: new Map(
      texts.map((text, i) => {
        const vector = vectors.subarray(i * dimensions, (i + 1) * dimensions);
        const length = Math.hypot(...vector);
        return [text, length === 0 ? vector : vector.map((value) => value / length)];
      }),
    ),
    cut: tokens.filter((ids) => ids.length > contextLength).length,
  };
}
