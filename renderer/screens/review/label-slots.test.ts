import { expect, test } from 'vitest';
import { given, labelSlots, togglePin, type AtHand } from './label-slots.ts';

const CLASSES = Array.from({ length: 2000 }, (_, i) => `class ${i}`);
const NOTHING: AtHand = { pinned: [], recent: [] };
const guesses = ['class 900', 'class 7', 'class 50', 'class 3', 'class 8', 'class 9'];

test('the best guesses come first, then pinned and recent ones, then further guesses and classes', () => {
  expect(labelSlots(CLASSES, guesses, NOTHING)).toEqual([
    ...guesses,
    'class 0',
    'class 1',
    'class 2',
    'class 4',
  ]);
  const hand = given('class 77', togglePin('class 1500', NOTHING));
  expect(labelSlots(CLASSES, guesses, hand)).toEqual([
    ...guesses.slice(0, 5),
    'class 1500',
    'class 77',
    'class 9',
    'class 0',
    'class 1',
  ]);
  expect(labelSlots(['a', 'b'], ['b', 'a'], NOTHING)).toEqual(['b', 'a']);
});

test('a recent label keeps its place until it was used longest ago', () => {
  let hand = NOTHING;
  for (const label of ['a', 'b', 'c', 'd', 'e', 'a', 'f']) hand = given(label, hand);
  expect(hand.recent.map(({ label }) => label)).toEqual(['a', 'f', 'c', 'd', 'e']);
});

test('a pin comes and goes, and is never listed twice', () => {
  const hand = togglePin('a', given('a', NOTHING));
  expect(hand).toEqual({ pinned: ['a'], recent: [] });
  expect(given('a', hand)).toEqual(hand);
  expect(togglePin('a', hand).pinned).toEqual([]);
  let many = NOTHING;
  for (const label of ['1', '2', '3', '4', '5', '6']) many = togglePin(label, many);
  expect(many.pinned).toEqual(['2', '3', '4', '5', '6']);
});
