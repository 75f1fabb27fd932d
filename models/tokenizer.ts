/**
 * The only home of the tokenizer library, in the inference process: a tokenizer.json is no more trusted than a graph.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { AssayError } from '../rpc/errors.ts';

function refuse(what: string, cause?: unknown): AssayError {
  return new AssayError('MODEL_REFUSED', `The tokenizer of the text tower ${what}.`, {}, cause);
}

/** Turns texts into the ids of tokens, by a tokenizer.json of Hugging Face. */
export class TextTokenizer {
  readonly #tokenizer: Tokenizer;
  /** The token that the tokenizer puts after every text, or null where it puts none. */
  readonly #end: number | null;

  /** Throws MODEL_REFUSED where the bytes are no tokenizer that the library knows, or where they give no ids. */
  constructor(bytes: Uint8Array) {
    try {
      this.#tokenizer = new Tokenizer(JSON.parse(Buffer.from(bytes).toString('utf8')) as object, {});
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw refuse(
        `cannot be read (${why}); it must be the tokenizer.json of Hugging Face, of a kind known here`,
        thrown,
      );
    }
    const [empty, word] = [this.encode(''), this.encode('a')];
    this.#end = empty.length > 0 && empty.at(-1) === word.at(-1) ? empty.at(-1)! : null;
  }

  /** Ids of a text with the tokens that stand before and after it, however many there are. */
  encode(text: string): number[] {
    let ids: number[];
    try {
      ({ ids } = this.#tokenizer.encode(text));
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw refuse(`fails on "${text}": ${why}`, thrown);
    }
    if (!ids.every((id) => Number.isInteger(id) && id >= 0))
      throw refuse(`gives no id for a part of "${text}"; its vocabulary is not whole`);
    return ids;
  }

  /** The first `length` ids, of which the last one still ends the text, as CLIP cuts what is too long. */
  cut(ids: readonly number[], length: number): number[] {
    if (ids.length <= length) return [...ids];
    return this.#end === null ? ids.slice(0, length) : [...ids.slice(0, length - 1), this.#end];
  }
}
