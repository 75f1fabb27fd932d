import { expect, test } from 'vitest';
import { FIELDS, FILE_FIELDS, keyOf } from './fields.ts';

test('keys that are in ledgers, databases and exports already stay as they are', () => {
  // What events call them, and what columns and exports do. Only ever add to this list.
  const known = {
    split: 'split',
    generator: 'generator',
    generatorVersion: 'generator_version',
    prompt: 'prompt',
    negativePrompt: 'negative_prompt',
    seed: 'seed',
  } as const;
  for (const [id, key] of Object.entries(known)) {
    expect(FILE_FIELDS).toContain(id);
    expect(keyOf(id as keyof typeof known)).toBe(key);
  }
});

test('no manifest column could mean two fields', () => {
  const names = FILE_FIELDS.flatMap((id) => [keyOf(id), ...FIELDS[id].manifest]);
  expect(new Set(names).size).toBe(names.length);
});
