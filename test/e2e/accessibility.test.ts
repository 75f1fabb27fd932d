import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeReviewable } from '../support/reviewable.ts';
import { CHROMIUM, openWindow, stopBrowser } from '../support/browser.ts';
import { SCREENS } from '../../renderer/shell/screens.ts';
import { startServed, type ServedWorkbench } from '../support/served.ts';

const why = CHROMIUM ? '' : ' (skipped: no Chromium here)';

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
    const judge = async (where: string): Promise<void> => {
      await page.waitForTimeout(900);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze();
      for (const { id, nodes } of violations)
        found.push(`${where}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
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
