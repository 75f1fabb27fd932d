import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reasonWords } from '../../rpc/contract/reasons.ts';
import { runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { CHROMIUM, openWindow, stopBrowser } from '../support/browser.ts';
import { writeDataset } from '../support/dataset.ts';
import { temporaryFolder } from '../support/folders.ts';
import { makeReviewable } from '../support/reviewable.ts';
import { startServed, type ServedWorkbench } from '../support/served.ts';

const why = CHROMIUM ? '' : ' (skipped: no Chromium here; install it, or name one with ASSAY_CHROMIUM)';
const by = 'ada';

const makeProject = (core: CoreClient, synthetic: number, queue = {}): Promise<string> =>
  makeReviewable(core, join(temporaryFolder(), 'parts'), synthetic, queue);

const at = (served: ServedWorkbench, project: string, screen: string): string =>
  served.newUrl(`/p/${encodeURIComponent(project)}/${screen}`);

/** Enters the name for the record when the window asks for it. */
async function giveName(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: /your name/i }).fill(name);
  await page.keyboard.press('Enter');
}

/** The item on the reviewer's screen, by the stage's picture name. */
const stage = (page: Page) => page.getByRole('region', { name: 'Image under review' });

async function itemIs(page: Page, number: number): Promise<void> {
  await expect
    .poll(() => page.getByText(/^Item [\d,]+ of/).textContent(), { timeout: 20_000 })
    .toMatch(`Item ${number} of`);
}

/** Waits until a new picture is on the screen: only then does a key answer it. */
async function isShown(page: Page, last: string | null): Promise<string> {
  const picture = page.locator('[data-shown]').first();
  await expect
    .poll(() => picture.getAttribute('data-shown'), { interval: 10, timeout: 20_000 })
    .not.toBe(last);
  return (await picture.getAttribute('data-shown'))!;
}

describe.skipIf(!CHROMIUM)(`the workbench in a browser${why}`, () => {
  let served: ServedWorkbench;
  beforeAll(async () => {
    process.env['ASSAY_CONFIG'] = mkdtempSync(join(tmpdir(), 'assay-config-'));
    process.env['HOME'] = mkdtempSync(join(tmpdir(), 'assay-home-'));
    served = await startServed();
  }, 120_000);
  afterAll(async () => {
    await stopBrowser();
    await served?.close();
  });

  test('from the first run to a verified export', { timeout: 600_000 }, async () => {
    const { page, complaints } = await openWindow(served.newUrl());
    await page.getByRole('button', { name: 'Open the sample project' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor({ timeout: 500_000 });
    // The router escapes the folder's address once more.
    const escaped = /#\/p\/([^/]+)\//.exec(page.url())![1]!;
    const project = decodeURIComponent(decodeURIComponent(escaped));

    await page.getByRole('link', { name: /^Review/ }).click();
    await giveName(page, by);
    let shown: string | null = null;
    for (let item = 1; item <= 10; item++) {
      await itemIs(page, item);
      shown = await isShown(page, shown);
      await stage(page).press(item % 3 === 0 ? 'x' : 'a');
      if (item % 3 === 0) await page.keyboard.press('1');
    }
    await itemIs(page, 11);
    await page.getByRole('link', { name: 'Overview' }).click();
    await expect
      .poll(() => page.getByRole('main').textContent(), { timeout: 20_000 })
      .toMatch(/Answered\s*10/);

    await page.getByRole('link', { name: 'Export' }).click();
    await page.getByRole('radio', { name: /^Out/ }).check();
    await page.getByRole('button', { name: /^Write [\d,]+ images/ }).click();
    const releases = () => served.core().releases.list({ project });
    await expect.poll(async () => (await releases()).length, { timeout: 120_000 }).toBe(1);
    const [release] = await releases();
    expect(release).toMatchObject({ by });
    await expect
      .poll(() => page.getByRole('main').textContent(), { timeout: 20_000 })
      .toContain(release!.manifestSha256.slice(0, 12));
    expect(JSON.parse(readFileSync(join(release!.folder, 'assay-manifest.json'), 'utf8'))).toBeTruthy();
    expect(await runTask(served.core(), 'verify', { project })).toMatchObject({ ok: true });
    expect(complaints).toEqual([]);
  });

  test(
    '100 reviews by keyboard alone, each saved before the next, none lost in a kill of the core',
    { timeout: 300_000 },
    async () => {
      await served.core().settings.set({ reviewer: by });
      const project = await makeProject(served.core(), 120);
      const { page, complaints } = await openWindow(at(served, project, 'review'));
      await itemIs(page, 1);
      const answered = async (): Promise<number> => {
        const { accept, relabel, reject } = (await served.core().projects.status({ project })).decisions;
        return accept + relabel + reject;
      };
      const onDisk: number[] = [];
      let shown: string | null = null;
      for (let item = 1; item <= 100; item++) {
        await itemIs(page, item);
        shown = await isShown(page, shown);
        // Every earlier answer is on disk when the next picture is shown.
        if (item % 20 === 0) onDisk.push((await answered()) - (item - 1));
        const key = ['a', '1', 'x', '2', '3'][item % 5]!;
        await page.keyboard.press(key);
        if (key === 'x') await page.keyboard.press('Enter');
        if (item === 50) process.kill(served.corePid()!, 'SIGKILL');
      }
      await itemIs(page, 101);
      expect(await answered()).toBe(100);
      expect(onDisk).toEqual(Array.from({ length: 5 }, () => 0));
      // Back through the session: each key press takes back one answer.
      for (let undone = 0; undone < 5; undone++) {
        await page.keyboard.press('Backspace');
        await itemIs(page, 100 - undone);
      }
      expect((await served.core().projects.status({ project })).decisions.entries).toBe(105);
      expect(await runTask(served.core(), 'verify', { project })).toMatchObject({ ok: true });
      expect(complaints).toEqual([]);
    },
  );

  test('two reviewers disagree, a third judges', { timeout: 120_000 }, async () => {
    const core = served.core();
    const project = await makeProject(core, 30, { reviewers: 2, budget: { items: 6 } });
    const queue = (await core.queue.list({ project }))[0]!.id;
    // A copy of a real image is in the set, and is not accepted without more ado.
    const { pairs } = await core.copies.list({ project });
    const copies = new Set(pairs.filter(({ keptOut }) => keptOut).map(({ image }) => image.sha256));
    for (const [reviewer, odd] of [
      ['ada', 'accept'],
      ['bob', 'reject'],
    ] as const) {
      const items = await core.reviews.items({ project, by: reviewer, queue, from: 0, count: 50 });
      const decisions = items.map(({ sha256, position: place }, i) =>
        (i === 0 && odd === 'reject') || copies.has(sha256)
          ? { sha256, place, verdict: 'reject' as const, reason: 'artefact' }
          : { sha256, place, verdict: 'accept' as const },
      );
      const context = { kind: 'review', queue } as const;
      await core.reviews.decide({ project, by: reviewer, context, decisions });
    }
    await core.settings.set({ reviewer: 'eve' });
    const { page, complaints } = await openWindow(at(served, project, 'conflicts'));
    await page.getByText('Conflict 1 of 1', { exact: true }).waitFor();
    await isShown(page, null);
    await page.getByRole('region', { name: 'Image in conflict' }).press('a');
    await expect
      .poll(() => core.reviews.conflicts({ project, by: 'lead', queue }).then((open) => open.length))
      .toBe(0);
    const [conflict] = await core.reviews.conflicts({ project, by: 'lead', queue, open: false });
    expect(conflict!.adjudicated).toMatchObject({ by: 'eve', verdict: 'accept' });
    expect(complaints).toEqual([]);
    await core.settings.set({ reviewer: by });
  });

  test('images picked in Explore are settled and answer nothing', { timeout: 120_000 }, async () => {
    const core = served.core();
    const project = await makeProject(core, 30, { goldRate: 0.4 });
    const reviewer = { project, by: 'fay', queue: 1 };
    await core.settings.set({ reviewer: reviewer.by });
    const { page, complaints } = await openWindow(at(served, project, 'explore'));
    const images = page.getByRole('grid', { name: 'Images' });
    const said = page.getByRole('toolbar', { name: 'Chosen images' }).getByRole('status');
    // The first thirty: real images, gold items of the reviewer's among them.
    await images.locator('[data-index="0"]').click();
    await images.locator('[data-index="29"]').click({ modifiers: ['Shift'] });
    await page.keyboard.press('a');
    await expect.poll(() => said.textContent()).toContain('30 images accepted. Saved.');
    const { decisions, estimate } = await core.projects.status({ project });
    expect({ decisions, estimate }).toMatchObject({ decisions: { accept: 30, entries: 30 }, estimate: null });
    expect(await core.reviews.gold({ project, by: 'lead', queue: 1 })).toEqual([]);
    expect(await core.reviews.session(reviewer)).toMatchObject({ answered: 0, next: 0 });

    // A paused reviewer cannot settle the queue's images instead.
    const items = await core.reviews.items({ ...reviewer, from: 0, count: 40 });
    const queued = new Set((await core.queue.show({ project })).items.map(({ sha256 }) => sha256));
    const gold = items.filter(({ sha256 }) => !queued.has(sha256)).slice(0, 5);
    expect(gold).toHaveLength(5);
    await core.reviews.decide({
      project,
      by: reviewer.by,
      context: { kind: 'review', queue: 1 },
      decisions: gold.map(({ sha256, position: place }) => ({
        sha256,
        place,
        verdict: 'reject',
        reason: 'text',
      })),
    });
    expect((await core.reviews.gold({ project, by: 'lead', queue: 1 })).map(({ right }) => right)).toEqual(
      Array(5).fill(false),
    );
    await page.getByRole('checkbox', { name: /^Synthetic/ }).check();
    await page.getByText('31 of 121', { exact: true }).waitFor();
    await images.locator('[data-index="0"]').click();
    await page.keyboard.press('a');
    await expect.poll(() => said.textContent()).toContain('is paused for fay');
    expect((await core.projects.status({ project })).decisions.entries).toBe(35);
    expect(complaints).toEqual([]);
    await core.settings.set({ reviewer: by });
  });

  test(
    'an import goes on through a reload of the window, and a second window sees it',
    { timeout: 180_000 },
    async () => {
      const core = served.core();
      const folder = temporaryFolder();
      const set = await writeDataset(join(folder, 'set'), 700);
      const { folder: project } = await core.projects.create({ project: join(folder, 'parts'), by });
      const { page } = await openWindow(at(served, project, 'jobs'));
      await page.getByRole('heading', { name: 'Jobs' }).waitFor();
      const job = await core.jobs.start({
        kind: 'import',
        input: { project, by, from: join(set.folder, 'synthetic'), role: 'synthetic' },
      });
      await page.getByRole('progressbar').first().waitFor();
      await page.reload();
      await page.getByText(job.title).first().waitFor();
      const second = await openWindow(at(served, project, 'jobs'));
      await second.page.getByText(job.title).first().waitFor();
      await expect
        .poll(() => core.jobs.get({ job: job.id }).then(({ state }) => state), { timeout: 120_000 })
        .toBe('done');
      await expect.poll(() => page.getByRole('main').textContent(), { timeout: 10_000 }).toMatch(/Done/i);
      await page.getByRole('link', { name: 'Overview' }).click();
      await expect
        .poll(() => page.getByRole('main').textContent(), { timeout: 20_000 })
        .toMatch(/Images\s*70/);
    },
  );

  test(
    'two windows review one project without losing or repeating an answer',
    { timeout: 120_000 },
    async () => {
      const core = served.core();
      await core.settings.set({ reviewer: by });
      const project = await makeProject(core, 30);
      const one = await openWindow(at(served, project, 'review'));
      const two = await openWindow(at(served, project, 'review'));
      for (const { page } of [one, two]) await isShown(page, null);
      // The rail puts reasons into words and draws them; the figures are on hover.
      const [item] = await core.reviews.items({ project, by, from: 0, count: 1 });
      const words = reasonWords(
        await core.scores.list(),
        await core.queue.methods(),
      )(item!.reasons[0]!.reason);
      const rail = one.page.getByRole('complementary', { name: 'About this item' });
      await expect.poll(() => rail.textContent()).toContain(`${words.words.slice(1)}.`);
      await rail
        .locator(`li[title="${words.figures}"]`)
        .getByRole('img', { name: /^This image among all/ })
        .waitFor();
      await one.page.keyboard.press('a');
      await itemIs(one.page, 2);
      await two.page.keyboard.press('1');
      await itemIs(two.page, 2);
      const { entries } = (await core.projects.status({ project })).decisions;
      expect(entries).toBe(2);
      expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
    },
  );
});
