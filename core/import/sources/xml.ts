import { SaxesParser } from 'saxes';
import { AssayError } from '../../../rpc/errors.ts';
import { firstBytes, readable } from './readable.ts';
import { markOf } from './text-encoding.ts';
import { messageOf, unreadable } from './untrusted.ts';

/** Elements deeper than this, or more of them in one that is read as a whole, are no annotations. */
const DEEPEST = 64;
const MOST_NODES = 2_000_000;
const DECLARATION_BYTES = 1024;

/** An element of XML with all that is in it. */
export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  /** The line of its start, from 1. */
  line: number;
  /** Its own text without blanks around it; that of elements in it is theirs. */
  text: string;
  children: XmlElement[];
}

/**
 * Streams the elements of an XML file of which `wanted` says that they are read, by their path (`annotations/image`); one
 * is in memory at a time. Document types are passed over: no entity that they define is expanded, no file opened.
 * `encoding` is one that a person named; a byte order mark is stronger, the file's own declaration weaker. Throws
 * `SOURCE_UNREADABLE` with the line where the file is not well-formed, or is not text in its encoding.
 */
export async function* xmlElements(
  file: string,
  wanted: (path: string) => boolean,
  encoding: string | null,
): AsyncGenerator<XmlElement> {
  const parser = new SaxesParser({ position: false, xmlns: false } as const);
  const builder = new Builder(wanted);
  let done: XmlElement[] = [];
  parser.on('opentag', ({ name, attributes }) => {
    const problem = builder.open(name, attributes, parser.line);
    if (problem !== null) throw unreadable(file, parser.line, problem);
  });
  parser.on('text', (text) => builder.text(text));
  parser.on('cdata', (text) => builder.text(text));
  parser.on('closetag', () => {
    const element = builder.close();
    if (element) done.push(element);
  });
  const feed = (text: string | null): void => {
    try {
      if (text === null) parser.close();
      else parser.write(text);
    } catch (error) {
      if (error instanceof AssayError) throw error;
      throw unreadable(file, parser.line, `not well-formed XML: ${messageOf(error)}`, error);
    }
  };
  const name = await encodingOf(file, encoding);
  const decoder = new TextDecoder(name, { fatal: true });
  const decoded = (bytes?: Buffer): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (error) {
      const remedy = encoding === null ? ' Name its encoding, for instance --encoding gb18030.' : '';
      throw unreadable(file, parser.line, `the text is not ${name}.${remedy}`, error);
    }
  };
  for await (const chunk of readable(file)) {
    feed(decoded(chunk));
    yield* done;
    done = [];
  }
  feed(decoded());
  feed(null);
  yield* done;
}

/** Builds the elements that are wanted. */
class Builder {
  readonly #wanted: (path: string) => boolean;
  readonly #path: string[] = [];
  readonly #open: XmlElement[] = [];
  #nodes = 0;

  constructor(wanted: (path: string) => boolean) {
    this.#wanted = wanted;
  }

  /** Returns, in a sentence, why the element cannot be taken; null if it can. */
  open(name: string, attributes: Record<string, string>, line: number): string | null {
    this.#path.push(name);
    if (this.#path.length > DEEPEST) return `elements are nested deeper than ${DEEPEST}.`;
    const outer = this.#open.at(-1);
    if (!outer && !this.#wanted(this.#path.join('/'))) return null;
    const element: XmlElement = { name, attributes, line, text: '', children: [] };
    outer?.children.push(element);
    this.#open.push(element);
    this.#nodes = outer ? this.#nodes + 1 : 0;
    return this.#nodes > MOST_NODES ? `the element holds more than ${MOST_NODES} others.` : null;
  }

  text(text: string): void {
    const element = this.#open.at(-1);
    if (element) element.text += text;
  }

  /** Returns the element that is complete now, if it is one that is wanted. */
  close(): XmlElement | null {
    this.#path.pop();
    const element = this.#open.pop();
    if (element) element.text = element.text.trim();
    return element && this.#open.length === 0 ? element : null;
  }
}

/** The first element of a name in another; undefined if there is none. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** The text of the first element of a name in another; '' if there is none. */
export function textOf(element: XmlElement | undefined, name: string): string {
  return childOf(element, name)?.text ?? '';
}

/** A finite number as text, or NaN: an empty text is none. */
export function finite(text: string | undefined): number {
  const number = text === undefined || text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(number) ? number : NaN;
}

/** XML without mark and declaration is UTF-8. A declared encoding that nobody knows is taken for that too. */
async function encodingOf(file: string, named: string | null): Promise<string> {
  const start = await firstBytes(file, DECLARATION_BYTES);
  const marked = markOf(start);
  if (marked) return marked;
  if (named !== null) return new TextDecoder(named).encoding;
  if (start[0] === 0x3c && start[1] === 0) return 'utf-16le';
  if (start[0] === 0 && start[1] === 0x3c) return 'utf-16be';
  const text = start.toString('latin1');
  return knownOr(/^\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(text)?.[1]);
}

/** A declaration of UTF-16 in text of single bytes is wrong: such text is UTF-8. */
function knownOr(declared: string | undefined): string {
  try {
    const { encoding } = new TextDecoder(declared);
    return encoding.startsWith('utf-16') ? 'utf-8' : encoding;
  } catch {
    return 'utf-8';
  }
}

/** A number where the text is just how it is written, else the text. */
export function typed(text: string): string | number {
  return String(Number(text)) === text ? Number(text) : text;
}
