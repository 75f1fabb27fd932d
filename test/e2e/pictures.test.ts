import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { CHROMIUM, openWindow, stopBrowser } from '../support/browser.ts';
import type { Dataset } from '../support/dataset.ts';
import { copyScored } from '../support/reviewable.ts';
import { startServed, type ServedWorkbench } from '../support/served.ts';

const why = CHROMIUM ? '' : ' (skipped: no Chromium here; install it, or name one with ASSAY_CHROMIUM)';

describe.skipIf(!CHROMIUM)(`pictures wherever images are meant${why}`, { timeout: 120_000 }, () => {
  let served: ServedWorkbench;
  let project: string;
  let set: Dataset;
  const home = mkdtempSync(join(tmpdir(), 'assay-pictures-'));
  beforeAll(async () => {
    process.env['ASSAY_CONFIG'] = join(home, 'config');
    served = await startServed();
    await served.core().settings.set({ reviewer: 'ada' });
    ({ project, set } = await copyScored(join(home, 'parts'), 30));
    const queue = { project, by: 'ada', budget: { share: 1 }, everything: true };
    await runTask(served.core(), 'queue', queue);
  }, 180_000);
  afterAll(async () => {
    await stopBrowser();
    await served?.close();
    rmSync(home, { recursive: true, force: true });
  });
  const open = (screen: string) => openWindow(served.newUrl(`/p/${encodeURIComponent(project)}/${screen}`));

  test('a report shows its verdict in the core’s words and colour, and its pictures open', async () => {
    const { report } = await runTask(served.core(), 'report', { project });
    const { verdict, galleries } = report;
    const { page, complaints } = await open('reports');
    const card = page.getByRole('region', { name: 'Verdict' });
    await card.getByText(verdict.headline, { exact: true }).waitFor({ timeout: 60_000 });
    expect(await card.getByText(verdict.headline, { exact: true }).getAttribute('data-level')).toBe(
      verdict.level,
    );
    const said = await card.textContent();
    for (const words of [verdict.basis, ...verdict.reasons.map(({ text }) => text), ...report.advice])
      expect(said).toContain(words);
    // Each mark lies over the drawn bar exactly where nothing says "outside".
    const drawn = await page.locator('tr[data-outside]').evaluateAll((rows) =>
      rows.flatMap((row) => {
        const [bar, , mark] = row.querySelectorAll('[aria-hidden] > span');
        if (!bar || !mark) return [];
        const [over, at] = [bar.getBoundingClientRect(), mark.getBoundingClientRect()];
        const middle = (at.left + at.right) / 2;
        const isIn = middle >= over.left - 1 && middle <= over.right + 1;
        return [{ isIn, outside: row.getAttribute('data-outside') === 'true' }];
      }),
    );
    expect(drawn).toHaveLength(report.measures.filter(({ band }) => band !== null).length);
    for (const { isIn, outside } of drawn) expect(isIn).toBe(!outside);

    const furthest = page.getByRole('region', { name: 'Furthest from the real images' });
    await furthest.getByRole('button').first().click();
    const enlarged = page.getByRole('dialog');
    await enlarged.getByText(`Furthest from the real images: 1 of ${galleries.furthest.length}`).waitFor();
    await page.keyboard.press('ArrowRight');
    await enlarged.getByRole('img', { name: galleries.furthest[1]!.path }).waitFor();
    await enlarged.getByRole('link', { name: 'In Explore' }).click();
    await page.getByRole('grid', { name: 'Images' }).waitFor();
    expect(decodeURIComponent(page.url())).toContain(galleries.furthest[1]!.sha256);
    expect(complaints).toEqual([]);
  });

  test('export shows what is left out, reason by reason, and each picture opens', async () => {
    const core = served.core();
    const { page, complaints } = await open('export');
    await page.getByRole('radio', { name: /^Out/ }).check();
    const asked = { project, format: 'coco', to: join(home, 'release'), undecided: 'out' } as const;
    const { leftOut } = await core.releases.preview(asked);
    const left = leftOut.find((some) => some.why === 'undecided')!;
    expect(left.images).toBeGreaterThan(0);
    const { examples } = left;
    const row = page.getByRole('list', { name: /nobody decided on it/ });
    await expect.poll(() => row.getByRole('button').count()).toBe(examples.length);
    await row.getByRole('button', { name: `Enlarge ${examples[0]!.path}` }).click();
    await page.getByRole('dialog').getByRole('img', { name: examples[0]!.path }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('a number where two reviewers differ shows its images', async () => {
    const core = served.core();
    await runTask(core, 'queue', {
      project,
      by: 'ada',
      budget: { items: 6 },
      reviewers: 2,
      everything: true,
    });
    const queue = (await core.queue.list({ project }))[0]!.id;
    let differing = '';
    for (const reviewer of ['bob', 'cem']) {
      const items = await core.reviews.items({ project, by: reviewer, queue, from: 0, count: 50 });
      differing ||= items[0]!.sha256;
      const decisions = items.map(({ sha256, position: place }) =>
        sha256 === differing && reviewer === 'bob'
          ? { sha256, place, verdict: 'accept' as const }
          : { sha256, place, verdict: 'reject' as const, reason: 'artefact' },
      );
      await core.reviews.decide({ project, by: reviewer, context: { kind: 'review', queue }, decisions });
    }
    const { page, complaints } = await open(`conflicts?queue=${queue}`);
    await page.getByRole('tab', { name: 'Agreement' }).click();
    await page.getByRole('button', { name: /^1 image: bob said .*, cem reject$/ }).click();
    const strip = page.getByRole('region', { name: /cem reject/ });
    await strip.getByRole('button', { name: /^Enlarge/ }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'In Explore' }).waitFor();
    const address = await page.getByRole('dialog').getByRole('link').getAttribute('href');
    expect(address).toContain(differing);
    expect(complaints).toEqual([]);
  });

  test('an import shows the first pictures of each class with their boxes before anything is written', async () => {
    const from = join(home, 'boxed');
    mkdirSync(from);
    const [picture] = readdirSync(join(set.folder, 'real', 'leaf'));
    cpSync(join(set.folder, 'real', 'leaf', picture!), join(from, 'a.png'));
    const boxes = [{ label: 'car', format: 'cxcywh-relative', values: [0.5, 0.5, 0.5, 0.25] }];
    writeFileSync(join(from, 'list.jsonl'), JSON.stringify({ path: 'a.png', boxes }));
    const { head } = await served.core().projects.status({ project });
    const { page, complaints } = await open('import');
    await page.getByRole('textbox', { name: /^Folder or manifest/ }).fill(from);
    const found = page.getByRole('region', { name: 'Pictures of each class' });
    const shown = found.getByRole('img', { name: 'a.png: car, 1 box' });
    await shown.waitFor();
    const [image, box] = [(await shown.boundingBox())!, (await found.locator('rect').boundingBox())!];
    expect(image.width).toBeGreaterThan(20);
    expect((box.x + box.width / 2 - image.x) / image.width).toBeCloseTo(0.5, 1);
    expect(box.width / image.width).toBeCloseTo(0.5, 1);
    expect(box.height / image.height).toBeCloseTo(0.25, 1);
    expect((await served.core().projects.status({ project })).head).toEqual(head);
    expect(complaints).toEqual([]);
  });

  test('a project without images says on every screen what comes first', async () => {
    const empty = await served.core().projects.create({ project: join(home, 'empty'), by: 'ada' });
    for (const screen of ['overview', 'labels', 'reports', 'export', 'explore']) {
      const { page, complaints } = await openWindow(
        served.newUrl(`/p/${encodeURIComponent(empty.folder)}/${screen}`),
      );
      await page
        .getByRole('main')
        .getByText(/^Import (images|a folder|a batch)$/)
        .waitFor();
      expect(complaints).toEqual([]);
      await page.close();
    }
  });
});
