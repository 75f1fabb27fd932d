/** XML 1.0 has none of these, not even as references. */
// oxlint-disable-next-line no-control-regex
const NO_XML = /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g;

/** A text as it may stand in an attribute or an element; signs that XML does not have become U+FFFD. */
export function xmlText(value: unknown): string {
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed();
  return text.replaceAll(NO_XML, '\uFFFD').replaceAll(/[&<>"\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
