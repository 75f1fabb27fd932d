import type { Store } from '../../db/store.ts';
import { inPages } from '../base/pages.ts';
import type { WordStream } from './clusters/telling-words.ts';

const PAGE = 5000;
/** Words matched in one pass: the bits of one number, without the sign. */
const WORDS_AT_ONCE = 31;
const UNUSUAL_BLANK = /[^\S ]/u;

/**
 * Prompts as the numbers of their words, for finding those that contain given words. A word of the search has no blanks
 * in it, so a prompt contains it exactly where one of the prompt's own blank-separated words does: the vocabulary is
 * searched as text, the prompts as numbers. 4 bytes per word of all prompts, and the vocabulary. Built on the first
 * search.
 */
export class PromptIndex {
  readonly #store: Store;
  readonly #numbers = new Map<string, number>();
  /** Of all prompts one after another; `#ends` says where each one ends, `#images` which image it belongs to. */
  #words = new Uint32Array(1 << 16);
  #ends = new Uint32Array(1024);
  #images = new Uint32Array(1024);
  #used = 0;
  #prompts = 0;
  #taken = 0;
  #loading: Promise<void> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Adds the prompts of the images up to number `n`. */
  load(n: number): Promise<void> {
    this.#loading = this.#loading.then(async () => {
      await inPages(this.#taken, n, (after, upTo) => this.#read(after, upTo), PAGE);
    });
    return this.#loading;
  }

  #read(after: number, upTo: number): void {
    for (const [image, prompt] of this.#store.explore.prompts(after, upTo)) {
      for (const word of wordsOf(prompt)) {
        let number = this.#numbers.get(word);
        if (number === undefined) this.#numbers.set(word, (number = this.#numbers.size));
        if (this.#used === this.#words.length) this.#words = grown(this.#words);
        this.#words[this.#used++] = number;
      }
      if (this.#prompts === this.#ends.length) {
        this.#ends = grown(this.#ends);
        this.#images = grown(this.#images);
      }
      this.#ends[this.#prompts] = this.#used;
      this.#images[this.#prompts++] = image;
    }
    this.#taken = upTo;
  }

  /** Which of the first `n` images have prompts that contain every word of the text, whatever the case. */
  search(text: string, n: number): Uint8Array {
    const words = [...new Set(wordsOf(text))];
    const mask = new Uint8Array(n + 1);
    for (let prompt = 0; prompt < this.#prompts; prompt++)
      if (this.#images[prompt]! <= n) mask[this.#images[prompt]!] = 1;
    for (let first = 0; first < words.length; first += WORDS_AT_ONCE)
      this.#keepWithAll(words.slice(first, first + WORDS_AT_ONCE), mask);
    return mask;
  }

  /** Every word of every prompt that was loaded. */
  stream(): WordStream {
    return {
      vocabulary: [...this.#numbers.keys()],
      each: (visit) => {
        for (let prompt = 0, at = 0; prompt < this.#prompts; prompt++)
          for (const end = this.#ends[prompt]!; at < end; at++)
            visit(this.#images[prompt]!, this.#words[at]!);
      },
    };
  }

  #keepWithAll(words: string[], mask: Uint8Array): void {
    const bitsOf = new Uint32Array(this.#numbers.size);
    for (const [own, number] of this.#numbers)
      for (let bit = 0; bit < words.length; bit++) if (own.includes(words[bit]!)) bitsOf[number]! |= 1 << bit;
    const all = 2 ** words.length - 1;
    for (let prompt = 0, at = 0; prompt < this.#prompts; prompt++) {
      let bits = 0;
      for (const end = this.#ends[prompt]!; at < end; at++) bits |= bitsOf[this.#words[at]!]!;
      const image = this.#images[prompt]!;
      if (bits !== all && image < mask.length) mask[image] = 0;
    }
  }
}

/** Lower-case words between blanks of any kind. */
function wordsOf(text: string): string[] {
  // Splitting at plain spaces is much faster, and few prompts have other white space.
  return text
    .toLowerCase()
    .split(UNUSUAL_BLANK.test(text) ? /\s+/u : ' ')
    .filter((word) => word !== '');
}

function grown(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const made = new Uint32Array(numbers.length * 2);
  made.set(numbers);
  return made;
}
