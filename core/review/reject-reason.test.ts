import { describe, expect, test } from 'vitest';
import {
  REJECT_REASON_WORDS,
  REJECT_REASONS,
  rejectReasonEntry,
  rejectReasonTitle,
} from '../../rpc/contract/terms.ts';
import { labelWasWrong } from '../labels/risk/learn.ts';
import { rejectReason as recorded } from './reject-reason.ts';

const refuse = (why: string): never => {
  throw new Error(why);
};

const ALL = REJECT_REASONS.map(rejectReasonEntry);
const rejectReason = (text: string, stop: typeof refuse, reasons = ALL) => recorded(text, reasons, stop);

describe('the reason of a reject', () => {
  test.each(REJECT_REASONS)('%s is recorded by its id, however it is spelt', (reason) => {
    const { title, also } = REJECT_REASON_WORDS[reason];
    for (const spelling of [reason, title, title.toUpperCase(), reason.replace('-', ' '), ...also])
      expect(rejectReason(spelling, refuse)).toBe(reason);
    expect(rejectReason(`${title}: six fingers`, refuse)).toBe(`${reason}: six fingers`);
  });

  test.each(['torn', 'not a part', 'grey', 'r3-17'])('%s is free text', (text) => {
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

  test('is one of the list of the project, whose own words stand for themselves', () => {
    const own = ['artefact', 'Motion blur', 'other'].map(rejectReasonEntry);
    expect(rejectReason('motion-blur', refuse, own)).toBe('Motion blur');
    expect(rejectReason('MOTION BLUR: left half', refuse, own)).toBe('Motion blur: left half');
    expect(rejectReasonTitle('Motion blur: left half')).toBe('Motion blur: left half');
    expect(rejectReason('artifact', refuse, own)).toBe('artefact');
    expect(() => rejectReason('near-copy', refuse, own)).toThrow(
      'near-copy is not among the reasons of this project (artefact, Motion blur, other)',
    );
    expect(rejectReason('other: near-copy', refuse, own)).toBe('other: near-copy');
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
