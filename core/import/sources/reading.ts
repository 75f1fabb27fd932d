import { isAbsolute, join, posix, relative, sep } from 'node:path';
import type { MapOutcome, MapRequest } from '../../../imaging/label-map.ts';
import type { LeftBehind, LeftKind, Reading as ReadingResult } from '../../../rpc/contract/imports.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { checkEncoding } from './text-encoding.ts';
import { unreadable } from './untrusted.ts';

/** More faulty records than this stop an import: then it is not the records that are wrong. */
const MOST_SKIPPED = 1000;
/** Names of a kind that are counted apart: a picture that is no map has a name for every pixel. */
const MOST_NAMES = 500;
const OTHERS = 'others';
/** Faulty records that are named one by one. */
const NAMED = 20;

/** Reads maps of classes and instances, in a process that a hostile picture cannot take down. */
export interface MapReader {
  readMap(request: MapRequest): Promise<MapOutcome>;
}

/**
 * What one pass over a dataset leaves behind: what Assay does not read, counted by kind, and faulty records, named.
 * A source tells it everything that it meets and does not return, so that nothing is dropped without a word.
 */
export class Reading {
  readonly #root: string;
  readonly #strict: boolean;
  readonly #encoding: string | null;
  readonly #maps: MapReader | null;
  readonly #left = new Map<string, LeftBehind>();
  readonly #names = new Map<LeftKind, number>();
  readonly #notes = new Set<string>();
  readonly #named: string[] = [];
  #skipped = 0;

  /**
   * `root`: what is imported; file names are shown relative to it. `strict`: the first faulty record throws. `encoding`:
   * that of text files, where a person named one. `maps`: what reads maps; without it none can be read. Throws `USAGE`
   * where there is no such encoding.
   */
  constructor(root = '', options: { strict?: boolean; encoding?: string | null; maps?: MapReader } = {}) {
    this.#root = root;
    this.#strict = options.strict ?? false;
    this.#encoding = options.encoding ?? null;
    this.#maps = options.maps ?? null;
    if (this.#encoding !== null) checkEncoding(this.#encoding);
  }

  /** The encoding of text files that a person named; null to tell it from the bytes. */
  get encoding(): string | null {
    return this.#encoding;
  }

  /** Reads a map. Rejects with `SOURCE_UNREADABLE` where this reading was given nothing that can. */
  readMap(request: MapRequest): Promise<MapOutcome> {
    if (this.#maps) return this.#maps.readMap(request);
    const problem = 'maps of classes and instances are read by an import alone. Use COCO or CVAT here.';
    return Promise.reject(unreadable(join(request.root, request.path), null, problem));
  }

  /**
   * Counts `count` things that are there and not taken over. `name` tells apart things of a kind: the name of a column,
   * the extension of files; beyond 500 names they are `others`. The first `example` of each is kept: a file, absolute or below the root.
   */
  leave(kind: LeftKind, name = '', count = 1, example: string | null = null): void {
    if (count === 0) return;
    const found = this.#left.get(`${kind}\n${name}`);
    if (found) {
      found.count += count;
      return;
    }
    const names = this.#names.get(kind) ?? 0;
    if (names >= MOST_NAMES && name !== OTHERS) {
      this.leave(kind, OTHERS, count, example);
      return;
    }
    this.#names.set(kind, names + 1);
    this.#left.set(`${kind}\n${name}`, { kind, name, count, example: example && this.#shown(example) });
  }

  /**
   * Leaves out one faulty record, or throws `SOURCE_UNREADABLE` where the reading is strict or too many are faulty.
   * `line` counts from 1; `id` is the record's own, where it has one.
   */
  skip(file: string, line: number | null, problem: string, id?: string | number): void {
    const named = id === undefined ? problem : `${problem.replace(/\.$/, '')} (id ${id}).`;
    if (this.#strict) throw unreadable(file, line, named);
    this.#skipped++;
    const place = line === null ? this.#shown(file) : `${this.#shown(file)}, line ${line}`;
    if (this.#named.length < NAMED) this.#named.push(`${place}: ${named}`);
    if (this.#skipped <= MOST_SKIPPED) return;
    throw new AssayError(
      'SOURCE_UNREADABLE',
      `More than ${MOST_SKIPPED} records are faulty, so nothing was imported. The first:\n  ${this.#named.slice(0, 5).join('\n  ')}`,
      { skipped: this.#named },
    );
  }

  /** States once, in a sentence, that something is read otherwise than it is written. */
  note(sentence: string): void {
    this.#notes.add(sentence);
  }

  result(): ReadingResult {
    return {
      left: [...this.#left.values()].sort((a, b) => b.count - a.count),
      skipped: { records: this.#skipped, examples: [...this.#named] },
      notes: [...this.#notes],
    };
  }

  #shown(file: string): string {
    if (!isAbsolute(file)) return file;
    const below = this.#root && relative(this.#root, file).split(sep).join(posix.sep);
    return below === '' || below.startsWith('..') ? file : below;
  }
}
