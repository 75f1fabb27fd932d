import { AssayError } from '../../rpc/errors.ts';

// NIST SP 800-63B-4: a password that stands alone has at least 15 characters, is compared with a list of those that are
// tried first, and needs neither certain kinds of characters nor a change without a reason.

const LEAST = 15;
const MOST = 256;
/** Shorter pieces that repeat are one choice, not many. */
const FEWEST_DISTINCT = 6;

/** Long ones that stand on published lists of leaked passwords, without blanks and in lower case. */
const TRIED_FIRST = [
  'passwordpassword',
  'password12345678',
  'correcthorsebatterystaple',
  'administratoradministrator',
  'iloveyouiloveyou',
  'qwertyuiopasdfgh',
  'qwertyuiopasdfghjklzxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb',
  'letmeinletmeinletmein',
  'thisisapassword',
  'thisismypassword',
  'changemechangeme',
  'welcomewelcome1',
  'trustno1trustno1',
];
const SEQUENCES = ['abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm', '01234567890123456789'];

/** A password in the form that keys are derived from: composed alike whatever keyboard it was typed on. */
export function normalized(password: string): string {
  return password.normalize('NFKC');
}

/** Throws `INVALID_INPUT`, saying why, for a password that is too easily guessed. `known`: names that it must not be made of. */
export function requireStrong(password: string, known: readonly string[]): void {
  const why = weakness(normalized(password), known);
  if (why !== null)
    throw new AssayError(
      'INVALID_INPUT',
      `This password ${why}. Choose ${LEAST} characters or more, such as a few words that do not belong together; no digits or signs are asked for.`,
    );
}

function weakness(password: string, known: readonly string[]): string | null {
  const length = Array.from(password).length;
  if (length < LEAST) return `has ${length} characters`;
  if (length > MOST) return `has more than ${MOST} characters`;
  const bare = password.toLowerCase().replaceAll(/[\s._-]/g, '');
  if (new Set(bare).size < FEWEST_DISTINCT) return 'repeats a few characters';
  if (/^(.{1,8}?)\1+$/u.test(bare)) return 'repeats one piece';
  if (TRIED_FIRST.includes(bare)) return 'is one of those that are tried first';
  for (const sequence of SEQUENCES) {
    const backwards = sequence.split('').toReversed().join('');
    if (sequence.repeat(3).includes(bare) || backwards.repeat(3).includes(bare))
      return 'follows the keyboard or the alphabet';
  }
  for (const name of ['assay', ...known]) {
    const rest = bare.replaceAll(name.toLowerCase().replaceAll(/[\s._-]/g, ''), '');
    if (rest.length < bare.length && rest.length < LEAST / 2) return `is mostly made of the name ${name}`;
  }
  return null;
}
