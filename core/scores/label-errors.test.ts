import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ScoreBlock } from './define.ts';
import entropy from './entropy.ts';
import normalizedMargin from './normalized-margin.ts';
import selfConfidence from './self-confidence.ts';

const data = path.resolve(import.meta.dirname, '../../../shared/data/label-errors');
const missing = !existsSync(data);

/** Body of a version 1 NPY file, with the type its header names. */
function readNpy(name: string): { type: string; bytes: Buffer } {
  const file = readFileSync(path.join(data, name));
  const end = 10 + file.readUInt16LE(8);
  const type = /'descr': '([^']+)'/.exec(file.toString('latin1', 10, end))?.[1] ?? '';
  return { type, bytes: Buffer.from(file.subarray(end)) };
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
    test('are ranked as cleanlab ranks them, and far better than by entropy', () => {
      const pyx = readNpy('mnist_test_set_pyx.npy');
      const labels = readNpy('mnist_test_set_original_labels.npy');
      expect([pyx.type, labels.type]).toEqual(['<f8', '<u2']);
      const n = labels.bytes.length / 2;
      const answers: { id: number; mturk: { given: number } }[] = JSON.parse(
        readFileSync(path.join(data, 'mnist_mturk.json'), 'utf8'),
      );
      const none = new Float64Array(n).fill(Number.NaN);
      const block: ScoreBlock = {
        n,
        run: {
          classes: 10,
          sizeQ1: 1,
          sizeQ3: 1,
          noveltyScale: 1,
          noveltyScaleOfClass: new Float64Array(10),
          poolScale: 1,
        },
        probabilities: Float64Array.from({ length: n * 10 }, (_, i) => pyx.bytes.readDoubleLE(i * 8)),
        ensemble: [],
        given: Int32Array.from({ length: n }, (_, i) => labels.bytes.readUInt16LE(i * 2)),
        seedDistance: none,
        givenClassDistance: none,
        poolDistance: none,
        poolAgreement: none,
        batchCopy: none,
        seedCopy: none,
        holdoutCopy: none,
        exactCopy: none,
        pixels: [],
        width: new Int32Array(0),
        height: new Int32Array(0),
      };
      const wrong = new Set(answers.filter(({ mturk }) => mturk.given < 3).map(({ id }) => id));
      expect(wrong.size).toBe(15);
      const doubt = (values: Float64Array): number =>
        averagePrecision(
          values.map((value) => 1 - value),
          wrong,
        );
      expect(doubt(selfConfidence.compute(block))).toBeCloseTo(0.5038, 4);
      expect(doubt(normalizedMargin.compute(block))).toBeCloseTo(0.5071, 4);
      expect(averagePrecision(entropy.compute(block), wrong)).toBeCloseTo(0.1044, 4);
    });
  },
);
