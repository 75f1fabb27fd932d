import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { electronRuntime } from '../../scripts/electron-runtime.ts';
import { transpile } from '../../scripts/transpile.ts';
import { CONTENT_SECURITY_POLICY } from '../../rpc/csp.ts';
import { REPOSITORY } from '../support/folders.ts';

const runtime = electronRuntime(REPOSITORY);
const why = 'missing' in runtime ? ` (SKIPPED: ${runtime.missing}; the stand-in's tests ran instead)` : '';
if ('missing' in runtime)
  console.warn(`assay: the tests on the real Electron are skipped: ${runtime.missing}.`);

describe.skipIf('missing' in runtime)(`the desktop shell on Electron itself${why}`, () => {
  const home = mkdtempSync(join(tmpdir(), 'assay-electron-'));
  let application: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    await transpile(() => undefined);
    application = await _electron.launch({
      executablePath: (runtime as { binary: string }).binary,
      args: [
        // Root cannot set up Chromium's sandbox.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${join(home, 'user-data')}`,
        join(REPOSITORY, 'out', 'app'),
      ],
      env: {
        ...(process.env as Record<string, string>),
        HOME: home,
        XDG_DATA_HOME: join(home, 'data'),
        ASSAY_CONFIG: join(home, 'config'),
      },
    });
    page = await application.firstWindow();
  }, 180_000);
  afterAll(async () => {
    await application?.close();
    rmSync(home, { recursive: true, force: true });
  });

  test('shows the workbench with data from the core', async () => {
    expect(page.url()).toMatch(/^assay:\/\/app\/index\.html/);
    await page.getByText(home).first().waitFor();
  });

  test('is isolated: no Node in the page, and a bridge that cannot be changed', async () => {
    expect(await page.evaluate('typeof require + typeof process')).toBe('undefinedundefined');
    await page.evaluate(`try { window.assay = { host: 'mine' }; window.assay.host = 'mine'; } catch {}`);
    expect(await page.evaluate('window.assay.host')).toBe('electron');
    expect(await page.evaluate('Object.keys(window.assay).length')).toBe(7);
  });

  test('answers with the fixed headers, and serves no file but its own', async () => {
    const headers = await page.evaluate<Record<string, string>>(
      `fetch('/index.html').then((answer) => Object.fromEntries(answer.headers))`,
    );
    expect(headers['content-security-policy']).toBe(CONTENT_SECURITY_POLICY);
    for (const address of ['/../../package.json', '/%2e%2e/package.json', '/package.json'])
      expect(await page.evaluate(`fetch('${address}').then((answer) => answer.status)`)).toBe(404);
  });

  test('cannot navigate elsewhere, and is denied every permission', async () => {
    expect(await page.evaluate(`window.open('https://example.test/')`)).toBeNull();
    await page.evaluate(`void (location.href = 'https://example.test/')`);
    expect(await page.evaluate(`fetch('https://example.test/').then(() => 'read', () => 'blocked')`)).toBe(
      'blocked',
    );
    expect(page.url()).toMatch(/^assay:\/\/app\//);
    expect(
      await page.evaluate(`navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)`),
    ).toBe('denied');
  });

  test('a core that dies is restarted, and the window continues', async () => {
    await page.evaluate(
      `void (window.states = [], window.assay.onCore(({ state }) => window.states.push(state)))`,
    );
    const killed = await application.evaluate(({ app }) => {
      const core = app.getAppMetrics().find(({ name }) => name === 'Assay core');
      return core !== undefined && process.kill(core.pid, 'SIGKILL');
    });
    expect(killed).toBe(true);
    await expect
      .poll(() => page.evaluate('window.states'), { timeout: 20_000 })
      .toEqual(['restarting', 'running']);
    await page.reload();
    await page.getByText(home).first().waitFor();
  });
});
