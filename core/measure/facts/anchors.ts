import type { InferenceProcess } from '../../../models/inference-process.ts';
import { outputWidth } from '../../../models/manifest.ts';
import { checkTextTower } from '../../../models/pack-check.ts';
import type { ModelPack, TextTower } from '../../../models/types.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { promptsOf, type PromptOptions } from '../prompts.ts';
import type { Anchor } from './alignment.ts';
import type { Vectors } from '../vectors.ts';

/** What an alignment was measured against. */
export type AnchorSource =
  | { kind: 'centroids' }
  | { kind: 'prompts'; prompts: { class: string; texts: string[] }[] };

interface Anchors {
  /** By class index; null where a class has nothing to stand for it. */
  anchors: (Anchor | null)[];
  /** As it is recorded with the run. */
  source: AnchorSource;
  notes: string[];
}

/**
 * The prompts of each class for a pack with a text tower, null for one without. Throws INVALID_INPUT where prompts were
 * given to a pack that cannot read, and what `promptsOf` throws.
 */
export function promptsFor(
  pack: ModelPack,
  names: readonly string[],
  options: PromptOptions,
): string[][] | null {
  if (textTower(pack)) return promptsOf(names, options);
  if (options.templates.length > 0 || options.prompts.length > 0)
    throw new AssayError(
      'INVALID_INPUT',
      `${pack.manifest.id} has no text tower to read prompts with: leave them out, or choose a pack with one (--model).`,
    );
  return null;
}

/** The text tower of a pack that has one. */
export function textTower({ manifest }: ModelPack): TextTower | undefined {
  return manifest.kind === 'embedder' ? manifest.text : undefined;
}

/**
 * What stands for each class in the space of the images: the mean of its prompts' unit vectors by the pack's text tower
 * (as Radford et al. 2021 average templates), or, without prompts, the centroid of its real seed images. MODEL_REFUSED
 * where the tower is not what its pack says.
 */
export async function findAnchors(
  inference: InferenceProcess,
  pack: ModelPack,
  names: readonly string[],
  prompts: string[][] | null,
  seedVectors: () => Vectors,
  seedLabels: Int32Array,
): Promise<Anchors> {
  const tower = textTower(pack);
  if (!tower || !prompts)
    return {
      anchors: centroids(seedVectors(), seedLabels, names.length),
      source: { kind: 'centroids' },
      notes: [],
    };
  await checkTextTower(pack, inference);
  const texts = prompts.flat();
  const { tokens, vectors } = await inference.embedTexts(pack, texts);
  const cut = texts.filter((_, i) => tokens[i]!.length > tower.contextLength);
  const notes =
    cut.length > 0
      ? [
          `${cut.length} prompts are longer than the ${tower.contextLength} tokens that ${pack.manifest.id} reads and were cut, the first: "${cut[0]}".`,
        ]
      : [];
  const width = outputWidth(pack.manifest);
  let next = 0;
  const anchors = prompts.map((own): Anchor => {
    const sum = new Float64Array(width);
    for (const _ of own) addUnit(sum, vectors.subarray(next * width, ++next * width));
    return { sum, members: null };
  });
  for (const [c, { sum }] of anchors.entries())
    if (sum.every((value) => value === 0))
      notes.push(
        `${pack.manifest.id} gives a vector of zeros for the prompt "${prompts[c]![0]}": give ${names[c]} another one.`,
      );
  const recorded = names.map((name, c) => ({ class: name, texts: prompts[c]! }));
  return { anchors, source: { kind: 'prompts', prompts: recorded }, notes };
}

/** The sums of the unit vectors of each class's seed images, which the images themselves can be taken out of. */
function centroids({ unit, dimensions }: Vectors, labels: Int32Array, classes: number): (Anchor | null)[] {
  const anchors: (Anchor | null)[] = Array.from({ length: classes }, () => null);
  labels.forEach((label, row) => {
    const vector = unit.subarray(row * dimensions, (row + 1) * dimensions);
    if (label < 0 || Number.isNaN(vector[0]!)) return;
    const anchor = (anchors[label] ??= { sum: new Float64Array(dimensions), members: 0 });
    vector.forEach((value, d) => (anchor.sum[d]! += value));
    anchor.members! += 1;
  });
  return anchors;
}

function addUnit(sum: Float64Array, vector: Float32Array): void {
  const length = Math.hypot(...vector);
  if (length > 0) vector.forEach((value, d) => (sum[d]! += value / length));
}
