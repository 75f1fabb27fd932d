import { expect, test } from 'vitest';
import { mulberry32 } from '../../base/numeric/random.ts';
import { MaxHeap } from './max-heap.ts';

test('returns rows by falling value, ties by number, and omits NaN', () => {
  const values = Float64Array.of(2, 5, Number.NaN, 5, -1, Infinity);
  const heap = new MaxHeap(values);
  const order: number[] = [];
  for (; heap.top !== undefined; heap.pop()) order.push(heap.top);
  expect(order).toEqual([5, 1, 3, 0, 4]);
});

test('keeps the order while values are lowered', () => {
  const random = mulberry32(2);
  const values = Float64Array.from({ length: 500 }, () => Math.floor(random() * 50));
  const heap = new MaxHeap(values);
  const taken: number[] = [];
  while (heap.top !== undefined) {
    const before = heap.top;
    if (random() < 0.6) values[before]! -= Math.floor(random() * 5);
    const stays = heap.settle();
    expect(stays).toBe(heap.top === before);
    const waiting = [...values.keys()].filter((row) => !taken.includes(row));
    expect(heap.top).toBe(waiting.reduce((best, row) => (values[row]! > values[best]! ? row : best)));
    expect(heap.near(8)).toContain(heap.top);
    taken.push(heap.top);
    heap.pop();
  }
  expect(taken).toHaveLength(500);
});
