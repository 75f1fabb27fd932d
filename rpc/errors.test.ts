import { expect, test } from 'vitest';
import { AssayError, detailsOf, plainError } from './errors.ts';

test('what Assay refuses is said as it is, with its code as the only detail', () => {
  const refused = new AssayError('NOT_FOUND', 'There is no batch x.');
  expect(plainError(refused)).toBe(refused);
  expect(detailsOf(refused)).toBe('NOT_FOUND');
});

test('the text of a library stands among the details alone, from whatever process it comes', () => {
  const broken = plainError(new TypeError('Cannot read properties of undefined'));
  expect(broken.message).toMatch(/^Assay made a mistake of its own here\..* try again/);
  expect(broken.message).not.toContain('undefined');
  expect(detailsOf(broken)).toBe('Cannot read properties of undefined (INTERNAL)');
  // As it arrives over a connection: a plain error with a code.
  const arrived = Object.assign(new Error(broken.message), { code: 'INTERNAL', data: { details: 'x' } });
  expect(plainError(arrived)).toBe(arrived);
  expect(detailsOf(arrived)).toBe('x (INTERNAL)');
  expect(detailsOf(plainError(Object.assign(new Error('no such file'), { code: 'ENOENT' })))).toBe(
    'no such file (INTERNAL)',
  );
  expect(plainError('thrown text')).toMatchObject({ data: { details: 'thrown text' } });
});
