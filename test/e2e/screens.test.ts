import { mkdtempSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCREENS } from '../../renderer/shell/screens.ts';
import { runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { ALL_RULES, axeFaults, COLOURS, loadAxe } from '../support/axe.ts';
import { CHROMIUM, openWindow, stopBrowser } from '../support/browser.ts';
import { layoutFaults } from '../support/layout.ts';
import { makeReviewSet, MANY_CLASSES } from '../support/review-set.ts';
import { answerItems, makeReviewable, makeScored } from '../support/reviewable.ts';
import {
  differences,
  drawingOf,
  keepGoldens,
  TAKES_PICTURES,
  whyNot,
  WRITES,
} from '../support/screen-goldens.ts';
import { startServed, type ServedWorkbench } from '../support/served.ts';

const why = CHROMIUM ? '' : ' (skipped: no Chromium here)';
const SIZES = [
  [1440, 900],
  [1024, 700],
] as const;
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** What keys open over a screen, by its name: dialogs, drawers, other views. */
const OPENED: Record<string, [name: string, keys: string[]][]> = {
  overview: [['palette', ['Control+k']]],
  explore: [
    ['keys', ['?']],
    ['enlarged', ['Home', 'Enter']],
  ],
  strategy: [
    ['mix', []],
    ['experiment', []],
    ['suitability', []],
    ['cost', []],
  ],
  review: [
    ['keys', ['?']],
    ['reject', ['x']],
    ['search', ['/']],
    ['ask', ['f']],
    ['compare', ['c']],
    ['boxes', ['b']],
    ['instructions', ['h']],
    ['grid', ['Shift+G']],
  ],
};

const PASSWORD = 'seven grey kettles sing';

/** A small project with accounts: forty people, one of whom has run, decided and signed everything. */
async function makeAccounts(core: CoreClient, path: string): Promise<string> {
  const project = await makeReviewable(core, path, 30);
  const of = { project, by: 'ruth' };
  const first = { id: 'ruth', name: 'Ruth Abara', identity: 'Staff card', password: PASSWORD };
  await core.people.turnOn({ project, ...first, roles: ['administrator', 'lead'] });
  await core.people.publishGuideline({ ...of, text: '# How we judge\n\n- Accept what is sharp.' });
  for (let i = 10; i < 50; i++)
    await core.people.invite({
      ...of,
      id: `person-${i}`,
      name: i % 7 === 3 ? `Maximiliana Featherstonehaugh-Cholmondeley of Llanfair ${i}` : `Person ${i}`,
      roles: i % 3 === 0 ? ['specialist'] : ['annotator'],
      identity: 'Passport',
    });
  const items = await core.reviews.items({ ...of, from: 0, count: 8 });
  const reject = { verdict: 'reject', reason: 'artefact' } as const;
  await answerItems(
    core,
    of,
    items.map(({ sha256 }) => ({ sha256, ...reject })),
  );
  return project;
}

/** The screens that show a state in a way of their own, where not all do. */
const SHOWN_IN: Record<string, string[]> = {
  lost: ['review', 'explore'],
  blind: ['review', 'conflicts', 'explore'],
  missing: ['overview'],
  accounts: ['sign-off', 'trail', 'people'],
};

/** Screens that show hashes and times, other ones each time: they are looked at, and not compared with goldens. */
const NEVER_ALIKE = ['sign-off', 'trail', 'people-accounts'];

/** In which theme what opens over the screens of a project is looked at. */
const OPENED_IN: Partial<Record<string, Theme>> = { wide: 'light', small: 'dark' };

/** Jobs first: what other screens measure is on its list where it took long. */
const inOrder = SCREENS.toSorted((a, b) => Number(b.id === 'jobs') - Number(a.id === 'jobs'));

/** Gives a project the same list of jobs on every machine: one that is done, and one that failed. */
async function listKnownJobs(core: CoreClient, project: string, by: string): Promise<void> {
  await core.jobs.clear({ project });
  for (const task of [
    { kind: 'verify', input: { project } },
    { kind: 'embed', input: { project, by, model: 'no-such-model' } },
  ] as const) {
    const { id } = await core.jobs.start(task);
    for await (const jobs of await core.jobs.watch({ project }))
      if (jobs.find((job) => job.id === id)?.state !== 'running') break;
  }
}

describe.skipIf(!CHROMIUM)(`every screen in every state${why}`, () => {
  let served: ServedWorkbench;
  const folders = new Map<string, string>();
  /** What is done to a project before it is looked at. */
  const changes = new Map<string, () => unknown>();
  const pictures = new Map<string, Buffer>();
  let isVisited = false;
  let drawing = { browser: '', fonts: [] as number[] };

  beforeAll(async () => {
    process.env['ASSAY_CONFIG'] = mkdtempSync(join(tmpdir(), 'assay-config-'));
    served = await startServed();
    const core = served.core();
    await core.settings.set({ reviewer: 'ada' });
    const home = mkdtempSync(join(tmpdir(), 'assay-screens-'));
    folders.set('empty', (await core.projects.create({ project: join(home, 'empty'), by: 'ada' })).folder);
    const { project: small } = await makeScored(core, join(home, 'small'), 30);
    const all = { project: small, by: 'ada', budget: { share: 1 }, everything: true };
    await runTask(core, 'queue', all);
    // The same project without its originals, which a page would keep had it seen them, with them, and with a blind queue.
    for (const state of ['lost', 'small', 'blind']) folders.set(state, small);
    const [originals, away] = [join(home, 'small-set'), join(home, 'moved-away')];
    changes.set('lost', () => renameSync(originals, away));
    changes.set('small', () => renameSync(away, originals));
    changes.set('blind', () => runTask(core, 'queue', { ...all, blind: true, reviewers: 2 }));
    folders.set('wide', await makeReviewSet(core, join(home, 'wide'), MANY_CLASSES));
    folders.set('missing', join(home, 'no-such-project'));
    folders.set('accounts', await makeAccounts(core, join(home, 'accounts')));
    for (const state of ['small', 'wide']) {
      const project = folders.get(state)!;
      await runTask(core, 'report', { project, batch: null, against: null });
      await listKnownJobs(core, project, 'ada');
    }
  }, 900_000);
  afterAll(async () => {
    await stopBrowser();
    await served?.close();
  });

  test(
    'can be read and used in both themes, with nothing cut, covered or beside the window',
    { timeout: 900_000 },
    async () => {
      const { page, complaints, settled } = await openWindow(served.newUrl('/'));
      const origin = page.url().split('#')[0]!;
      const found: string[] = [];
      let isSignedIn = false;
      await loadAxe(page);
      drawing = await drawingOf(page, CHROMIUM!);
      const look = async (where: string, themes: readonly Theme[] = THEMES): Promise<void> => {
        for (const [i, [width, height]] of SIZES.entries()) {
          await page.setViewportSize({ width, height });
          for (const [k, theme] of (i === 0 ? themes : themes.toReversed()).entries()) {
            // Another size changes no colour, and another theme nothing else: each size is looked at in one theme.
            if (k === 1 && !TAKES_PICTURES) continue;
            await page.emulateMedia({ colorScheme: theme });
            await settled(k === 0 ? undefined : 'colours');
            if (TAKES_PICTURES && !NEVER_ALIKE.some((name) => where.startsWith(name)))
              pictures.set(`${where}-${width}-${theme}`, await picture(page));
            const rules = k === 0 && (i === 1 ? ALL_RULES : themes.length > 1 && COLOURS);
            if (rules)
              for (const fault of await axeFaults(page, rules)) found.push(`${where} in ${theme}: ${fault}`);
          }
          for (const fault of await layoutFaults(page)) found.push(`${where} at ${width}: ${fault}`);
        }
      };
      await look('projects-first');
      for (const [state, folder] of folders) {
        if (changes.has(state)) {
          await changes.get(state)!();
          await page.reload();
          await loadAxe(page);
        }
        for (const { id: screen } of inOrder.filter(({ id }) => SHOWN_IN[state]?.includes(id) ?? true)) {
          await page.goto(`${origin}#/p/${encodeURIComponent(folder)}/${screen}`);
          if (state === 'accounts' && !isSignedIn) {
            await page.getByRole('heading', { name: 'Sign in' }).waitFor();
            await look('sign-in-accounts');
            await page.getByLabel('Id', { exact: true }).fill('ruth');
            await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
            await page.keyboard.press('Enter');
            await page.getByRole('button', { name: 'Ruth Abara' }).waitFor();
            isSignedIn = true;
          }
          await look(`${screen}-${state}`);
          // What opens has the colours of the screen below: one theme of each project is enough.
          const theme = OPENED_IN[state];
          if (theme === undefined) continue;
          for (const [name, keys] of OPENED[screen] ?? []) {
            if (screen === 'explore') await page.getByRole('grid', { name: 'Images' }).focus();
            if (screen === 'strategy')
              await page.goto(`${origin}#/p/${encodeURIComponent(folder)}/strategy?card=${name}`);
            for (const key of keys) await page.keyboard.press(key);
            await look(`${screen}-${state}-${name}`, [theme]);
            await page.keyboard.press('Escape');
          }
        }
      }
      await page.goto(`${origin}#/`);
      await look('projects');
      isVisited = true;
      expect(found).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  test('policies say what a new project needs first', { timeout: 120_000 }, async () => {
    const { page } = await openWindow(served.newUrl('/'));
    const origin = page.url().split('#')[0]!;
    for (const [state, words, link] of [
      ['empty', 'There are no images yet', 'Import images'],
      ['small', 'Nobody has decided anything yet', 'Review queue 2'],
    ] as const) {
      await page.goto(`${origin}#/p/${encodeURIComponent(folders.get(state)!)}/policies`);
      await page.getByText(words).waitFor();
      expect(await page.getByRole('button', { name: 'Compare on past decisions' }).isDisabled()).toBe(true);
      await page.getByRole('link', { name: link }).click();
      await page.getByRole('link', { name: link }).waitFor({ state: 'detached' });
    }
    expect(page.url()).toMatch(/review$/);
  });

  test('looks as its golden does, but for the edges of letters', { timeout: 300_000 }, async (context) => {
    const reason = isVisited ? whyNot(drawing) : 'not every screen was visited';
    if (WRITES && isVisited) await keepGoldens(pictures, drawing);
    else if (reason !== null) context.skip(reason);
    expect(pictures.size).toBeGreaterThan(100);
    expect(await differences(pictures)).toEqual([]);
  });
});

/** A quarter of its size is compared: what JPEG loses is lost there too, and it takes half the time of PNG. */
const picture = (page: Page): Promise<Buffer> =>
  page.screenshot({ type: 'jpeg', quality: 95, animations: 'disabled', caret: 'hide' });
