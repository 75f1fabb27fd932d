import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SCREENS } from './screens.ts';

const screens = new URL('../screens/', import.meta.url);

test('every screen has its folder, every folder its row, and the README names them all', () => {
  const ids = SCREENS.map(({ id }): string => id);
  for (const id of ids) expect(existsSync(new URL(`${id}/${id}-screen.tsx`, screens))).toBe(true);
  expect(readdirSync(screens).toSorted()).toEqual([...ids, 'projects'].toSorted());
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  for (const { title } of SCREENS) expect(readme).toContain(`\n| ${title} |`);
});
