import { mkdtempSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCREENS } from '../../renderer/shell/screens.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { axeFaults, loadAxe } from '../support/axe.ts';
import { CHROMIUM, openWindow, stopBrowser } from '../support/browser.ts';
import { layoutFaults } from '../support/layout.ts';
import { longNames, makeReviewSet } from '../support/review-set.ts';
import { answerItems, makeReviewable, makeScored } from '../support/reviewable.ts';
import {
  areOurFonts,
  COMPARES,
  differences,
  fontsOf,
  keepGoldens,
  WRITES,
} from '../support/screen-goldens.ts';
import { startServed, type ServedWorkbench } from '../support/served.ts';

const why = CHROMIUM ? '' : ' (skipped: no Chromium here)';
const SIZES = [
  [1440, 900],
  [1024, 700],
] as const;

/** What keys open over a screen, by its name: dialogs, drawers, other views. */
const OPENED: Record<string, [name: string, keys: string[]][]> = {
  overview: [['palette', ['Control+k']]],
  explore: [
    ['keys', ['?']],
    ['enlarged', ['Home', 'Enter']],
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

/** Waits, in a page, until it has loaded: nothing moves, and its content is unchanged for so long. */
const settled = (quietMs: number): string => `new Promise((resolve) => {
  let changedMs = performance.now();
  const observer = new MutationObserver(() => (changedMs = performance.now()));
  observer.observe(document, { subtree: true, childList: true, characterData: true });
  (function look() {
    // Placeholders for pending content are animated.
    if (document.getAnimations().length > 0) changedMs = performance.now();
    if (performance.now() - changedMs < ${quietMs}) return setTimeout(look, 30);
    observer.disconnect();
    resolve();
  })();
})`;

describe.skipIf(!CHROMIUM)(`every screen in every state${why}`, () => {
  let served: ServedWorkbench;
  const folders = new Map<string, string>();
  const pictures = new Map<string, Buffer>();
  let fonts: number[] = [];

  beforeAll(async () => {
    process.env['ASSAY_CONFIG'] = mkdtempSync(join(tmpdir(), 'assay-config-'));
    served = await startServed();
    const core = served.core();
    await core.settings.set({ reviewer: 'ada' });
    const home = mkdtempSync(join(tmpdir(), 'assay-screens-'));
    folders.set('empty', (await core.projects.create({ project: join(home, 'empty'), by: 'ada' })).folder);
    folders.set('small', await makeReviewable(core, join(home, 'small'), 30));
    const blind = { blind: true, reviewers: 2 };
    folders.set('blind', await makeReviewable(core, join(home, 'blind'), 30, blind));
    // Long names, 120 classes, an image with 40 boxes.
    const classes = longNames(120);
    folders.set(
      'wide',
      await makeReviewSet(core, join(home, 'wide'), { classes, synthetic: 60, mixed: true, boxes: 40 }),
    );
    // The originals are gone.
    folders.set('lost', (await makeScored(core, join(home, 'lost'), 12)).project);
    renameSync(join(home, 'lost-set'), join(home, 'moved-away'));
    folders.set('missing', join(home, 'no-such-project'));
    folders.set('accounts', await makeAccounts(core, join(home, 'accounts')));
  }, 240_000);
  afterAll(async () => {
    await stopBrowser();
    await served?.close();
  });

  /** States that only some screens show in a way of their own. */
  const isShown = (state: string, screen: string): boolean =>
    state === 'blind' || state === 'lost'
      ? ['review', 'conflicts', 'explore'].includes(screen)
      : state === 'accounts'
        ? ['sign-off', 'trail', 'people'].includes(screen)
        : state !== 'missing' || screen === 'overview';

  test.each(['light', 'dark'] as const)(
    'can be read and used in the %s theme, with nothing cut, covered or beside the window',
    { timeout: 400_000 },
    async (colorScheme) => {
      const { page, complaints } = await openWindow(served.newUrl('/'), { colorScheme });
      const origin = page.url().split('#')[0]!;
      const found: string[] = [];
      let isSignedIn = false;
      await loadAxe(page);
      fonts = await fontsOf(page);
      const look = async (where: string): Promise<void> => {
        for (const [i, [width, height]] of SIZES.entries()) {
          await page.setViewportSize({ width, height });
          // Another size asks the core for nothing that takes long.
          await page.evaluate(settled(i === 0 ? 400 : 150));
          for (const fault of await layoutFaults(page)) found.push(`${where} at ${width}: ${fault}`);
          pictures.set(`${where}-${width}-${colorScheme}`, await picture(page));
        }
        for (const fault of await axeFaults(page)) found.push(`${where}: ${fault}`);
      };
      await look('projects');
      for (const [state, folder] of folders)
        for (const { id: screen } of SCREENS.filter(({ id }) => isShown(state, id))) {
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
          if (state !== (colorScheme === 'light' ? 'wide' : 'small')) continue;
          for (const [name, keys] of OPENED[screen] ?? []) {
            if (screen === 'explore') await page.getByRole('grid', { name: 'Images' }).focus();
            for (const key of keys) await page.keyboard.press(key);
            await look(`${screen}-${state}-${name}`);
            await page.keyboard.press('Escape');
          }
        }
      expect(found).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  test('policies say what a new project needs first', { timeout: 120_000 }, async () => {
    const { page } = await openWindow(served.newUrl('/'));
    const origin = page.url().split('#')[0]!;
    for (const [state, words, link] of [
      ['empty', 'There are no images yet', 'Import images'],
      ['small', 'Nobody has decided anything yet', 'Review queue 1'],
    ] as const) {
      await page.goto(`${origin}#/p/${encodeURIComponent(folders.get(state)!)}/policies`);
      await page.getByText(words).waitFor();
      expect(await page.getByRole('button', { name: 'Compare on past decisions' }).isDisabled()).toBe(true);
      await page.getByRole('link', { name: link }).click();
      await page.getByRole('link', { name: link }).waitFor({ state: 'detached' });
    }
    expect(page.url()).toMatch(/review$/);
  });

  test('looks as its golden does, but for the edges of letters', { timeout: 120_000 }, async (context) => {
    if (!COMPARES) context.skip('compared where ASSAY_SCREEN_GOLDENS=compare asks for it');
    if (WRITES) await keepGoldens(pictures, fonts);
    if (!areOurFonts(fonts)) context.skip('the fonts here are not those that the goldens were made with');
    expect(pictures.size).toBeGreaterThan(100);
    expect(await differences(pictures)).toEqual([]);
  });
});

const picture = (page: Page): Promise<Buffer> => page.screenshot({ animations: 'disabled', caret: 'hide' });
