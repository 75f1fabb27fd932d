const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(/&#(\d{1,7});|&#x([0-9a-f]{1,6});|&(\w{2,4});/gi, (...match: string[]) => {
    const [whole = '', decimal, hex, name] = match;
    if (name) return ENTITIES[name] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const NAME_END = /[\s=>/]/;
/** Longer than any property that is read here. */
const MAX_PROPERTY = 256 * 1024;
/** No real packet contains a name more often than this. */
const MAX_TRIES = 16;

/**
 * One property of an XMP packet by its qualified name, as attribute, element text, `rdf:resource` or first list item;
 * null where it is absent or empty. Packets are searched as text: a full XML parser would be one more thing to attack,
 * and properties of this kind have no other shapes.
 */
export function xmpProperty(packet: string, name: string): string | null {
  let tries = 0;
  for (
    let at = packet.indexOf(name);
    at >= 0 && tries < MAX_TRIES;
    at = packet.indexOf(name, at + name.length)
  ) {
    tries++;
    const before = packet[at - 1];
    const after = at + name.length;
    if (!NAME_END.test(packet[after] ?? '')) continue;
    const rest = packet.slice(after, after + MAX_PROPERTY);
    if (before === '<') {
      const value = elementValue(rest, name);
      if (value !== null) return value;
    } else if (before !== undefined && /\s/.test(before)) {
      const quoted = /^\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(rest);
      const value = unescape(quoted?.[1] ?? quoted?.[2] ?? '').trim();
      if (value !== '') return value;
    }
  }
  return null;
}

/** The value of an element, read from just behind its name. */
function elementValue(rest: string, name: string): string | null {
  const open = rest.indexOf('>');
  if (open < 0) return null;
  const resource = /\srdf:resource\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(rest.slice(0, open));
  if (resource) return unescape(resource[1] ?? resource[2] ?? '').trim() || null;
  if (rest[open - 1] === '/') return null;
  const close = rest.indexOf(`</${name}`, open);
  if (close < 0) return null;
  const content = rest.slice(open + 1, close);
  const item = content.indexOf('<rdf:li');
  if (item < 0) return content.includes('<') ? null : unescape(content).trim() || null;
  const from = content.indexOf('>', item) + 1;
  const to = content.indexOf('</rdf:li', item);
  return from > 0 && to >= from ? unescape(content.slice(from, to)).trim() || null : null;
}

/** The IPTC digital source type that an XMP packet declares, under any prefix; at most 500 characters. */
export function digitalSourceType(packet: string): string | null {
  const at = packet.search(/[\w-]{1,64}:DigitalSourceType[\s=>]/i);
  if (at < 0) return null;
  const name = /^[\w-]{1,64}:DigitalSourceType/i.exec(packet.slice(at, at + 100))![0];
  return xmpProperty(packet, name)?.slice(0, 500) ?? null;
}
