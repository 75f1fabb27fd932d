import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** The axe that `@axe-core/playwright` brings, to be loaded into a page once: its builder loads it for every question. */
const AXE = readFileSync(
  createRequire(import.meta.resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'),
  'utf8',
);
type Violation = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'][number];
type Rules = Parameters<AxeBuilder['options']>[0]['runOnly'];

export const ALL_RULES: Rules = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
};
/** For a page that differs from one that was looked at in its colours alone. */
export const COLOURS: Rules = { type: 'rule', values: ['color-contrast'] };

/** Loads axe into a page; it stays until the page is loaded anew. */
export const loadAxe = (page: Page): Promise<unknown> => page.evaluate(AXE);

/** Axe's findings in the page as it is now, one line per broken rule. */
export async function axeFaults(page: Page, rules = ALL_RULES): Promise<string[]> {
  const violations = await page.evaluate(async (runOnly) => {
    const { axe } = globalThis as unknown as {
      axe: { run(how: object): Promise<{ violations: Violation[] }> };
    };
    const found = await axe.run({ runOnly, resultTypes: ['violations'] });
    return found.violations.map(({ id, nodes }) => ({ id, targets: nodes.map(({ target }) => target) }));
  }, rules);
  return violations.map(
    ({ id, targets }) => `${id} at ${targets.map((target) => target.join(' ')).join('; ')}`,
  );
}
