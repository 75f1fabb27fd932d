import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { CHROMIUM, openWindow, stopBrowser } from '../support/browser.ts';
import { answerItems } from '../support/reviewable.ts';
import { FEW_CLASSES, makeReviewSet, MANY_CLASSES, syntheticOf, TEN_CLASSES } from '../support/review-set.ts';
import { startServed, type ServedWorkbench } from '../support/served.ts';

const why = CHROMIUM ? '' : ' (skipped: no Chromium here)';
const by = 'ada';

const rail = (page: Page) => page.getByRole('complementary', { name: 'About this item' });

/** The hash of the image on the stage, once it is another than `last`: only then does a key answer it. */
async function shown(page: Page, last: string | null = null): Promise<string> {
  const picture = page.locator('[data-shown]').first();
  await expect.poll(() => picture.getAttribute('data-shown')).not.toBe(last);
  return (await picture.getAttribute('data-shown'))!;
}
const bar = (page: Page) => page.getByRole('toolbar', { name: 'Answers' });
const place = (page: Page) => page.getByText(/^Item [\d,]+ of/).textContent();

/** Of a set of more. */
const THREE_ITEMS = { everything: false, budget: { items: 3 } };

describe.skipIf(!CHROMIUM)(`reviewing in a browser${why}`, () => {
  let served: ServedWorkbench;
  let core: CoreClient;
  const home = mkdtempSync(join(tmpdir(), 'assay-review-'));
  const made = (name: string, set: Parameters<typeof makeReviewSet>[2]) =>
    makeReviewSet(core, join(home, name), set);
  let many: Promise<string> | undefined;
  /** One project of 120 classes for several tests, each with a reviewer of its own. */
  const withMany = (): Promise<string> =>
    (many ??= made('many', { ...MANY_CLASSES, queue: { reviewers: 3 } }));
  const open = (project: string, screen = 'review', size = {}) =>
    openWindow(served.newUrl(`/p/${encodeURIComponent(project)}/${screen}`), size);

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

  test(
    'a blind queue says what it hides, in Review, Compare and Conflicts',
    { timeout: 240_000 },
    async () => {
      const project = await made('blind', {
        ...FEW_CLASSES,
        queue: { blind: true, reviewers: 2 },
      });
      const { page } = await open(project);
      const first = await shown(page);
      const text = () => rail(page).textContent();
      expect(await text()).toContain('Given labelHidden until you answer');
      expect(await text()).toContain('ModelHidden until you answer');
      for (const part of ['Nearest real images', 'What the model sees', 'Why it is here'])
        expect(await text()).toMatch(new RegExp(`${part}.{0,3}Hidden until you answer`));
      expect(await text()).not.toMatch(/None|No prediction|No decision/);
      await page.keyboard.press('c');
      await page.getByText('Similar real images are hidden until you answer').waitFor();
      await page.keyboard.press('c');

      await page.keyboard.press('1');
      await shown(page, first);
      await page.keyboard.press('ArrowLeft');
      await expect.poll(text).toMatch(/You said(Accepted|Relabelled)/);
      expect(await text()).not.toContain('Hidden until you answer');

      const queue = 1;
      const item = { sha256: first, verdict: 'reject' as const, reason: 'artefact' };
      const [at] = await core.reviews.places({ project, by: 'bob', queue, images: [first] });
      await core.reviews.decide({
        project,
        by: 'bob',
        context: { kind: 'review', queue },
        decisions: [{ ...item, place: at! }],
      });
      const judge = await open(project, 'conflicts');
      const about = judge.page.getByRole('complementary', { name: 'About this conflict' });
      await expect.poll(() => about.textContent()).toContain('Given labelHidden until you judge');
      expect(await about.textContent()).toContain('ModelHidden until you judge');
      expect(await about.textContent()).not.toMatch(/None|No prediction/);

      // A queue that ends in distributions has none; what everybody said is told without their names.
      const budget = { share: 1 };
      const both = { project, by: 'ada', budget, everything: true, blind: true, reviewers: 2 };
      await runTask(core, 'queue', { ...both, endsIn: 'distribution' });
      const { page: next } = await open(project);
      const again = await shown(next);
      const said = () => rail(next).textContent();
      await answerItems(core, { project, by: 'bob' }, [{ ...item, sha256: again }]);
      await next.keyboard.press('1');
      await shown(next, again);
      expect(await said()).not.toContain('people said');
      await next.keyboard.press('ArrowLeft');
      await expect.poll(said).toMatch(/What 2 people said.*1 of 2.*Rejected1 of 2/);
      expect(await said()).not.toContain('bob');
      const none = await open(project, 'conflicts');
      await none.page.getByLabel('Queue').selectOption('2');
      await none.page.getByText('This queue has no conflicts').waitFor();
    },
  );

  test(
    'undo shows what it undid, at the end of the queue too, and keeps its image in sight',
    { timeout: 240_000 },
    async () => {
      const project = await made('undo', { ...FEW_CLASSES, queue: THREE_ITEMS });
      const { page } = await open(project);
      let last: string | null = null;
      for (let i = 0; i < 3; i++) {
        last = await shown(page, last);
        await page.keyboard.press('2');
      }
      await page.getByRole('heading', { name: 'All 3 items are answered' }).waitFor();
      await page.keyboard.press('Backspace');
      await expect.poll(() => place(page)).toBe('Item 3 of 3');
      expect(await shown(page)).toBe(last);
      await page.getByText(/^Undone: (accepted as|relabelled to) leaf\.$/).waitFor();

      // A decision that was made in Explore is shown in words and as a picture; the item stays.
      const decisions = [{ sha256: last!, verdict: 'reject' as const, reason: 'text' }];
      await core.reviews.decide({ project, by, context: { kind: 'explore' }, decisions });
      await page.keyboard.press('Backspace');
      await page
        .getByText('Undone: rejected: Text or watermark (decided outside the queues).', { exact: true })
        .waitFor();
      await page.getByRole('img', { name: 'The image that it was about' }).waitFor();
      expect(await place(page)).toBe('Item 3 of 3');
    },
  );

  test(
    'box edits that are not saved survive every key, and a way out of the screen asks first',
    { timeout: 240_000 },
    async () => {
      const project = await made('boxes', TEN_CLASSES);
      const { page } = await open(project);
      const boxed = await core.reviews.items({ project, by, from: 0, count: 12 });
      const at = boxed.findIndex(({ boxes }) => boxes.length > 0);
      let last = await shown(page);
      for (let i = 0; i < at; i++) {
        await page.keyboard.press('ArrowRight');
        last = await shown(page, last);
      }
      const edited = () => page.locator('[data-selected="true"] rect').nth(1).getAttribute('x');
      await page.keyboard.press('b');
      const before = await edited();
      await page.keyboard.press('ArrowRight');
      await expect.poll(edited).not.toBe(before);
      const after = await edited();
      for (const key of ['Backspace', 'x', 'Escape', '/', 'Escape', 'a', 'Space'])
        await page.keyboard.press(key);
      await page
        .getByText('The boxes are changed: Enter saves them, Escape drops the changes.', { exact: true })
        .waitFor();
      await page
        .getByRole('navigation', { name: 'Items before and after' })
        .getByRole('button')
        .last()
        .click();
      expect(await page.locator('[data-shown]').first().getAttribute('data-shown')).toBe(last);
      await page.getByRole('link', { name: 'Overview' }).click();
      const dialog = page.getByRole('dialog', { name: 'The boxes are changed and not saved' });
      await dialog.getByRole('button', { name: 'Stay' }).click();
      await dialog.waitFor({ state: 'hidden' });
      expect(await edited()).toBe(after);

      await page.keyboard.press('Enter');
      await shown(page, last);
      const saved = (await core.reviews.items({ project, by, from: at, count: 1 }))[0]!;
      expect(saved.boxes[0]!.values[0]).toBe(boxed[at]!.boxes[0]!.values[0] + 1);
      await page.getByRole('link', { name: 'Overview' }).click();
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
    },
  );

  test(
    'Tab walks the objects, the most suspicious first, and then leaves the picture',
    { timeout: 240_000 },
    async () => {
      const project = await made('walk', {
        classes: ['brick', 'leaf', 'water'],
        real: 12,
        synthetic: 12,
        model: 'patch256',
        mixed: true,
        realBoxes: true,
      });
      const { page } = await open(project);
      const items = await core.reviews.items({ project, by, from: 0, count: 12 });
      const at = items.findIndex(({ boxes, objects }) => boxes.length === 2 && objects[0]?.box != null);
      const { objects, boxes } = items[at]!;
      let last = await shown(page);
      for (let i = 0; i < at; i++) {
        await page.keyboard.press('ArrowRight');
        last = await shown(page, last);
      }
      const selected = () => page.locator('[data-selected="true"]').count();
      const isPicture = async () =>
        (await page.locator(':focus').getAttribute('aria-label')) === 'Image under review';
      for (let i = 0; i < objects.length; i++) {
        await page.keyboard.press('Tab');
        expect(await selected()).toBe(objects[i]!.box === null ? 0 : 1);
        expect(await isPicture()).toBe(true);
      }
      await page.keyboard.press('Tab');
      expect(await isPicture()).toBe(false);
      await page.getByRole('region', { name: 'Image under review' }).focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Delete');
      await page.keyboard.press('Enter');
      await shown(page, last);
      const saved = (await core.reviews.items({ project, by, from: at, count: 1 }))[0]!;
      const worst = objects[0]!.box!;
      expect(saved.boxes.map(({ values }) => values)).toEqual([boxes[1 - worst]!.values]);
      expect(saved.objects).toEqual([]);
    },
  );

  test(
    'a picture is seen better by keys, which are remembered, and compared in three ways',
    { timeout: 240_000 },
    async () => {
      const project = await made('see', FEW_CLASSES);
      const { page } = await open(project);
      let last = await shown(page);
      const info = () => page.getByTestId('view-info').first().textContent();
      const canvas = page.locator('[data-shown] canvas').first();
      /** The red of the stage's middle as it is on the screen. */
      const seen = async () => {
        const { data } = await sharp(await canvas.screenshot())
          .removeAlpha()
          .raw()
          .toBuffer({ resolveWithObject: true });
        return data.reduce((sum, level) => sum + level, 0) / data.length;
      };
      const plain = await seen();
      for (const key of ['i', 'i', 'u', 'Shift+o']) await page.keyboard.press(key);
      await expect.poll(info).toContain('Brightness +2, contrast −1, gamma +1');
      await expect.poll(seen).toBeGreaterThan(plain + 5);
      const zoom = async () => Number.parseFloat((await info())!);
      const fitted = await zoom();
      await page.keyboard.press('+');
      await page.keyboard.press('k');
      await expect.poll(info).toContain(' %, kept');
      expect((await zoom()) / fitted).toBeCloseTo(1.25, 2);
      await page.keyboard.press('ArrowRight');
      last = await shown(page, last);
      expect((await zoom()) / fitted).toBeCloseTo(1.25, 2);

      // Where it looks odd, over the picture and no larger than that.
      const map = page.getByRole('img', { name: 'Map of odd parts' });
      await page.keyboard.press('m');
      const { width: wide, height: tall } = (await map.boundingBox())!;
      const [item] = await core.reviews.items({ project, by, from: 1, count: 1 });
      const [of] = (await core.queue.show({ project })).items.filter(({ sha256 }) => sha256 === item!.sha256);
      const file = sharp(readFileSync(join(syntheticOf(FEW_CLASSES), of!.path)))
        .removeAlpha()
        .raw();
      const { data, info: size } = await file.toBuffer({ resolveWithObject: true });
      expect(wide / tall).toBeCloseTo(size.width / size.height, 1);
      await page.keyboard.press('m');
      await map.waitFor({ state: 'detached' });

      // The pixel's own values, however it is lit.
      const box = (await canvas.boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await expect.poll(info).toMatch(/x \d+, y \d+: \d+ \d+ \d+/);
      const [, x, y, ...values] = /x (\d+), y (\d+): (\d+) (\d+) (\d+)/.exec((await info())!)!.map(Number);
      const at = (y! * size.width + x!) * 3;
      expect(values).toEqual([...data.subarray(at, at + 3)]);

      await page.reload();
      await shown(page);
      await expect.poll(info).toContain('Brightness +2, contrast −1, gamma +1');
      await page.keyboard.press('p');
      await expect.poll(info).not.toContain('Brightness');

      const compare = page.getByRole('toolbar', { name: 'Compare' });
      await page.keyboard.press('c');
      await page.getByRole('img', { name: /^Nearest real/ }).waitFor();
      await compare.getByText(/, 1 of \d/).waitFor();
      await page.keyboard.press('e');
      await compare.getByText(/, 2 of \d/).waitFor();
      await page.keyboard.press('Shift+c');
      await page.getByTestId('swipe').waitFor();
      await page.keyboard.press('Shift+c');
      for (const real of ['true', 'false', 'true'])
        await expect.poll(() => page.getByTestId('flicker').getAttribute('data-real')).toBe(real);
      await page.keyboard.press('Escape');
      await compare.waitFor({ state: 'hidden' });
      const nearest = rail(page).getByRole('button', { name: /^Real/ }).first();
      expect((await nearest.boundingBox())!.width).toBeGreaterThanOrEqual(140);

      const small = (await canvas.boundingBox())!;
      await page.keyboard.press('w');
      await expect.poll(async () => (await canvas.boundingBox())!.width).toBeGreaterThan(small.width + 300);
      await page.keyboard.press('w');
      await expect.poll(async () => (await canvas.boundingBox())!.width).toBe(small.width);
    },
  );

  test.each([
    [3, 1024, 700, 'dark', FEW_CLASSES],
    [10, 1440, 900, 'light', TEN_CLASSES],
    [120, 1024, 700, 'light', MANY_CLASSES],
    [120, 1440, 900, 'dark', MANY_CLASSES],
  ] as const)(
    '%i classes with long names at %ix%i, %s: two rows, whole names, nothing sideways, the best guesses first',
    { timeout: 240_000 },
    async (count, width, height, colorScheme, set) => {
      const { classes } = set;
      const project = set === MANY_CLASSES ? await withMany() : await made(`of-${count}`, set);
      const reviewer = `at ${width}`;
      await core.settings.set({ reviewer });
      const { page } = await open(project, 'review', { width, height, colorScheme });
      const last = await shown(page);
      const buttons = bar(page).getByRole('button');
      const edges = async () => {
        const boxes = await Promise.all((await buttons.all()).map((button) => button.boundingBox()));
        return boxes.map((box) => [box!.x, box!.y, box!.x + box!.width, box!.y + box!.height]);
      };
      const stage = () => page.locator('canvas').first().boundingBox();
      const before = await stage();
      for (const keys of ['', 'x', 'Escape', '/', 'Escape']) {
        if (keys) await page.keyboard.press(keys);
        const all = await edges();
        for (const [left, top, right, bottom] of all) {
          expect(left).toBeGreaterThanOrEqual(0);
          expect(right).toBeLessThanOrEqual(width);
          expect(bottom).toBeLessThanOrEqual(height);
          expect(top).toBeGreaterThan(height - 120);
        }
        expect(new Set(all.map(([, top]) => top)).size).toBeLessThanOrEqual(3);
        expect(await stage()).toEqual(before);
      }
      expect(
        await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth'),
      ).toBe(false);

      // The key of a guess names the class that the model holds likeliest; the whole name is on the button.
      const [item] = await core.reviews.items({ project, by: reviewer, from: 0, count: 1 });
      const expected =
        count <= 10 ? classes.toSorted() : item!.probabilities.slice(0, 5).map(({ label }) => label);
      for (const label of expected.slice(0, 5))
        await bar(page).getByRole('button', { name: label, exact: true }).waitFor();
      await page.keyboard.press('2');
      await shown(page, last);
      const [answered] = await core.reviews.items({ project, by: reviewer, from: 0, count: 1 });
      expect(answered!.answer!.label).toBe(expected[1]);
      await core.settings.set({ reviewer: by });
    },
  );

  test(
    'a label is found by parts of its words, given, and kept at hand by a pin',
    { timeout: 240_000 },
    async () => {
      const project = await withMany();
      const { page } = await open(project);
      const first = await shown(page);
      await page.keyboard.press('/');
      await page.keyboard.type('cherry g');
      await expect.poll(() => page.getByRole('option').allTextContents()).toEqual(['cherry-green']);
      await page.keyboard.press('Shift+Enter');
      await page.keyboard.press('Escape');
      await bar(page)
        .getByRole('button', { name: /cherry-green$/ })
        .waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('crate 117');
      await page.keyboard.press('Enter');
      const second = await shown(page, first);
      expect((await core.reviews.items({ project, by, from: 0, count: 1 }))[0]!.answer!.label).toMatch(
        /crate 117$/,
      );
      const slot = bar(page).getByRole('button', { name: /crate 117$/ });
      const key = await slot.getAttribute('aria-keyshortcuts');
      expect(Number(key)).toBeGreaterThan(5);
      await page.keyboard.press(key!);
      await shown(page, second);
      expect((await core.reviews.items({ project, by, from: 1, count: 1 }))[0]!.answer!.label).toMatch(
        /crate 117$/,
      );
    },
  );

  test(
    'words go with a reject, a question and a judgement, and the reasons are one list of the project',
    { timeout: 240_000 },
    async () => {
      const project = await made('words', FEW_CLASSES);
      const { page } = await open(project);
      const items = await core.reviews.items({ project, by, from: 0, count: 6 });
      const now = async (position: number) =>
        (await core.reviews.items({ project, by, from: position, count: 1 }))[0]!;
      let last = await shown(page);

      // A comment with a reject; the key of a reason is typed as a letter while the field has the focus.
      for (const key of ['x', 't']) await page.keyboard.press(key);
      await page.keyboard.type('2 left hands');
      for (const key of ['Enter', '2']) await page.keyboard.press(key);
      last = await shown(page, last);
      expect((await now(0)).history).toMatchObject([
        { reason: 'anatomy', comment: '2 left hands', flagged: false },
      ]);

      // Other has to say what.
      for (const key of ['x', '9']) await page.keyboard.press(key);
      await page.keyboard.press('Enter');
      expect((await now(1)).answer).toBeNull();
      await page.keyboard.type('a sticker');
      await page.keyboard.press('Enter');
      last = await shown(page, last);
      expect((await now(1)).answer).toMatchObject({ reason: 'other: a sticker' });

      // A question is no skip: it has its own word, mark, count and inbox.
      await page.keyboard.press('f');
      await page.keyboard.type('Which species?');
      await page.keyboard.press('Enter');
      last = await shown(page, last);
      await bar(page).getByText('item 3, asked a specialist').waitFor();
      const strip = page.getByRole('navigation', { name: 'Items before and after' });
      expect(await strip.getByRole('button', { name: 'Item 3, asked a specialist' }).textContent()).toBe('⚑');
      expect(await core.reviews.session({ project, by })).toMatchObject({
        answered: 3,
        team: { conflicts: 0, questions: 1 },
      });

      // The list is edited in one place and holds everywhere.
      await page.keyboard.press('x');
      await page.getByRole('button', { name: 'Edit the list …' }).click();
      const dialog = page.getByRole('dialog', { name: 'Reasons for a reject' });
      await dialog.getByRole('textbox').fill('Motion blur\nArtefact');
      await dialog.getByRole('button', { name: 'Set for the project' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Motion blur' }).waitFor();
      await page.keyboard.press('1');
      await shown(page, last);
      expect((await now(3)).answer).toMatchObject({ reason: 'Motion blur' });
      const fifth = items[4]!;
      const decide = (reason: string) =>
        core.reviews.decide({
          project,
          by,
          context: { kind: 'command' },
          decisions: [{ sha256: fifth.sha256, verdict: 'reject', reason }],
        });
      await expect(decide('near-copy')).rejects.toMatchObject({
        message: expect.stringContaining(
          'not among the reasons of this project (Motion blur, artefact, other)',
        ),
      });

      await core.settings.set({ reviewer: 'eve' });
      const judge = await open(project, 'conflicts');
      await judge.page.getByText('No open conflict').waitFor();
      await judge.page.getByRole('tab', { name: /Questions \(1 open\)/ }).click();
      const about = judge.page.getByRole('complementary', { name: 'About this conflict' });
      await expect.poll(() => about.textContent()).toContain('ada asks:Which species?');
      expect(await judge.page.getByRole('main').textContent()).not.toContain('Skipped');
      await shown(judge.page);
      await judge.page.keyboard.press('t');
      await judge.page.keyboard.type('By its rim.');
      await judge.page.keyboard.press('Enter');
      await judge.page.keyboard.press('a');
      await judge.page.getByText('No open question').waitFor();
      const [settled] = await core.reviews.conflicts({ project, by: 'lead', open: false, kind: 'question' });
      expect(settled!.adjudicated).toMatchObject({ by: 'eve', verdict: 'accept', comment: 'By its rim.' });
      await core.settings.set({ reviewer: by });
      expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
    },
  );

  test(
    'instructions are on a key and beside hidden items; nothing in them runs or is loaded from elsewhere',
    { timeout: 240_000 },
    async () => {
      const dot = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
        .png()
        .toBuffer();
      const project = await made('told', {
        ...FEW_CLASSES,
        queue: { blind: true, words: { name: 'Walls', assignees: [{ reviewer: by, answers: 5 }] } },
      });
      const { view } = await core.images.query({ project, filter: { roles: ['real'] } });
      const [real] = await core.images.rows({ project, view, offset: 0, limit: 1 });
      const instructions = [
        '# Look at the edge',
        `- **first** this ![a dot](data:image/png;base64,${dot.toString('base64')})`,
        `- then ![a wall](image:${real!.sha256})`,
        '<img src="https://example.org/x.png" onerror="document.title = 1"> [a link](https://example.org)',
        '![elsewhere][x]',
        '',
        '[x]: https://example.org/y.png',
      ].join('\n');
      await core.queue.describe({ project, by, queue: 1, instructions });
      const { page, complaints } = await open(project);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await shown(page);
      await rail(page).getByRole('heading', { name: 'Look at the edge' }).waitFor();
      await page.keyboard.press('h');
      const dialog = page.getByRole('dialog', { name: 'Instructions: Walls' });
      await dialog.getByRole('heading', { name: 'Look at the edge' }).waitFor();
      const widths = async () =>
        Promise.all(
          (await dialog.locator('img').all()).map((image) =>
            image.evaluate((one) => (one as unknown as { naturalWidth: number }).naturalWidth),
          ),
        );
      await expect.poll(widths).toEqual([8, 64]);
      expect(await dialog.textContent()).toContain('onerror=');
      expect(asked.filter((url) => url.includes('example.org'))).toEqual([]);
      expect(complaints).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      // The keys are the picture's again.
      const last = await shown(page);
      await page.keyboard.press('1');
      await shown(page, last);

      const overview = await open(project, 'overview');
      const queues = overview.page.getByRole('region', { name: 'Queues' });
      await queues.getByText('ada owes 4 of 5').waitFor();
      await queues.getByRole('button', { name: /of queue 1$/ }).click();
      const edit = overview.page.getByRole('dialog');
      await edit.getByLabel('Name').fill('Walls and bricks');
      await edit.getByRole('button', { name: 'Set' }).click();
      await queues.getByText('Walls and bricks (queue 1)').waitFor();
      expect(await core.queue.words({ project, queue: 1 })).toMatchObject({
        name: 'Walls and bricks',
        instructions,
      });
    },
  );

  test(
    'nothing moves through a review of 28 mixed items, whatever is asked or said',
    { timeout: 400_000 },
    async () => {
      const queue = { everything: false, budget: { items: 28 } };
      const project = await made('still', { ...MANY_CLASSES, queue });
      const { page } = await open(project, 'review', { width: 1024, height: 700 });
      /** Where the picture's stage, the answers, the strip, the line above and the parts of the rail begin. */
      const places = () =>
        page.evaluate(`[
        '[data-shown]', '[role=toolbar][aria-label=Answers]', 'nav[aria-label="Items before and after"]',
        '[role=progressbar]', 'aside', 'aside dd', 'aside h2',
      ].map((of) => [...document.querySelectorAll(of)].slice(0, 3).map((one) => {
        const { x, y, width } = one.getBoundingClientRect();
        return [of, x, y, of === 'aside dd' ? 0 : width];
      }))`);
      let last = await shown(page);
      const still = await places();
      const ways = [['a'], ['2'], ['x', '1'], ['Space'], ['f', 'Enter'], ['i'], ['/', 'Enter']];
      const moved: unknown[] = [];
      for (let item = 0; item < 28; item++) {
        for (const key of ways[item % ways.length]!) {
          await page.keyboard.press(key);
          const now = await places();
          if (JSON.stringify(now) !== JSON.stringify(still)) moved.push([item, key, now]);
        }
        // A key of the view answers nothing.
        if (item % ways.length === 5) await page.keyboard.press('ArrowRight');
        if (item < 27) last = await shown(page, last);
      }
      expect(moved.slice(0, 2)).toEqual([]);
      expect(still).toMatchObject([
        [['[data-shown]', 80, 78, expect.any(Number)]],
        [{}],
        [{}],
        [{}],
        [{}],
        {},
        {},
      ]);
    },
  );

  test(
    'Strategy shows how people answered one image, and plans towards a target that is set there',
    { timeout: 240_000 },
    async () => {
      const project = await withMany();
      // An item that no other test gets to.
      const { sha256 } = (await core.reviews.items({ project, by, from: 40, count: 1 }))[0]!;
      for (const [who, label] of [
        ['ben', 'cherry-red'],
        ['cleo', 'cherry-green'],
        ['dora', 'cherry-red'],
      ] as const)
        await answerItems(core, { project, by: who }, [{ sha256, verdict: 'relabel', label }]);
      const { page } = await open(project, 'strategy?card=answers');
      await page.getByText(/^\d+ images? (was|were) answered by two people or more\./).waitFor();
      await page.getByRole('button', { name: 'Look at them one by one' }).click();
      await page.getByRole('dialog', { name: /Answered by several people/ }).waitFor();
      await page.keyboard.press('Escape');

      await page.getByRole('link', { name: 'All of Strategy' }).click();
      await page.getByRole('link', { name: 'Plan' }).click();
      await page.getByText('in the proportion that it has among the real images').waitFor();
      await page.getByRole('button', { name: 'Change …' }).click();
      await page.getByRole('radio', { name: /newest experiment says pay/ }).check();
      await page.getByRole('button', { name: 'Set the target' }).click();
      await page.getByText('No experiment is finished, so nothing says what pays').waitFor();
      await page.getByRole('radio', { name: /^At least so many/ }).check();
      await page.getByLabel('Images of every class').fill('7');
      await page.getByRole('button', { name: 'Set the target' }).click();
      await page.getByText('at least 7 images of every class').waitFor();
      const { target, classes } = await core.plans.show({ project });
      expect(target).toEqual({ kind: 'floor', images: 7 });
      const row = page.getByRole('row').filter({ hasText: classes[0]!.name });
      expect(await row.locator('b').textContent()).toBe(String(classes[0]!.generate));
    },
  );
});
