import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { CHROMIUM, openWindow, stopBrowser } from '../support/browser.ts';
import { FEW_CLASSES, makeReviewSet, MANY_CLASSES } from '../support/review-set.ts';
import { startServed, type ServedWorkbench } from '../support/served.ts';

const why = CHROMIUM ? '' : ' (skipped: no Chromium here)';
const by = 'ada';

/** The hash of the image on the stage, once it is another than `last`. */
async function shown(page: Page, last: string | null = null): Promise<string> {
  const picture = page.locator('[data-shown]').first();
  await expect.poll(() => picture.getAttribute('data-shown')).not.toBe(last);
  return (await picture.getAttribute('data-shown'))!;
}
const focused = (page: Page) =>
  page.evaluate<string>(
    'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent',
  );
const STAGE = 'Image under review';

describe.skipIf(!CHROMIUM)(`keys and labels of a review in a browser${why}`, () => {
  let served: ServedWorkbench;
  let core: CoreClient;
  const home = mkdtempSync(join(tmpdir(), 'assay-keys-'));

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
  const open = async (project: string) => {
    const { page } = await openWindow(served.newUrl(`/p/${encodeURIComponent(project)}/review`));
    return page;
  };

  test(
    'the focus is never lost, one Escape closes one thing, keys are those of the moment and can be swapped',
    { timeout: 240_000 },
    async () => {
      const project = await makeReviewSet(core, join(home, 'focus'), {
        ...FEW_CLASSES,
        queue: { everything: false, budget: { items: 3 } },
      });
      const page = await open(project);
      await shown(page);
      expect(await focused(page)).toBe(STAGE);

      const keys = page.getByRole('dialog', { name: 'Keys' });
      const now = keys.getByRole('region', { name: 'Keys of this moment' });
      await page.keyboard.press('?');
      await now.getByRole('button', { name: 'brick: 1' }).waitFor();
      await now.getByRole('button', { name: 'Reject: X' }).waitFor();
      expect(await now.getByRole('button', { name: /^Gather the grid/ }).count()).toBe(0);
      expect(await now.getByRole('button', { name: /^Label 4/ }).count()).toBe(0);

      // A key that is taken is swapped; the first Escape leaves the question, the second one the dialog.
      const accept = now.getByRole('button', { name: /^Accept:/ });
      await accept.click();
      await page.keyboard.press('x');
      await keys.getByText('X is the key of “Reject”.').waitFor();
      await page.keyboard.press('Escape');
      await keys.getByText('X is the key of “Reject”.').waitFor({ state: 'hidden' });
      await accept.click();
      await page.keyboard.press('x');
      await keys.getByRole('button', { name: 'Swap the two' }).click();
      await now.getByRole('button', { name: 'Reject: A' }).waitFor();
      await page.keyboard.press('Escape');
      await keys.waitFor({ state: 'hidden' });
      await expect.poll(() => focused(page)).toBe(STAGE);
      const first = await shown(page);
      await page.keyboard.press('x');
      let last = await shown(page, first);
      const [answered] = await core.reviews.items({ project, by, from: 0, count: 1 });
      expect(answered!.answer).toMatchObject({ verdict: 'accept' });
      await core.settings.set({ keys: {} });
      await page.reload();
      last = await shown(page);

      // Whatever was open, the keys are the picture's again.
      for (const [key, dialog] of [
        ['/', null],
        ['f', null],
        ['h', /^Instructions/],
      ] as const) {
        await page.keyboard.press(key);
        if (dialog) await page.getByRole('dialog', { name: dialog }).waitFor();
        await page.keyboard.press('Escape');
        await expect.poll(() => focused(page)).toBe(STAGE);
      }
      const compare = page.getByRole('toolbar', { name: 'Compare' });
      const strip = page.getByRole('navigation', { name: 'Items before and after' });
      await page.keyboard.press('w');
      await strip.waitFor({ state: 'hidden' });
      await page.keyboard.press('c');
      await compare.waitFor();
      await page.keyboard.press('Escape');
      await compare.waitFor({ state: 'hidden' });
      expect(await strip.isVisible()).toBe(false);
      await page.keyboard.press('Escape');
      await strip.waitFor();

      // The end has the focus, and undo goes back to the picture.
      // Rejected, since an image that looks like a copy cannot be accepted as it is.
      for (const key of ['x', '1']) await page.keyboard.press(key);
      await shown(page, last);
      for (const key of ['x', '1']) await page.keyboard.press(key);
      await page.getByRole('heading', { name: 'All 3 items are answered' }).waitFor();
      await expect.poll(() => focused(page)).toContain('All 3 items are answered');
      // Whatever can be pressed there shows its key.
      const main = page.getByRole('main');
      await main.getByRole('link', { name: /^Export Shift\+X/ }).waitFor();
      for (const part of await main.locator('a, button').all())
        expect(await part.locator('kbd').count()).toBe(1);
      await page.keyboard.press('Backspace');
      await shown(page);
      await expect.poll(() => focused(page)).toBe(STAGE);
      await page.keyboard.press('q');
      await page.getByText(/^Learnt from \d decision/).waitFor();
      last = await shown(page);
      for (const key of ['x', '1']) await page.keyboard.press(key);
      await page.getByRole('heading', { name: 'All 3 items are answered' }).waitFor();
      await page.keyboard.press('Shift+V');
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
    },
  );

  test(
    'a class is seen before it is given, and added where the project allows it',
    { timeout: 240_000 },
    async () => {
      const project = await makeReviewSet(core, join(home, 'classes'), MANY_CLASSES);
      let page = await open(project);
      await shown(page);
      await page.keyboard.press('/');
      await page.keyboard.type('cherry');
      await page.getByRole('option', { name: 'cherry-red' }).hover();
      const examples = page.getByRole('figure', { name: 'Real images of cherry-red' });
      await expect.poll(() => examples.getByRole('img').count()).toBe(2);
      for (const image of await examples.getByRole('img').all())
        await expect
          .poll(() => image.evaluate((one) => (one as unknown as { naturalWidth: number }).naturalWidth > 0))
          .toBe(true);
      await page.keyboard.type(' blue');
      await page.getByText('No label has “cherry blue” in it.').waitFor();
      await examples.waitFor({ state: 'hidden' });
      await page.keyboard.press('Escape');

      await core.reviews.setNewClasses({ project, by, allowed: true });
      await page.context().close();
      page = await open(project);
      const last = await shown(page);
      await page.keyboard.press('/');
      await page.keyboard.type('cherry blue');
      await page.getByRole('option', { name: 'New class: cherry blue' }).waitFor();
      await page.keyboard.press('Enter');
      await shown(page, last);
      const [item] = await core.reviews.items({ project, by, from: 0, count: 1 });
      expect(item!.answer).toMatchObject({ verdict: 'relabel', label: 'cherry blue' });
      // It is at hand from here on.
      await page
        .getByRole('toolbar', { name: 'Answers' })
        .getByRole('button', { name: 'cherry blue' })
        .waitFor();
    },
  );

  test('a project without classes is reviewed by accept and reject', { timeout: 240_000 }, async () => {
    const folder = join(home, 'plain-set');
    mkdirSync(folder);
    for (let i = 0; i < 4; i++) {
      const background = { r: 40 * i, g: 200 - 30 * i, b: 90 };
      const noise = { type: 'gaussian' as const, mean: 40 * i, sigma: 20 };
      const image = sharp({ create: { width: 60, height: 50, channels: 3, background, noise } });
      writeFileSync(join(folder, `${i}.png`), await image.png().toBuffer());
    }
    const { folder: project } = await core.projects.create({
      project: join(home, 'plain'),
      by,
      model: 'patch256',
    });
    await runTask(core, 'import', { project, by, from: folder, role: 'synthetic' });
    await runTask(core, 'score', { project, by });
    const blind = true;
    await runTask(core, 'queue', { project, by, budget: { share: 1 }, everything: true, blind });
    const page = await open(project);
    let last = await shown(page);
    await page.getByText('This project has no classes: an image is accepted or rejected.').waitFor();
    await page.keyboard.press('/');
    expect(await page.getByRole('combobox', { name: 'Search the labels' }).count()).toBe(0);
    await page.keyboard.press('a');
    last = await shown(page, last);
    for (const key of ['x', '1']) await page.keyboard.press(key);
    await shown(page, last);
    const items = await core.reviews.items({ project, by, from: 0, count: 2 });
    expect(items.map(({ answer }) => answer)).toMatchObject([
      { verdict: 'accept', label: null },
      { verdict: 'reject', reason: 'artefact' },
    ]);
  });
});
