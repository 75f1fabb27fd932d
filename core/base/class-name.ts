/** Signs that do not show: zero-width ones, marks of direction, soft hyphens. */
const HIDDEN = '\\u00AD\\u180E\\u200B-\\u200F\\u2060-\\u2064\\uFEFF';
const ALL_HIDDEN = new RegExp(`[${HIDDEN}]`, 'gu');
/** These and blanks of every kind. */
const BLANK = new RegExp(`[\\p{White_Space}${HIDDEN}]`, 'u');
const NOT_SHOWN = new RegExp(`[^\\P{White_Space} ]|[${HIDDEN}]`, 'gu');
const OR_MARK = new RegExp(`${NOT_SHOWN.source}|\\p{Mn}`, 'gu');

/** Leaves out what does not show around a name. */
export function withoutBlanks(name: string): string {
  let start = 0;
  let end = name.length;
  while (start < end && BLANK.test(name[start]!)) start++;
  while (end > start && BLANK.test(name[end - 1]!)) end--;
  return name.slice(start, end);
}

/**
 * The name of a class as a project writes it: without blanks around it, and in Unicode's composed form (NFC), so that names
 * that look the same are the same. Empty for a name of nothing but blanks.
 */
export function cleanName(name: string): string {
  return withoutBlanks(name).normalize('NFC');
}

/**
 * The class that a text names: the one called exactly so, else the one called so without the blanks around it and in one
 * form of Unicode, as imports write names. Undefined if there is none.
 */
export function classCalled(text: string, classes: ReadonlySet<string>): string | undefined {
  if (classes.has(text)) return text;
  const clean = cleanName(text);
  return classes.has(clean) ? clean : undefined;
}

/** The same text for names that differ only in capitals, in blanks and in signs that do not show. */
export function foldedName(name: string): string {
  return cleanName(name).replaceAll(ALL_HIDDEN, '').replaceAll(/\s+/g, ' ').toLowerCase();
}

/**
 * A name in quotes, in which is escaped what does not show: `"cat\u00a0"`; also marks of letters, where these could be
 * composed: `"e\u0301clair"`.
 */
export function shownName(name: string): string {
  return JSON.stringify(name).replaceAll(
    name === name.normalize('NFC') ? NOT_SHOWN : OR_MARK,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
