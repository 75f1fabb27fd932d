import canonicalize from 'canonicalize';
import { AssayError } from '../../rpc/errors.ts';

/** A value that an event may hold. Object keys with null are omitted; arrays keep null. */
type LedgerValue = string | number | boolean | null | LedgerValue[] | { [key: string]: LedgerValue };

/**
 * Returns the RFC 8785 text of a value made of strings, finite numbers and booleans. Omits keys whose value is undefined
 * or null. Throws `INTERNAL` on anything else: such a value must not reach the ledger.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(checked(value, '$'));
  if (text === undefined) throw new AssayError('INTERNAL', 'nothing to write to the ledger');
  return text;
}

function checked(value: unknown, at: string): LedgerValue {
  if (typeof value === 'string') {
    if (!value.isWellFormed())
      throw new AssayError('INVALID_INPUT', `${at} holds a broken Unicode character and cannot be recorded.`);
    return value;
  }
  if (typeof value === 'boolean' || Number.isFinite(value)) return value as LedgerValue;
  if (Array.isArray(value))
    return value.map((item, i) => (item === null ? null : checked(item, `${at}[${i}]`)));
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    const kept: { [key: string]: LedgerValue } = {};
    for (const [key, item] of Object.entries(value))
      if (item !== undefined && item !== null) kept[key] = checked(item, `${at}.${key}`);
    return kept;
  }
  throw new AssayError(
    'INTERNAL',
    `${at} is ${typeof value === 'number' ? `the number ${value}` : typeof value}, which the ledger does not take.`,
  );
}
