import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImageFilter } from '../../rpc/contract/images.ts';
import { CHROMIUM, openWindow, stopBrowser } from '../support/browser.ts';
import { makeReviewable } from '../support/reviewable.ts';
import { startServed, type ServedWorkbench } from '../support/served.ts';

const why = CHROMIUM ? '' : ' (skipped: no Chromium here; install it, or name one with ASSAY_CHROMIUM)';

/** The filter that the address holds. */
function filterOf(page: Page): ImageFilter {
  const search = new URLSearchParams(page.url().split('?')[1]);
  return JSON.parse(search.get('filter') ?? '{}') as ImageFilter;
}

describe.skipIf(!CHROMIUM)(`exploring in a browser${why}`, () => {
  let served: ServedWorkbench;
  let project: string;
  beforeAll(async () => {
    process.env['ASSAY_CONFIG'] = mkdtempSync(join(tmpdir(), 'assay-config-'));
    served = await startServed();
    await served.core().settings.set({ reviewer: 'Ada Lovelace' });
    project = await makeReviewable(
      served.core(),
      join(mkdtempSync(join(tmpdir(), 'assay-explore-')), 'parts'),
      90,
    );
  }, 300_000);
  afterAll(async () => {
    await stopBrowser();
    await served?.close();
  });
  const open = (search = '') =>
    openWindow(served.newUrl(`/p/${encodeURIComponent(project)}/explore${search}`));

  /** The numbers beside the labels are those that the core counts under the filter of the address. */
  async function countsAgree(page: Page): Promise<void> {
    const labels = page.getByRole('group', { name: 'Labels' });
    const shown = async () => {
      const facets = await served.core().images.facets({ project, filter: filterOf(page) });
      const wanted = facets.labels.map(({ name, images }) => `${name ?? 'No label'}${images}`);
      const texts = await labels.locator('label').allTextContents();
      return { texts: texts.toSorted(), wanted: wanted.toSorted() };
    };
    await expect
      .poll(async () => JSON.stringify((await shown()).texts), { timeout: 20_000 })
      .toBe(JSON.stringify((await shown()).wanted));
  }

  test('counts follow filters, histogram and lasso', { timeout: 120_000 }, async () => {
    const { page, complaints } = await open();
    await countsAgree(page);
    await page.getByRole('group', { name: 'Role' }).getByText('Synthetic').click();
    await expect.poll(() => filterOf(page).roles).toEqual(['synthetic']);
    await countsAgree(page);
    const plot = page.getByRole('img', { name: /^Histogram of Agreement/ });
    await plot.scrollIntoViewIfNeeded();
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 1.2, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => filterOf(page).scores?.['neighbour-agreement']?.[1]).toBeNull();
    await countsAgree(page);

    await page.getByText('Map', { exact: true }).click();
    const map = page.getByRole('img', { name: /^Map of/ });
    await map.waitFor({ timeout: 60_000 });
    const area = (await map.boundingBox())!;
    await page.getByRole('button', { name: 'Lasso' }).click();
    const corner = (x: number, y: number) =>
      page.mouse.move(area.x + x * area.width, area.y + y * area.height, { steps: 5 });
    await corner(0.25, 0.1);
    await page.mouse.down();
    await corner(0.6, 0.1);
    await corner(0.6, 0.9);
    await corner(0.25, 0.9);
    await page.mouse.up();
    await expect.poll(() => filterOf(page).lasso?.layout).toBe('pca');
    await countsAgree(page);
    expect(complaints).toEqual([]);
  });

  test(
    'the map names clusters, shows density on request, and is coloured by a score',
    { timeout: 120_000 },
    async () => {
      const { page, complaints } = await open('?show=%22map%22&colour=%22novelty-all%22');
      await page.getByRole('img', { name: /^Map of/ }).waitFor({ timeout: 60_000 });
      await page.getByText('high is suspect').waitFor({ timeout: 20_000 });
      const [cluster] = await served.core().maps.clusters({ project, layout: 'pca' });
      await page.getByRole('list', { name: 'Clusters' }).getByText(cluster!.label!.name).first().waitFor();
      const density = page.getByRole('button', { name: 'Density' });
      expect(await density.getAttribute('aria-pressed')).toBe('false');
      await density.click();
      await page.getByText(/The fuller, the more images/).waitFor();
      expect(complaints).toEqual([]);
    },
  );

  test('a view is saved under a name and opened again', { timeout: 120_000 }, async () => {
    const { page } = await open('?filter=%7B%22roles%22%3A%5B%22real%22%5D%7D');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('textbox', { name: 'Name of this view' }).fill('Only real');
    await page.keyboard.press('Enter');
    await page
      .getByRole('list', { name: 'Saved views' })
      .getByRole('button', { name: 'Only real', exact: true })
      .waitFor();
    const second = await open();
    await second.page.getByRole('button', { name: 'Views' }).click();
    await second.page.getByRole('button', { name: 'Only real', exact: true }).click();
    await expect.poll(() => filterOf(second.page)).toEqual({ roles: ['real'] });
    await second.page.getByRole('button', { name: 'Only real' }).click();
    await second.page.getByRole('button', { name: 'Remove the view Only real' }).click();
    await expect.poll(() => served.core().views.list({ project })).toEqual([]);
  });

  test(
    'chosen images are tagged by key, found by their tag, and untagged',
    { timeout: 120_000 },
    async () => {
      const { page, complaints } = await open();
      const cells = page.getByRole('gridcell');
      await cells.nth(0).click();
      await cells.nth(1).click({ modifiers: ['Control'] });
      await page.keyboard.press('d');
      await page.getByRole('combobox', { name: 'Tag' }).fill('ask vendor');
      await page.keyboard.press('Enter');
      await page
        .getByRole('toolbar', { name: 'Chosen images' })
        .getByText('“ask vendor”: 2 images. Saved.')
        .waitFor();
      await cells.nth(1).getByTitle('ask vendor').waitFor();
      const rail = page.getByRole('complementary', { name: 'About the image' });
      await rail.getByRole('button', { name: 'ask vendor', exact: true }).waitFor();
      await rail.getByRole('button', { name: 'Add a tag …' }).click();
      await page.getByRole('combobox', { name: 'Tag for this image' }).fill('glare');
      await page.keyboard.press('Enter');
      await rail.getByRole('button', { name: 'Take off the tag glare' }).waitFor();
      const tags = page.getByRole('group', { name: 'Tags' });
      await expect.poll(() => tags.locator('label').allTextContents()).toEqual(['ask vendor2', 'glare1']);
      await tags.getByText('glare').click();
      await expect.poll(() => filterOf(page).tags).toEqual(['glare']);
      await expect.poll(() => cells.count()).toBe(1);

      // All that match: asked first, since it is about all of the view.
      await tags.getByText('ask vendor').click();
      await expect.poll(() => cells.count()).toBe(2);
      await page.keyboard.press('Control+a');
      await page.getByText('All 2 images', { exact: true }).waitFor();
      await page.keyboard.press('d');
      await page.getByRole('button', { name: /^Take one off instead/ }).click();
      await page.getByRole('option', { name: 'ask vendor' }).click();
      await page.getByRole('button', { name: 'Untag 2' }).click();
      await expect.poll(() => cells.count()).toBe(1);
      const bar = page.getByRole('toolbar', { name: 'Chosen images' });
      await bar.getByRole('button', { name: 'Undo' }).click();
      await bar.getByText('Undid “ask vendor” on 2 images. Saved.').waitFor();
      await expect.poll(() => tags.locator('label').allTextContents()).toEqual(['ask vendor2', 'glare1']);
      await rail.getByRole('button', { name: 'Take off the tag glare' }).click();
      await expect
        .poll(() => served.core().tags.list({ project }))
        .toEqual([{ name: 'ask vendor', images: 2 }]);
      expect(complaints).toEqual([]);
    },
  );

  test('two chosen images are compared', { timeout: 120_000 }, async () => {
    const { page, complaints } = await open();
    const cells = page.getByRole('gridcell');
    await cells.nth(0).click();
    expect(await page.getByRole('button', { name: /^Compare/ }).count()).toBe(0);
    await cells.nth(1).click({ modifiers: ['Control'] });
    await page.getByRole('button', { name: /^Compare/ }).waitFor();
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: 'Compare two images' });
    await dialog.locator('[data-shown]').nth(1).waitFor({ timeout: 20_000 });
    await page.keyboard.press('Shift+C');
    await dialog.getByTestId('swipe').waitFor();
    await page.keyboard.press('c');
    await dialog.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });
});
