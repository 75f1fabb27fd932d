import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { CHROMIUM, openWindow, stopBrowser } from '../support/browser.ts';
import { FEW_CLASSES, makeReviewSet, MANY_CLASSES } from '../support/review-set.ts';
import { startServed, type ServedWorkbench } from '../support/served.ts';

const why = CHROMIUM ? '' : ' (skipped: no Chromium here)';
const by = 'ada';

const tiles = (page: Page) => page.getByRole('group', { name: 'Images of the grid' });
/** The hash of the first tile once all are on the screen, and it is another than `last`. */
async function painted(page: Page, last: string | null = null): Promise<string> {
  const grid = tiles(page);
  await expect.poll(() => grid.getAttribute('data-painted')).not.toBe(last);
  // A key within half a second would count as one that bounced.
  await page.waitForTimeout(600);
  return (await grid.getAttribute('data-painted'))!;
}
const shared = (page: Page) => page.getByRole('toolbar', { name: 'Grid' }).textContent();

describe.skipIf(!CHROMIUM)(`reviewing in grids in a browser${why}`, () => {
  let served: ServedWorkbench;
  let core: CoreClient;
  const home = mkdtempSync(join(tmpdir(), 'assay-grid-'));

  beforeAll(async () => {
    process.env['ASSAY_CONFIG'] = mkdtempSync(join(tmpdir(), 'assay-config-'));
    served = await startServed();
    core = served.core();
    await core.settings.set({ reviewer: by });
  }, 180_000);
  afterAll(async () => {
    await stopBrowser();
    await served?.close();
  });
  const open = async (project: string, size = {}) => {
    const window = await openWindow(served.newUrl(`/p/${encodeURIComponent(project)}/review`), size);
    await window.page.locator('[data-shown]').first().waitFor();
    return window;
  };

  test(
    'a grid is answered by keys and clicks as one act, and taken back as one',
    { timeout: 240_000 },
    async () => {
      const project = await makeReviewSet(core, join(home, 'keys'), FEW_CLASSES);
      const { page, complaints } = await open(project);
      await page.keyboard.press('Shift+G');
      const first = await painted(page);
      expect(await shared(page)).toMatch(/^20 images of one class: brick/);
      const grid = await core.reviews.grid({ project, by, queue: 1, count: 20, together: 'class' });
      expect(grid[0]!.sha256).toBe(first);

      // The second by its label key, the third by a reason, the fifth by a click.
      for (const key of ['ArrowRight', '2', 'ArrowRight', 'x', '1']) await page.keyboard.press(key);
      await tiles(page).getByRole('button').nth(4).click();
      // The sixth by a click that is taken back.
      for (let i = 0; i < 2; i++) await tiles(page).getByRole('button').nth(5).click();
      await page.getByRole('button', { name: 'Accept 17 images' }).waitFor();
      await page.keyboard.press('a');
      const second = await painted(page, first);
      await page.getByText('✓ Saved: 20 items, 17 accepted').waitFor();
      const answers = async () => {
        const found = await core.reviews.items({ project, by, queue: 1, from: 0, count: 50 });
        return grid.map(({ position }) => found.find((item) => item.position === position)!);
      };
      expect((await answers()).slice(0, 6).map(({ answer }) => answer!.verdict)).toEqual([
        'accept',
        'relabel',
        'reject',
        'accept',
        'skip',
        'accept',
      ]);
      const { history } = (await answers())[0]!;
      expect(history).toMatchObject([{ verdict: 'accept', grid: 20 }]);
      expect(await core.reviews.session({ project, by })).toMatchObject({ answered: 19, undoable: 1 });

      // A mark goes first, then the whole grid, which comes back with its marks.
      await page.keyboard.press('Space');
      await page.keyboard.press('Backspace');
      await page.keyboard.press('Backspace');
      await painted(page, second);
      await page
        .getByText(/^Undone: the whole grid of 20/)
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Accept 17 images' }).waitFor();
      expect(await core.reviews.session({ project, by })).toMatchObject({ answered: 0 });

      // Enter enlarges the one that keys are about, Escape goes back; what is said of it holds in the grid.
      await page.keyboard.press('Enter');
      await page.getByRole('complementary', { name: 'About this item' }).waitFor();
      await page.getByRole('img', { name: /enlarged$/ }).waitFor();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Escape');
      await page.getByRole('complementary', { name: 'About this item' }).waitFor({ state: 'detached' });

      // Larger and smaller, by reason; remembered.
      for (const key of ['-', 'j']) await page.keyboard.press(key);
      await expect.poll(() => shared(page)).toMatch(/12 at once/);
      await expect.poll(() => shared(page)).toMatch(/of one reason/);
      await page.keyboard.press('Shift+G');
      await page.locator('[data-shown]').first().waitFor();
      await page.keyboard.press('Shift+G');
      await painted(page);
      expect(await shared(page)).toMatch(/of one reason.*12 at once/);
      expect(complaints).toEqual([]);
      expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
    },
  );

  test(
    'a queue is gone through in grids to its end, and the audit comes one by one',
    { timeout: 240_000 },
    async () => {
      const project = await makeReviewSet(core, join(home, 'end'), {
        ...FEW_CLASSES,
        queue: { everything: false, budget: { items: 30 } },
      });
      await core.settings.set({ panels: { 'grid-size': 60 } });
      const { page } = await open(project);
      await page.keyboard.press('Shift+G');
      let last = await painted(page);
      const end = page.getByRole('heading', { name: 'No more grids in this queue' });
      for (let grids = 0; grids < 6 && !(await end.isVisible()); grids++) {
        await page.keyboard.press('a');
        const next = tiles(page).and(page.locator(`:not([data-painted="${last}"])`));
        await end.or(next).waitFor();
        if (!(await end.isVisible())) last = await painted(page, last);
      }
      await end.waitFor();
      const { items } = await core.queue.show({ project });
      const { answered } = await core.reviews.session({ project, by });
      expect(answered).toBeGreaterThan(items.length / 3);
      const audit = items.filter(({ stratum }) => stratum === 'audit');
      expect(new Set(audit.map(({ verdict }) => verdict))).toEqual(new Set([null]));
      await page.keyboard.press('Shift+G');
      await page.locator('[data-shown]').first().waitFor();
      await page.keyboard.press('a');
      await expect
        .poll(async () => (await core.reviews.session({ project, by })).answered)
        .toBe(answered + 1);
    },
  );

  test.each([
    [1024, 700, 'light'],
    [1440, 900, 'dark'],
  ] as const)(
    'sixty at once with 120 long names at %ix%i, %s: nothing is cut, nothing scrolls sideways',
    { timeout: 480_000 },
    async (width, height, colorScheme) => {
      await core.settings.set({ panels: { 'grid-size': 60, 'grid-together': 'reason' } });
      const project = join(home, 'many.assay');
      if (width === 1024) await makeReviewSet(core, join(home, 'many'), { ...MANY_CLASSES, synthetic: 110 });
      const { page } = await open(project, { width, height, colorScheme });
      await page.keyboard.press('Shift+G');
      await painted(page);
      const area = (await tiles(page).boundingBox())!;
      const all = await tiles(page).getByRole('button').all();
      expect(all.length).toBeGreaterThan(10);
      for (const tile of all) {
        const box = (await tile.boundingBox())!;
        expect(box.width).toBeGreaterThan(60);
        expect(box.x).toBeGreaterThanOrEqual(area.x);
        expect(box.x + box.width).toBeLessThanOrEqual(area.x + area.width);
        expect(box.y).toBeGreaterThanOrEqual(area.y);
        expect(box.y + box.height).toBeLessThanOrEqual(area.y + area.height);
      }
      for (const bar of ['Grid', 'Answers'])
        for (const button of await page.getByRole('toolbar', { name: bar }).getByRole('button').all()) {
          const box = (await button.boundingBox())!;
          expect(box.x + box.width).toBeLessThanOrEqual(width);
          expect(box.y + box.height).toBeLessThanOrEqual(height);
        }
      const isWider = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
      expect(await page.evaluate(isWider)).toBe(false);
    },
  );
});
