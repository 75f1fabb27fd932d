import { expect, test } from 'vitest';
import type { ReviewItem } from '../../../rpc/contract/reviews.ts';
import { answerWords, isRecorded, namingLabel, sameAnswer, shownAnswer } from './answers.ts';

test('naming the class that an image has is to accept it, any other is a relabel', () => {
  expect(namingLabel('pear', 'pear')).toEqual({ verdict: 'accept' });
  expect(namingLabel('apple', 'pear')).toEqual({ verdict: 'relabel', label: 'apple' });
  expect(namingLabel('apple', null)).toEqual({ verdict: 'relabel', label: 'apple' });
});

test('answers are the same when every part of them is', () => {
  const box = {
    label: 'car',
    format: 'xywh-pixel',
    values: [1, 2, 3, 4] as [number, number, number, number],
  };
  expect(sameAnswer({ verdict: 'skip' }, { verdict: 'skip', flag: false })).toBe(true);
  expect(sameAnswer({ verdict: 'skip' }, { verdict: 'skip', flag: true })).toBe(false);
  expect(sameAnswer({ verdict: 'relabel', boxes: [box] }, { verdict: 'relabel', boxes: [{ ...box }] })).toBe(
    true,
  );
  expect(sameAnswer({ verdict: 'relabel', boxes: [box] }, { verdict: 'relabel', boxes: [] })).toBe(false);
  expect(sameAnswer({ verdict: 'accept' }, { verdict: 'accept', spread: true })).toBe(false);
});

test('what an item does not tell of its answer is never taken for recorded', () => {
  const item = { answer: { verdict: 'relabel', label: 'pear', reason: null } } as ReviewItem;
  expect(isRecorded({ verdict: 'relabel', label: 'pear' }, item)).toBe(true);
  expect(isRecorded({ verdict: 'relabel', label: 'apple' }, item)).toBe(false);
  expect(isRecorded({ verdict: 'relabel', label: 'pear', boxes: [] }, item)).toBe(false);
  expect(isRecorded({ verdict: 'relabel', label: 'pear' }, undefined)).toBe(false);
  const rejected = { answer: { verdict: 'reject', label: null, reason: 'artefact' } } as ReviewItem;
  expect(isRecorded({ verdict: 'reject', reason: 'artefact' }, rejected)).toBe(true);
  expect(isRecorded({ verdict: 'reject', reason: 'other' }, rejected)).toBe(false);
});

test('answers in words', () => {
  expect(answerWords(shownAnswer({ verdict: 'accept' }, 'pear')!)).toBe('Accepted as pear');
  expect(answerWords({ verdict: 'relabel', label: 'apple' })).toBe('Relabelled to apple');
  expect(answerWords({ verdict: 'relabel', label: null })).toBe('Boxes corrected');
  expect(answerWords({ verdict: 'reject', reason: 'artefact' })).toBe('Rejected: Artefact');
  expect(answerWords({ verdict: 'skip' })).toBe('Skipped');
});
