import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { CHROMIUM } from '../support/browser.ts';
import { connectThrough } from '../support/electron/page-port.ts';
import { buildShell, processOf, startShell, withoutChromium } from '../support/electron/shells.ts';
import { temporaryFolder } from '../support/folders.ts';
import { makeReviewable } from '../support/reviewable.ts';

const REVIEWS = 30;
const by = 'ada';

describe.skipIf(!CHROMIUM)(`the main job in the desktop shell, over the stand-in${withoutChromium}`, () => {
  test(
    'reviews by keyboard through a death of the core, to a verified export',
    { timeout: 300_000 },
    async () => {
      await buildShell();
      const shell = startShell();
      const page = await shell.page();
      await page.getByText(shell.home).first().waitFor();
      const { core } = await connectThrough(page);
      await core.settings.set({ reviewer: by });
      const folder = temporaryFolder();
      const project = await makeReviewable(core, join(folder, 'parts'), 30);
      await page.reload();
      await page.evaluate(`location.hash = ${JSON.stringify(`#/p/${encodeURIComponent(project)}/review`)}`);
      const picture = page.locator('[data-shown]');
      await picture.waitFor({ timeout: 60_000 });
      for (let item = 1; item <= REVIEWS; item++) {
        const shown = await picture.getAttribute('data-shown');
        await page.keyboard.press(['a', '1', '2'][item % 3]!);
        if (item === REVIEWS / 2) process.kill(await processOf(shell, 'Assay core'), 'SIGKILL');
        await page.locator(`[data-shown]:not([data-shown="${shown}"])`).waitFor({ timeout: 30_000 });
      }
      const again = (await connectThrough(page)).core;
      const { accept, relabel } = (await again.projects.status({ project })).decisions;
      expect(accept + relabel).toBe(REVIEWS);
      const to = join(folder, 'release');
      const release = await runTask(again, 'release', {
        project,
        by,
        format: 'hf-imagefolder',
        to,
        undecided: 'out',
      });
      expect(release.images).toBeGreaterThan(REVIEWS);
      expect(await runTask(again, 'verify', { project })).toMatchObject({ ok: true });
    },
  );
});
