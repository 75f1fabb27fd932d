import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import golden from '../../../test/goldens/label-quality/mnist.json' with { type: 'json' };
import { classThresholds } from '../../labels/quality/confident-joint.ts';
import { ISSUE_FILTERS, labelIssues } from '../../labels/quality/label-issues.ts';
import type { Labelled } from '../../labels/quality/labelled.ts';
import { kindsOfFacts } from '../run-facts.ts';
import { valuesOf, type FactScore } from './define.ts';
import entropy from './entropy.ts';
import normalizedMargin from './normalized-margin.ts';
import selfConfidence from './self-confidence.ts';

const data = path.resolve(import.meta.dirname, '../../../../shared/data/label-errors');
const missing = !existsSync(data);

/** Body of a version 1 NPY file, with the type its header names. */
function readNpy(name: string): { type: string; bytes: Buffer } {
  const file = readFileSync(path.join(data, name));
  const end = 10 + file.readUInt16LE(8);
  const type = /'descr': '([^']+)'/.exec(file.toString('latin1', 10, end))?.[1] ?? '';
  return { type, bytes: Buffer.from(file.subarray(end)) };
}

const NOTHING: ReturnType<typeof readMnist> = {
  labelled: { classes: 10, probabilities: new Float64Array(0), given: new Int32Array(0) },
  wrong: new Set(),
};

/** The 10,000 test images as given, and the rows whose label fewer than 3 of 5 people agreed with. */
function readMnist(): { labelled: Labelled; wrong: Set<number> } {
  const pyx = readNpy('mnist_test_set_pyx.npy');
  const labels = readNpy('mnist_test_set_original_labels.npy');
  if (pyx.type !== '<f8' || labels.type !== '<u2') throw new Error(`${pyx.type} and ${labels.type}`);
  const n = labels.bytes.length / 2;
  const answers: { id: number; mturk: { given: number } }[] = JSON.parse(
    readFileSync(path.join(data, 'mnist_mturk.json'), 'utf8'),
  );
  return {
    labelled: {
      classes: 10,
      probabilities: Float64Array.from({ length: n * 10 }, (_, i) => pyx.bytes.readDoubleLE(i * 8)),
      given: Int32Array.from({ length: n }, (_, i) => labels.bytes.readUInt16LE(i * 2)),
    },
    wrong: new Set(answers.filter(({ mturk }) => mturk.given < 3).map(({ id }) => id)),
  };
}

function averagePrecision(suspicion: Float64Array, wrong: Set<number>): number {
  const ranked = [...suspicion.keys()].sort((a, b) => suspicion[b]! - suspicion[a]! || a - b);
  let found = 0;
  let sum = 0;
  ranked.forEach((row, position) => {
    if (!wrong.has(row)) return;
    found++;
    sum += found / (position + 1);
  });
  return sum / found;
}

describe.skipIf(missing)(
  `verified label errors of MNIST${missing ? ' (skipped: ../shared/data is absent)' : ''}`,
  () => {
    const { labelled, wrong } = missing ? NOTHING : readMnist();

    test.each(ISSUE_FILTERS)('are found by %s as cleanlab finds them', (filter) => {
      const rows = labelIssues(labelled)[filter];
      const { issues, verified } = golden.counts[filter];
      expect(rows).toHaveLength(issues);
      expect(rows.filter((row) => wrong.has(row))).toHaveLength(verified);
    });

    test('come from the same thresholds', () => {
      classThresholds(labelled).forEach((threshold, k) =>
        expect(threshold).toBeCloseTo(golden.thresholds[k]!, 9),
      );
    });

    test('are ranked as cleanlab ranks them, and far better than by entropy', () => {
      const values = (score: FactScore): Float64Array =>
        valuesOf(score, labelled, labelled.given.length, kindsOfFacts());
      expect(wrong.size).toBe(15);
      const doubt = (score: FactScore): number =>
        averagePrecision(
          values(score).map((value) => 1 - value),
          wrong,
        );
      expect(doubt(selfConfidence)).toBeCloseTo(0.5038, 4);
      expect(doubt(normalizedMargin)).toBeCloseTo(0.5071, 4);
      expect(averagePrecision(values(entropy), wrong)).toBeCloseTo(0.1044, 4);
    });
  },
);
