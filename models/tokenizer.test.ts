import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TextTokenizer } from './tokenizer.ts';

const tiny = readFileSync(new URL('testing/tiny-towers/tokenizer.json', import.meta.url));
const tokenizer = new TextTokenizer(tiny);
const golden = JSON.parse(
  readFileSync(new URL('../test/goldens/clip-tokens.json', import.meta.url), 'utf8'),
) as { cases: { text: string; ids: number[] }[] };

test.each(golden.cases)('the ids of "$text" are those of the byte-pair encoding it was made by', (facts) => {
  expect(tokenizer.encode(facts.text)).toEqual(facts.ids);
});

describe('a text that is too long', () => {
  const ids = tokenizer.encode('a gear on a gear on a gear');
  const [start, end] = [ids[0]!, ids.at(-1)!];

  test('is cut before its end, which stays', () => {
    expect(tokenizer.cut(ids, 4)).toEqual([start, ids[1], ids[2], end]);
    expect(tokenizer.cut(ids, ids.length - 1)).toEqual([...ids.slice(0, -2), end]);
  });

  test('is left alone where it just fits', () => {
    expect(tokenizer.cut(ids, ids.length)).toEqual(ids);
    expect(tokenizer.cut(ids, ids.length + 5)).toEqual(ids);
  });

  test('loses its last words where nothing ends it', () => {
    const document = JSON.parse(tiny.toString()) as Record<string, unknown>;
    const bare = new TextTokenizer(Buffer.from(JSON.stringify({ ...document, post_processor: null })));
    const words = bare.encode('a gear on a gear');
    expect(words).toEqual(tokenizer.encode('a gear on a gear').slice(1, -1));
    expect(bare.cut(words, 2)).toEqual(words.slice(0, 2));
  });
});

function changed(change: (document: { model: Record<string, unknown> }) => void): Buffer {
  const document = JSON.parse(tiny.toString()) as { model: Record<string, unknown> };
  change(document);
  return Buffer.from(JSON.stringify(document));
}

test.each<[string, Buffer, RegExp]>([
  ['that is not JSON', Buffer.from('{'), /cannot be read/],
  ['that is a list', Buffer.from('[]'), /cannot be read/],
  ['that is a number', Buffer.from('7'), /cannot be read/],
  ['without a model', changed((document) => Reflect.deleteProperty(document, 'model')), /cannot be read/],
  [
    'of a model that nobody knows',
    changed((document) => (document.model = { type: 'Oracle' })),
    /cannot be read/,
  ],
  [
    'whose ids are no numbers',
    changed(({ model }) => ((model['vocab'] as Record<string, unknown>)['a</w>'] = 'one')),
    /gives no id/,
  ],
])('a tokenizer %s is refused', (_what, bytes, message) => {
  expect(() => new TextTokenizer(bytes)).toThrow(
    expect.objectContaining({ code: 'MODEL_REFUSED', message: expect.stringMatching(message) }),
  );
});
