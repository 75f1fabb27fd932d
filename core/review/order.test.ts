import { describe, expect, test } from 'vitest';
import { goldCount, ReviewOrder, type OrderFacts } from './order.ts';

const facts = (over: Partial<OrderFacts> = {}): OrderFacts => ({
  items: Int32Array.from({ length: 400 }, (_, i) => 1000 + i),
  pool: Array.from({ length: 300 }, (_, i) => ({ imageId: 1 + i, labelId: 1 + (i % 3) })),
  goldRate: 0.1,
  blind: false,
  classes: [1, 2, 3, 4],
  seed: 7,
  queue: 2,
  ...over,
});
const placesOf = (order: ReviewOrder) => Array.from({ length: order.total }, (_, i) => order.at(i));

describe("a reviewer's order", () => {
  const order = new ReviewOrder(facts(), 'Ada');
  const places = placesOf(order);

  test('is the queue in its order with the share of gold asked for, each image once', () => {
    const gold = places.filter((place) => place.gold);
    expect(goldCount(400, 0.1)).toBe(44);
    expect([gold.length, order.total]).toEqual([44, 444]);
    expect(gold.length / order.total).toBeCloseTo(0.1, 2);
    expect(places.filter((place) => !place.gold).map(({ imageId }) => imageId)).toEqual([...facts().items]);
    expect(new Set(places.map(({ imageId }) => imageId)).size).toBe(444);
  });

  test('finds every place from its image again', () => {
    const found = places.map(({ imageId, item, gold }) =>
      gold ? order.goldOf(imageId)!.position : order.positionOfItem(item),
    );
    expect(found).toEqual(places.map((_, position) => position));
    expect(order.goldOf(1000)).toBeUndefined();
  });

  test('is the same after a restart, and another one for everybody else, queue and seed', () => {
    const goldAt = (other: ReviewOrder) =>
      placesOf(other).flatMap(({ gold }, position) => (gold ? [`${position} ${gold.imageId}`] : []));
    expect(placesOf(new ReviewOrder(facts(), 'Ada'))).toEqual(places);
    for (const other of [
      new ReviewOrder(facts(), 'Grace'),
      new ReviewOrder(facts({ seed: 8 }), 'Ada'),
      new ReviewOrder(facts({ queue: 3 }), 'Ada'),
    ])
      expect(goldAt(other)).not.toEqual(goldAt(order));
  });

  test('has one gold item in each equal stretch, at no fixed place of it', () => {
    const stretch = order.total / 44;
    const within = places.flatMap(({ gold }, position) => (gold ? [position / stretch] : []));
    within.forEach((place, i) => {
      expect(place).toBeGreaterThanOrEqual(i);
      expect(place).toBeLessThan(i + 1);
    });
    expect(new Set(within.map((place, i) => Math.floor((place - i) * stretch))).size).toBeGreaterThan(5);
  });

  test('shows about half of them with a class that is wrong, never one that is no class', () => {
    const wrong = order.gold.filter(({ known, shown }) => shown !== known);
    expect(wrong.length).toBeGreaterThan(11);
    expect(wrong.length).toBeLessThan(33);
    for (const { shown } of order.gold) expect([1, 2, 3, 4]).toContain(shown);
  });

  test('shows no label in a blind queue, and the right one where there is no other class', () => {
    expect(new ReviewOrder(facts({ blind: true }), 'Ada').gold.every(({ shown }) => shown === null)).toBe(
      true,
    );
    const pool = facts().pool.map((image) => ({ ...image, labelId: 1 }));
    const single = new ReviewOrder(facts({ pool, classes: [1] }), 'Ada');
    expect(single.gold.every(({ shown }) => shown === 1)).toBe(true);
  });

  test.each([
    [{ goldRate: 0 }, 400],
    [{ pool: [] }, 400],
    [{ pool: facts().pool.slice(0, 3) }, 403],
    [{ goldRate: 0.5, items: Int32Array.of(1000) }, 2],
    [{ goldRate: 0.001, items: Int32Array.of(1000) }, 2],
    [{ items: new Int32Array() }, 0],
  ])('of %o has %d places', (over, total) => {
    const other = new ReviewOrder(facts(over), 'Ada');
    expect(other.total).toBe(total);
    expect(placesOf(other).every(({ imageId }) => imageId > 0)).toBe(true);
  });
});
