import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { CHROMIUM, openWindow, stopBrowser } from '../support/browser.ts';
import { writeDataset, type Dataset } from '../support/dataset.ts';
import { startServed, type ServedWorkbench } from '../support/served.ts';

const why = CHROMIUM ? '' : ' (skipped: no Chromium here)';
const by = 'ada';

/** Waits until the pair's image is on the screen: only then does a key judge it. */
async function shows(page: Page, path: RegExp): Promise<void> {
  await page.getByRole('img', { name: path }).first().waitFor({ timeout: 20_000 });
  await page.locator('[data-shown]').first().waitFor({ timeout: 20_000 });
  // The key's time is compared with the frame's: the next frame is later than both.
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  );
}

describe.skipIf(!CHROMIUM)(`copies, judged in a browser${why}`, () => {
  let served: ServedWorkbench;
  let folder = '';
  let project = '';
  let set: Dataset;
  beforeAll(async () => {
    process.env['ASSAY_CONFIG'] = mkdtempSync(join(tmpdir(), 'assay-config-'));
    served = await startServed();
    const core = served.core();
    await core.settings.set({ reviewer: by });
    folder = mkdtempSync(join(tmpdir(), 'assay-copies-'));
    set = await writeDataset(join(folder, 'set'), 16);
    const leak = sharp(readFileSync(join(set.folder, 'holdout', 'brick', '1.png')));
    writeFileSync(join(set.folder, 'real', 'brick', 'leak.jpg'), await leak.jpeg({ quality: 92 }).toBuffer());
    ({ folder: project } = await core.projects.create({ project: join(folder, 'p'), by, model: 'patch256' }));
    for (const role of ['real', 'holdout', 'synthetic'] as const)
      await runTask(core, 'import', { project, by, from: join(set.folder, role), role });
    await runTask(core, 'score', { project, by });
  }, 300_000);
  afterAll(async () => {
    await stopBrowser();
    await served?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    'by keys, beside each other and over each other, with undo to the start',
    { timeout: 120_000 },
    async () => {
      const core = served.core();
      const { total } = await core.copies.list({ project });
      expect(total).toBe(2);
      const answers = async () =>
        (await core.copies.list({ project })).pairs.map(({ image, answer }) => [
          image.path,
          answer?.answer ?? 'open',
        ]);
      const { page, complaints } = await openWindow(
        served.newUrl(`/p/${encodeURIComponent(project)}/overview`),
        { width: 1024, height: 700 },
      );
      await page.getByRole('button', { name: /real image is the same picture/ }).click();
      await shows(page, /^Image brick\/leak\.jpg/);
      await page.getByText('No rule leaves a real image out').waitFor();
      await page.getByRole('button', { name: /^Only real images/ }).click();
      await page.getByText('Pair 1 of 2', { exact: true }).waitFor();

      // Over each other: the two are the same picture, so that next to nothing is left.
      for (const how of ['swipe', 'flicker', 'difference']) {
        await page.keyboard.press('Shift+C');
        await page.getByTestId(how).waitFor();
      }
      const picture = await page.getByTestId('difference').screenshot();
      const { channels } = await sharp(picture).removeAlpha().stats();
      expect(Math.max(...channels.map(({ mean }) => mean))).toBeLessThan(40);
      await page.keyboard.press('Shift+C');

      await shows(page, /^Image brick\/leak\.jpg/);
      await page.keyboard.press('y');
      await page.getByText('A copy: brick/leak.jpg. Saved.', { exact: true }).waitFor();
      await shows(page, /^Image seed-copy\.png/);
      await page.getByText('Left out of queues and releases').waitFor();
      await page.keyboard.press('n');
      await page.getByRole('heading', { name: 'Nothing to judge' }).waitFor();
      expect(await answers()).toEqual([
        ['brick/leak.jpg', 'copy'],
        [set.seedCopy, 'not-a-copy'],
      ]);

      await page.keyboard.press('Backspace');
      await shows(page, /^Image seed-copy\.png/);
      await page.keyboard.press('Backspace');
      await shows(page, /^Image brick\/leak\.jpg/);
      expect(await answers()).toEqual([
        ['brick/leak.jpg', 'open'],
        [set.seedCopy, 'open'],
      ]);
      await page.getByRole('button', { name: /^Neighbouring shot/ }).click();
      await page.getByRole('heading', { name: 'No such pair' }).waitFor();
      const beyond = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate(beyond)).toBe(0);
      expect(complaints).toEqual([]);
    },
  );

  test(
    'a review says of an item that it was found to be a copy since, and leads to where that is judged',
    { timeout: 120_000 },
    async () => {
      const core = served.core();
      const pair = (await core.copies.list({ project })).pairs.find(
        ({ image }) => image.path === set.seedCopy,
      )!;
      const { sha256 } = pair.image;
      const say = (answer: 'not-a-copy' | 'withdrawn') =>
        core.copies.answer({ project, by, answers: [{ image: sha256, answer }] });
      // Queued while somebody had said that it is no copy.
      await say('not-a-copy');
      await core.tags.set({ project, by, tag: 'look again', images: [sha256] });
      await runTask(core, 'queue', {
        project,
        by,
        budget: { items: 1 },
        everything: true,
        filter: { tags: ['look again'] },
      });
      const { page, complaints } = await openWindow(
        served.newUrl(`/p/${encodeURIComponent(project)}/review`),
        { width: 1024, height: 700 },
      );
      const stage = page.locator('[data-shown]').first();
      await stage.waitFor({ timeout: 20_000 });
      const banner = page.getByRole('note', { name: 'Left out as a copy' });
      expect(await banner.count()).toBe(0);
      const about = page.getByRole('complementary', { name: 'About this item' });
      expect(await about.textContent()).toContain('Tagslook again');
      const place = () => stage.boundingBox();
      const before = await place();
      await say('withdrawn');
      await page.reload();
      await banner.getByText(/same picture as real\/water\/3\.png/).waitFor({ timeout: 20_000 });
      await stage.waitFor();
      expect(await place()).toEqual(before);
      // What it says is so.
      await page.keyboard.press('a');
      await page.getByText(/Not saved\. The image .* is left out of releases/).waitFor();
      await page.getByRole('button', { name: 'Drop it' }).click();
      await banner.getByRole('link', { name: 'Copies' }).click();
      await page.getByText('Pair 1 of 1', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Only one image ×' }).waitFor();
      await shows(page, /^Image seed-copy\.png/);
      await page.keyboard.press('n');
      await expect
        .poll(
          async () =>
            (await core.copies.list({ project, filter: { image: sha256 } })).pairs[0]!.answer?.answer,
        )
        .toBe('not-a-copy');
      expect(complaints).toEqual([]);
    },
  );
});
