import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeReviewable } from '../support/reviewable.ts';
import { CHROMIUM, openWindow, stopBrowser } from '../support/browser.ts';
import { SCREENS } from '../../renderer/shell/screens.ts';
import { startServed, type ServedWorkbench } from '../support/served.ts';

const why = CHROMIUM ? '' : ' (skipped: no Chromium here)';
/** The axe that `@axe-core/playwright` brings, to be loaded into a page once: its builder loads it for every question. */
const AXE = readFileSync(
  createRequire(import.meta.resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'),
  'utf8',
);
type Violation = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'][number];
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Waits, in a page, until it has loaded: nothing moves, and its content is unchanged for 400 ms. */
const SETTLED = `new Promise((resolve) => {
  let changedMs = performance.now();
  const observer = new MutationObserver(() => (changedMs = performance.now()));
  observer.observe(document, { subtree: true, childList: true, characterData: true });
  (function look() {
    // Placeholders for pending content are animated.
    if (document.getAnimations().length > 0) changedMs = performance.now();
    if (performance.now() - changedMs < 400) return setTimeout(look, 50);
    observer.disconnect();
    resolve();
  })();
})`;

/** Returns axe's findings in the current page, one line per broken rule. */
const faultsOf = async (page: Page): Promise<string[]> => {
  const violations = await page.evaluate(async (values) => {
    const { axe } = globalThis as unknown as {
      axe: { run(how: object): Promise<{ violations: Violation[] }> };
    };
    const found = await axe.run({ runOnly: { type: 'tag', values }, resultTypes: ['violations'] });
    return found.violations.map(({ id, nodes }) => ({ id, targets: nodes.map(({ target }) => target) }));
  }, STANDARDS);
  return violations.map(
    ({ id, targets }) => `${id} at ${targets.map((target) => target.join(' ')).join('; ')}`,
  );
};

describe.skipIf(!CHROMIUM)(`every screen, judged by axe${why}`, () => {
  let served: ServedWorkbench;
  const folders = new Map<string, string>();

  beforeAll(async () => {
    process.env['ASSAY_CONFIG'] = mkdtempSync(join(tmpdir(), 'assay-config-'));
    served = await startServed();
    const core = served.core();
    await core.settings.set({ reviewer: 'ada' });
    const home = mkdtempSync(join(tmpdir(), 'assay-axe-'));
    folders.set('empty', (await core.projects.create({ project: join(home, 'empty'), by: 'ada' })).folder);
    folders.set('small', await makeReviewable(core, join(home, 'small'), 30));
  }, 180_000);
  afterAll(async () => {
    await stopBrowser();
    await served?.close();
  });

  test.each(['light', 'dark'] as const)('in the %s theme', { timeout: 240_000 }, async (colorScheme) => {
    const { page, complaints } = await openWindow(served.newUrl('/'), { colorScheme });
    const origin = page.url().split('#')[0]!;
    const found: string[] = [];
    await page.evaluate(AXE);
    const judge = async (where: string): Promise<void> => {
      await page.evaluate(SETTLED);
      for (const fault of await faultsOf(page)) found.push(`${where}: ${fault}`);
    };
    await judge('projects');
    for (const [state, folder] of folders)
      for (const { id: screen } of SCREENS) {
        await page.goto(`${origin}#/p/${encodeURIComponent(folder)}/${screen}`);
        await judge(`${screen}, ${state}`);
      }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
