import { expect, test } from 'vitest';
import { holdoutQuality } from './watch-report.ts';

test('accuracy with its interval, and the calibration error of hand-made predictions', () => {
  const predictions = [
    ...Array.from({ length: 6 }, () => ({ right: 1 as const, probability: 0.8 })),
    ...Array.from({ length: 2 }, () => ({ right: 0 as const, probability: 0.8 })),
    { right: 1 as const, probability: 1 },
    { right: 0 as const, probability: 0.5 },
  ];
  const quality = holdoutQuality(predictions, 3, 'm')!;
  expect(quality).toMatchObject({ run: 3, model: 'm', images: 10, accuracy: 0.7 });
  // (8 |.75 - .8| + |1 - 1| + |0 - .5|) / 10
  expect(quality.calibrationError).toBeCloseTo(0.09, 12);
  expect(quality.interval[0]).toBeCloseTo(0.3475, 4);
  expect(quality.interval[1]).toBeCloseTo(0.9333, 4);
  expect(holdoutQuality([], 3, 'm')).toBeNull();
});
