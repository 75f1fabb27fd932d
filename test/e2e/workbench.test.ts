import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reasonWords } from '../../rpc/contract/reasons.ts';
import { runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { renderSample } from '../../sample/render-sample.ts';
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
    const home = mkdtempSync(join(tmpdir(), 'assay-home-'));
    process.env['HOME'] = home;
    // A small sample in the place of the usual one, which would be rendered and scored for minutes.
    const sample = join(home, 'Assay', 'assay-sample');
    const task = { signal: new AbortController().signal, progress: () => {} };
    await renderSample({ folder: sample, seed: 1, size: { synthetic: 120 }, ...task });
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
    for (let item = 1; item <= 7; item++) {
      await itemIs(page, item);
      shown = await isShown(page, shown);
      await stage(page).press(item % 3 === 0 ? 'x' : 'a');
      if (item % 3 === 0) await page.keyboard.press('1');
    }
    await itemIs(page, 8);
    await page.getByRole('link', { name: 'Overview' }).click();
    await expect
      .poll(() => page.getByRole('main').textContent(), { timeout: 20_000 })
      .toMatch(/Answered\s*7/);

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

    await page.getByRole('link', { name: 'Strategy' }).click();
    await page.getByRole('link', { name: 'Mix' }).press('Enter');
    await page.getByRole('button', { name: 'Change …' }).click();
    const policy = page.getByRole('dialog', { name: 'Change the policy' });
    await policy.getByLabel('Floor').fill('36');
    await policy.getByText(/^The floor is above the target of 35 %/).waitFor();
    await policy.getByLabel('Floor').fill('25');
    await policy.getByLabel('In', { exact: true }).check();
    await policy.getByRole('button', { name: 'Set the policy' }).click();
    await page.getByText(`Set by ${by} on `).waitFor();
    expect(await served.core().mixes.policy({ project })).toMatchObject({ floor: 0.25, unreviewed: true });
    await page.getByRole('button', { name: 'Write a mix …' }).click();
    const wish = page.getByRole('dialog', { name: 'Write a mix' });
    await wish.getByLabel('Batch size').fill('8');
    await wish.getByLabel('Real share').fill('10');
    await wish.getByLabel('Why it has to be below the floor').waitFor();
    await wish.getByLabel('Real share').fill('40');
    await wish.getByRole('button', { name: 'Write the mix' }).click();
    const mixes = () => served.core().mixes.list({ project });
    await expect.poll(async () => (await mixes()).length, { timeout: 60_000 }).toBe(1);
    expect((await mixes())[0]).toMatchObject({ by, batchSize: 8, leastReal: 3, belowFloor: null });
    await page.getByRole('button', { name: 'Add a round …' }).click();
    await page.getByLabel('Name of the round').fill('spring');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /^spring / }).waitFor();
    expect(await runTask(served.core(), 'verify', { project })).toMatchObject({ ok: true });
    expect(complaints).toEqual([]);
  });

  test(
    '60 reviews by keyboard alone, each saved before the next, none lost in a kill of the core',
    { timeout: 300_000 },
    async () => {
      await served.core().settings.set({ reviewer: by });
      const project = await makeProject(served.core(), 90);
      const { page, complaints } = await openWindow(at(served, project, 'review'));
      await itemIs(page, 1);
      const answered = async (): Promise<number> => {
        const { accept, relabel, reject } = (await served.core().projects.status({ project })).decisions;
        return accept + relabel + reject;
      };
      const onDisk: number[] = [];
      let shown: string | null = null;
      for (let item = 1; item <= 60; item++) {
        await itemIs(page, item);
        shown = await isShown(page, shown);
        // Every earlier answer is on disk when the next picture is shown.
        if (item % 20 === 0) onDisk.push((await answered()) - (item - 1));
        const key = ['a', '1', 'x', '2', '3'][item % 5]!;
        await page.keyboard.press(key);
        if (key === 'x') await page.keyboard.press('Enter');
        if (item === 30) process.kill(served.corePid()!, 'SIGKILL');
      }
      await itemIs(page, 61);
      expect(await answered()).toBe(60);
      expect(onDisk).toEqual([0, 0, 0]);
      // Back through the session: each key press takes back one answer.
      for (let undone = 0; undone < 5; undone++) {
        await page.keyboard.press('Backspace');
        await itemIs(page, 60 - undone);
      }
      expect((await served.core().projects.status({ project })).decisions.entries).toBe(65);
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
      const set = await writeDataset(join(folder, 'set'), 400);
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
        .toMatch(/Images\s*40/);
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

  test(
    'accounts are turned on, opened with a code, locked and signed with, each by its own person',
    { timeout: 240_000 },
    async () => {
      const project = await makeProject(served.core(), 30);
      const passwords = { ruth: 'seven grey kettles sing', sam: 'mild thunder over barns' };

      // Ruth turns accounts on, and invites Sam.
      const { page: ruth } = await openWindow(at(served, project, 'people'));
      const first = ruth.getByRole('form', { name: 'First administrator' });
      await first.getByLabel('Id', { exact: true }).fill('ruth');
      await first.getByLabel('Name', { exact: true }).fill('Ruth Abara');
      await first.getByLabel(/identity was checked/).fill('Staff card');
      await first.getByLabel('New password', { exact: true }).fill(passwords.ruth);
      await first.getByLabel('The same again', { exact: true }).fill(passwords.ruth);
      await first.getByLabel(/no way back/).check();
      await first.getByRole('button', { name: 'Turn accounts on' }).click();
      await ruth.getByRole('button', { name: 'Invite …' }).click();
      const invitation = ruth.getByRole('dialog', { name: 'Invite a person' });
      await invitation.getByLabel('Id', { exact: true }).fill('sam');
      await invitation.getByLabel('Name', { exact: true }).fill('Sam Okoro');
      await invitation.getByRole('checkbox', { name: 'Annotator' }).uncheck();
      await invitation.getByRole('checkbox', { name: 'Specialist' }).check();
      await invitation.getByLabel(/identity was checked/).fill('Passport');
      await invitation.getByRole('button', { name: 'Invite' }).click();
      const code = await invitation.getByRole('status', { name: 'Code for sam' }).textContent();
      await invitation.getByRole('button', { name: 'I have given it' }).click();
      // An administrator decides nothing about images.
      expect(await ruth.getByRole('link', { name: /^Review/ }).count()).toBe(0);

      // Sam opens the account in another window, which shows nothing before that.
      const { page: sam, complaints } = await openWindow(at(served, project, 'review'));
      await sam.getByRole('heading', { name: 'Sign in' }).waitFor();
      expect(await sam.getByRole('navigation', { name: 'Screens' }).getByRole('link').count()).toBe(0);
      await sam.getByRole('button', { name: 'I have a code' }).click();
      await sam.getByLabel('Id', { exact: true }).fill('sam');
      await sam.getByLabel('Code', { exact: true }).fill(code!.toLowerCase());
      await sam.getByLabel('New password', { exact: true }).fill(passwords.sam);
      await sam.getByLabel('The same again', { exact: true }).fill(passwords.sam);
      await sam.keyboard.press('Enter');
      await itemIs(sam, 1);
      await sam.getByRole('button', { name: 'Sam Okoro' }).waitFor();
      expect(await sam.getByRole('link', { name: 'Import' }).count()).toBe(0);
      const shown = await isShown(sam, null);
      await stage(sam).press('a');
      await itemIs(sam, 2);
      await isShown(sam, shown);

      // What was begun waits below the cover, which keys do not get through.
      await stage(sam).press('f');
      const question = sam.getByRole('textbox', { name: 'Question to the specialist' });
      await question.fill('Is this a bolt?');
      await sam.getByRole('button', { name: 'Sam Okoro' }).click();
      await sam.getByRole('menuitem', { name: /^Lock now/ }).click();
      const cover = sam.getByRole('dialog', { name: 'Sam Okoro' });
      await cover.waitFor();
      await sam.keyboard.press('Escape');
      await cover.getByLabel('Password', { exact: true }).fill('not this one at all');
      await sam.keyboard.press('Enter');
      await cover.getByRole('alert').waitFor();
      await cover.getByLabel('Password', { exact: true }).fill(passwords.sam);
      await sam.keyboard.press('Enter');
      await cover.waitFor({ state: 'detached' });
      expect(await question.inputValue()).toBe('Is this a bolt?');
      await question.press('Escape');

      // A core that was started again knows nobody.
      process.kill(served.corePid()!, 'SIGKILL');
      await cover.waitFor();
      await cover.getByLabel('Password', { exact: true }).fill(passwords.sam);
      await sam.keyboard.press('Enter');
      await cover.waitFor({ state: 'detached' });

      // Nobody approves their own work.
      await sam.getByRole('link', { name: 'Sign-off' }).click();
      const approval = sam.getByRole('radio', { name: /^Approval/ });
      await sam
        .getByText(/^Not by you: sam made this/)
        .first()
        .waitFor();
      expect(await approval.isDisabled()).toBe(true);
      await sam.getByRole('radio', { name: /^Authorship/ }).check();
      await sam.getByLabel('Id', { exact: true }).fill('sam');
      await sam.getByLabel('Password', { exact: true }).fill(passwords.sam);
      await sam.getByRole('button', { name: 'Sign', exact: true }).click();
      await expect
        .poll(() => sam.getByRole('region', { name: 'Signatures so far' }).textContent())
        .toMatch(/Sam Okoro \(sam\): authorship/);

      // The trail of the image that was decided, down to the record of its decision.
      await sam.evaluate(`location.hash = location.hash.replace('sign-off', 'explore') + '?image=${shown}'`);
      await sam.getByRole('link', { name: 'Whole life' }).click();
      await sam.getByRole('heading', { name: 'The whole life of an image' }).waitFor();
      const rows = sam.getByRole('region', { name: 'Events' }).getByRole('row');
      await expect.poll(() => rows.allTextContents()).toHaveLength(4);
      const told = await rows.allTextContents();
      expect(told[1]).toMatch(/sam.*accepted an image/);
      expect(told[3]).toMatch(/ada.*imported/);
      await rows.nth(1).getByRole('button').press('Enter');
      await sam.getByRole('dialog').getByText(`"sha256": "${shown}"`).waitFor();
      expect(complaints).toEqual([]);
      expect(await runTask(served.core(), 'verify', { project })).toMatchObject({ ok: true });
    },
  );
});
