import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM, openWindow, stopBrowser } from '../support/browser.ts';
import { temporaryFolder } from '../support/folders.ts';
import { makeHugeProject } from '../support/huge-project.ts';
import { startServed, type ServedWorkbench } from '../support/served.ts';

const why = CHROMIUM ? '' : ' (skipped: no Chromium here; install it, or name one with ASSAY_CHROMIUM)';
/** A million before a release (scripts/release.ts). */
const IMAGES = Number(process.env['ASSAY_HUGE'] ?? 200_000);
const SAID = IMAGES.toLocaleString('en');
const PATIENCE = { timeout: 60_000 };

describe.skipIf(!CHROMIUM)(`a project of ${SAID} images${why}`, () => {
  let served: ServedWorkbench;
  beforeAll(async () => {
    process.env['ASSAY_CONFIG'] = mkdtempSync(join(tmpdir(), 'assay-config-'));
    served = await startServed();
    await served.core().settings.set({ reviewer: 'ada' });
  }, 120_000);
  afterAll(async () => {
    await stopBrowser();
    await served?.close();
  });

  test('is shown, sorted, scrolled to its end, filtered and reviewed', { timeout: 600_000 }, async () => {
    const project = await makeHugeProject(join(temporaryFolder(), 'huge'), {
      images: IMAGES,
      thumbs: 2000,
      originals: 20,
      queue: 20,
      decisions: 5,
    });
    const address = (screen: string): string => `/p/${encodeURIComponent(project)}/${screen}`;
    const { page, complaints } = await openWindow(served.newUrl(address('overview')));
    const main = page.getByRole('main');
    await expect.poll(() => main.textContent(), PATIENCE).toMatch(new RegExp(String.raw`Images\s*${SAID}`));

    await page.getByRole('link', { name: 'Explore' }).click();
    await expect.poll(() => main.textContent(), PATIENCE).toMatch(`${SAID} of ${SAID}`);
    const grid = page.getByRole('grid', { name: 'Images' });
    await grid.getByRole('gridcell').first().locator('img').waitFor(PATIENCE);
    // Higher than a browser can lay out.
    await grid.press('Control+End');
    await grid.locator(`[data-index="${IMAGES - 1}"]`).waitFor(PATIENCE);
    await grid.press('Control+Home');
    await grid.locator('[data-index="0"]').waitFor(PATIENCE);
    expect(await grid.getByRole('gridcell').count()).toBeLessThan(500);

    const filter = encodeURIComponent(JSON.stringify({ labels: ['part-03'], decisions: ['none'] }));
    const sort = encodeURIComponent(JSON.stringify({ by: 'self-confidence', order: 'ascending' }));
    await page.goto(`${served.origin}/#${address('explore')}?filter=${filter}&sort=${sort}`);
    await expect
      .poll(() => main.textContent(), PATIENCE)
      .toMatch(new RegExp(String.raw`\d,\d{3} of ${SAID}`));
    await expect.poll(() => grid.getByRole('gridcell').first().locator('img').count(), PATIENCE).toBe(1);

    await page.goto(`${served.origin}/#${address('review')}`);
    await page.locator('[data-shown]').waitFor(PATIENCE);
    const first = await page.locator('[data-shown]').getAttribute('data-shown');
    await page.keyboard.press('a');
    await page.locator(`[data-shown]:not([data-shown="${first}"])`).waitFor(PATIENCE);
    expect((await served.core().projects.status({ project })).decisions.entries).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });
});
