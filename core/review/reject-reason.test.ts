import { describe, expect, test } from 'vitest';
import { REJECT_REASON_WORDS, REJECT_REASONS, rejectReasonTitle } from '../../rpc/contract/terms.ts';
import { labelWasWrong } from '../labels/risk/learn.ts';
import { rejectReason } from './reject-reason.ts';

const refuse = (why: string): never => {
  throw new Error(why);
};

describe('the reason of a reject', () => {
  test.each(REJECT_REASONS)('%s is recorded by its id, however it is spelt', (reason) => {
    const { title, also } = REJECT_REASON_WORDS[reason];
    for (const spelling of [reason, title, title.toUpperCase(), reason.replace('-', ' '), ...also])
      expect(rejectReason(spelling, refuse)).toBe(reason);
    expect(rejectReason(`${title}: six fingers`, refuse)).toBe(`${reason}: six fingers`);
  });

  test.each(['torn', 'not a part', 'dark', 'r3-17'])('%s is free text', (text) => {
    expect(rejectReason(text, refuse)).toBe(`other: ${text}`);
    expect(rejectReasonTitle(rejectReason(text, refuse))).toBe(text);
  });

  test.each([
    ['wrong contnet', 'wrong-content'],
    ['artefacts', 'artefact'],
    ['off distribution really', 'off-distribution'],
    ['others', 'other'],
  ])('%s is refused: it reads like %s', (text, reason) => {
    expect(() => rejectReason(text, refuse)).toThrow(`reads like the reason ${reason} `);
    expect(rejectReason(`other: ${text}`, refuse)).toBe(`other: ${text}`);
  });

  test('teaches label risk, in the spelling of older events too', () => {
    const taught = (reason: string): 0 | 1 | null =>
      labelWasWrong({ verdict: 'reject', reason, labelId: null, givenLabelId: 1 });
    // What Review and Explore recorded before reasons had ids.
    for (const reason of ['wrong content', 'Wrong content', 'off-distribution'])
      expect(taught(reason)).toBe(1);
    for (const reason of ['artefact', 'Text or watermark', 'near-copy', 'other', 'a nut'])
      expect(taught(reason)).toBeNull();
    for (const reason of REJECT_REASONS)
      expect(taught(reason) === 1).toBe(REJECT_REASON_WORDS[reason].mislabelled);
  });
});
