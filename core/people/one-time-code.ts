import { hash, randomInt, timingSafeEqual } from 'node:crypto';

/** Without signs that look alike. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const GROUPS = 5;
const GROUP = 4;
const DAYS = 7;

/** A code that is shown once: five groups of four, 99 bits; only its hash is kept. */
export function newCode(): { code: string; codeHash: string; codeUntil: string } {
  const code = Array.from({ length: GROUPS }, () =>
    Array.from({ length: GROUP }, () => ALPHABET[randomInt(ALPHABET.length)]).join(''),
  ).join('-');
  return {
    code,
    codeHash: hashOf(code),
    codeUntil: new Date(Date.now() + DAYS * 86_400_000).toISOString(),
  };
}

/** Whether a code, typed with or without its dashes and in any case, is that of a hash. */
export function isCode(code: string, codeHash: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(code), 'hex'), Buffer.from(codeHash, 'hex'));
}

function hashOf(code: string): string {
  return hash('sha256', code.toUpperCase().replaceAll(/[^0-9A-Z]/g, ''));
}
