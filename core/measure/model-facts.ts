import type { Store } from '../../db/store.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { LabelledCollector } from '../labels/quality/collector.ts';
import { classThresholds } from '../labels/quality/confident-joint.ts';
import { ensembleWeights } from '../labels/quality/ensemble-quality.ts';
import type { Frame } from './blocks.ts';
import type { ProbabilitySource } from './probabilities.ts';
import { readVectors } from './vectors.ts';

const BLOCK_ROWS = 1024;
/** Images on whose labels the models of the ensemble are weighed. */
const WEIGHED = 4096;

/** What the scores need to know of the probabilities' source as a whole. */
export interface ModelFacts {
  /** Per class; NaN without a source. */
  thresholds: Float64Array;
  /** Of the ensemble that speaks for the seed, and of the one that speaks for the other images. */
  ensembleWeights: { seed: Float64Array; others: Float64Array };
}

interface Facts {
  project: { store: Store };
  model: string;
  dimensions: number;
  frame: Frame;
  classOf: Map<number, number>;
  source: ProbabilitySource | null;
  names: string[];
  seed: number;
}

/** Class thresholds from the seed's out-of-sample probabilities, and how far each model of the ensemble agrees with labels. */
export function modelFacts(facts: Facts, { signal }: Pick<TaskContext, 'signal'>): ModelFacts {
  const { frame, names, source, seed } = facts;
  const none = new Float64Array(0);
  if (!source)
    return {
      thresholds: new Float64Array(names.length).fill(Number.NaN),
      ensembleWeights: { seed: none, others: none },
    };
  const collector = new LabelledCollector(names.length, seed);
  for (let start = 0; start < frame.seedIds.length; start += BLOCK_ROWS) {
    signal.throwIfAborted();
    const rows = frame.seedIds.slice(start, start + BLOCK_ROWS).map((_, i) => start + i);
    const { probabilities } = source.seed(rows);
    for (const [i, row] of rows.entries()) {
      const own = probabilities.subarray(i * names.length, (i + 1) * names.length);
      if (own[0]! >= 0) collector.add(own, frame.seedLabels[row]!);
    }
  }
  const rows = evenly([...frame.seedIds.keys()]);
  const others = evenly(frame.idsByRole.synthetic);
  const given = others.map(
    (id) => facts.classOf.get(facts.project.store.images.byId(id)!.labelId ?? -1) ?? -1,
  );
  const { raw } = readVectors(facts.project.store, facts.model, facts.dimensions, others);
  return {
    thresholds: classThresholds(collector.labelled()),
    ensembleWeights: {
      seed: weigh(
        source.seed(rows).ensemble,
        rows.map((row) => frame.seedLabels[row]!),
        names.length,
      ),
      others: weigh(source.others(others, raw).ensemble, given, names.length),
    },
  };
}

function evenly(ids: number[]): number[] {
  const every = Math.ceil(ids.length / WEIGHED);
  return ids.filter((_, i) => i % every === 0);
}

/** By accuracy on the labels that there are; all alike where there are none. */
function weigh(members: Float64Array[], given: number[], classes: number): Float64Array {
  const rows = [...given.keys()].filter(
    (i) => given[i]! >= 0 && members.every((member) => member[i * classes]! >= 0),
  );
  if (rows.length === 0) return new Float64Array(members.length).fill(1 / members.length);
  const picked = members.map((member) =>
    Float64Array.from({ length: rows.length * classes }, (_, at) => {
      const row = rows[Math.floor(at / classes)]!;
      return member[row * classes + (at % classes)]!;
    }),
  );
  return ensembleWeights(picked, { classes, given: Int32Array.from(rows, (i) => given[i]!) }, 'accuracy');
}
