import { expect, test } from 'vitest';
import { sentenceOfRehearsal } from '../../../rpc/contract/rehearsal.ts';
import { recordedRehearsal, rehearsalOf } from './found.ts';
import { SIGN_NAMES } from './signs.ts';

const at = SIGN_NAMES.indexOf('artefact');
/** Signs of which one has a value. */
const signs = (value: number, sign = at): Float64Array =>
  Float64Array.from(SIGN_NAMES, (_, s) => (s === sign ? value : 0));
const batch = Array.from({ length: 100 }, (_, i) => signs(i / 100));

test('counts the copies that fewer than a tenth of the batch comes before, by kind and by score', () => {
  const spoilt = [
    ...Array.from({ length: 20 }, () => ({ family: 'text', signs: signs(2) })),
    ...Array.from({ length: 20 }, () => ({ family: 'blur', signs: signs(0.5) })),
  ];
  const rehearsal = rehearsalOf(spoilt, batch);
  expect(rehearsal).toMatchObject({ copies: 40, found: 0.5, families: { text: 1, blur: 0 } });
  expect(rehearsal.scores['artefact']).toBe(0.5);
  // A score that says the same of everything finds nothing.
  expect(rehearsal.scores['sharpness']).toBe(0);
  expect(sentenceOfRehearsal(rehearsal)).toBe(
    'Of 40 copies damaged on purpose, the first tenth of the ranking holds 50 % (the best score alone 50 %): lettering 100 %, blurred 0 %.',
  );
});

test('either end of a score can tell', () => {
  const low = SIGN_NAMES.lastIndexOf('sharpness');
  const spoilt = Array.from({ length: 20 }, () => ({ family: 'blur', signs: signs(2, low) }));
  expect(rehearsalOf(spoilt, batch).scores['sharpness']).toBe(1);
});

test('a single copy and a single image are no error', () => {
  expect(rehearsalOf([{ family: 'blur', signs: signs(1) }], [signs(0)]).copies).toBe(1);
});

test('is read from the run’s record, and null in runs without one', () => {
  const rehearsal = rehearsalOf([{ family: 'blur', signs: signs(1) }], batch);
  expect(recordedRehearsal({ parameters: JSON.stringify({ damageRisk: rehearsal }) })).toEqual(rehearsal);
  expect(recordedRehearsal({ parameters: '{"seed":1}' })).toBeNull();
});
