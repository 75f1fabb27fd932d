import { expect, test } from 'vitest';
import { ownViews } from './own-views.ts';

test('a piece of a large array leaves the rest behind, whatever holds it', () => {
  const matrix = Float32Array.from({ length: 1000 }, (_, i) => i);
  const piece = matrix.subarray(10, 13);
  const sent = ownViews({ ask: { rows: [piece], n: 3 } }) as { ask: { rows: Float32Array[]; n: number } };
  expect(sent).toEqual({ ask: { rows: [Float32Array.of(10, 11, 12)], n: 3 } });
  expect(sent.ask.rows[0]!.buffer.byteLength).toBe(12);
  expect(matrix.buffer.byteLength).toBe(4000);
});

test('bytes from the shared pool of Node leave the pool behind', () => {
  const bytes = Buffer.from('abc');
  const sent = structuredClone(ownViews({ bytes })) as { bytes: Uint8Array };
  expect(Buffer.from(sent.bytes).toString()).toBe('abc');
  expect(sent.bytes.buffer.byteLength).toBe(3);
});

test('what owns its buffer, and what is no byte array, is sent as it is', () => {
  const whole = Uint8Array.of(1, 2);
  expect((ownViews({ whole }) as { whole: Uint8Array }).whole).toBe(whole);
  const date = new Date(0);
  expect(ownViews({ date, nothing: null, text: 'x', list: [1] })).toEqual({
    date,
    nothing: null,
    text: 'x',
    list: [1],
  });
});
