import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BASIS_WORDS, COUNT_WORDS } from '../../rpc/contract/counts.ts';

test.each(Object.values({ ...COUNT_WORDS, ...BASIS_WORDS }))(
  'the glossary says what $title means',
  ({ title, meaning }) => {
    const glossary = readFileSync(new URL('../../docs/glossary.md', import.meta.url), 'utf8');
    expect(glossary).toContain(`| ${title} | ${meaning} |`);
  },
);
