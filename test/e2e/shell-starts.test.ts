import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM } from '../support/browser.ts';
import { buildShell, isAlive, processOf, startShell, withoutChromium } from '../support/electron/shells.ts';
import { temporaryFolder } from '../support/folders.ts';

describe.skipIf(!CHROMIUM)(
  `starts and ends of the desktop shell on the stand-in for Electron${withoutChromium}`,
  () => {
    beforeAll(buildShell, 120_000);

    test('a second start hands its project to the first one, and ends', async () => {
      const first = startShell();
      const page = await first.page();
      const project = join(temporaryFolder(), 'other.assay');
      const second = startShell({ home: first.home, args: [project] });
      expect(await second.ended).toMatchObject({ code: 0 });
      await page.waitForURL((url) => url.hash.includes(encodeURIComponent('other.assay')), {
        timeout: 20_000,
      });
      expect((await first.look()).windows).toHaveLength(1);
    });

    test('opens the given project where the window was, and ends everything it started', async () => {
      const project = join(temporaryFolder(), 'named.assay');
      const shell = startShell({ args: [project] });
      const page = await shell.page();
      expect(new URL(page.url()).hash).toBe(`#/p/${encodeURIComponent(project)}/overview`);
      const corePid = await processOf(shell, 'Assay core');
      expect(isAlive(corePid)).toBe(true);
      await shell.closeWindows().catch(() => null);
      expect(await shell.ended).toMatchObject({ code: 0 });
      expect(isAlive(corePid)).toBe(false);
      const kept = join(shell.home, 'user-data', 'window.json');
      const state = JSON.parse(readFileSync(kept, 'utf8')) as { bounds: object };
      expect(state).toEqual({ bounds: { x: 0, y: 0, width: 1440, height: 900 }, isMaximised: false });

      writeFileSync(kept, JSON.stringify({ ...state, bounds: { x: 20, y: 30, width: 1000, height: 700 } }));
      const again = startShell({ home: shell.home });
      await again.page();
      expect((await again.look()).windows[0]!.options).toMatchObject({
        x: 20,
        y: 30,
        width: 1000,
        height: 700,
      });
    });

    test('a package refuses unknown switches by name before anything starts', async () => {
      const { code, stderr } = await startShell({
        isPackaged: true,
        args: ['--remote-debugging-port=9222', '--disable-gpu'],
      }).ended;
      expect(code).toBe(2);
      expect(stderr).toContain('--remote-debugging-port cannot be used');
      expect(stderr).not.toContain('disable-gpu');
    });
  },
);
