import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../rpc/csp.ts';
import { runTask } from '../../rpc/run-task.ts';
import type { Connection, CoreClient } from '../../rpc/transport/client.ts';
import { CHROMIUM } from '../support/browser.ts';
import { buildShell, isAlive, processOf, withoutChromium } from '../support/electron/shells.ts';
import { Shell } from '../support/electron/launch.ts';
import { connectThrough } from '../support/electron/page-port.ts';
import { temporaryFolder } from '../support/folders.ts';
import { makeImage } from '../support/images.ts';

const by = 'ada';

/** A project of a few pictures. */
async function makeProject(core: CoreClient): Promise<{ project: string; sha256: string; bytes: Buffer }> {
  const folder = temporaryFolder();
  const images = await Promise.all([1, 2, 3].map((seed) => makeImage(seed)));
  for (const [i, image] of images.entries()) writeFileSync(join(folder, `${i}.png`), image.bytes);
  const { folder: project } = await core.projects.create({ project: join(folder, 'small'), by });
  await runTask(core, 'import', { project, by, from: folder, role: 'synthetic' });
  return { project, sha256: images[0]!.sha256, bytes: images[0]!.bytes };
}

describe.skipIf(!CHROMIUM)(`the desktop shell on the stand-in for Electron${withoutChromium}`, () => {
  beforeAll(buildShell, 120_000);

  describe('one window', () => {
    let shell: Shell;
    let page: Page;
    let connection: Connection;
    let core: CoreClient;
    beforeAll(async () => {
      shell = new Shell({ chromium: CHROMIUM! });
      page = await shell.page();
      // The page's own port first: this shows data from the core.
      await page.getByText(shell.home).first().waitFor();
      connection = await connectThrough(page);
      ({ core } = connection);
    }, 120_000);
    afterAll(() => shell.close());

    /** Runs in the page as its own scripts would. */
    const inPage = <T>(script: string): Promise<T> => page.evaluate<T>(script);

    test('shows the workbench, and its port leads to the core', async () => {
      const { imports } = await core.catalog.formats();
      expect(imports.map(({ id }) => id)).toContain('coco');
    });

    test('is isolated in every way, and its scheme is no loophole', async () => {
      const { isSandboxed, windows, schemes } = await shell.look();
      expect(isSandboxed).toBe(true);
      expect(windows.map(({ options }) => (options as { webPreferences: object }).webPreferences)).toEqual([
        expect.objectContaining({
          sandbox: true,
          contextIsolation: true,
          nodeIntegration: false,
          webSecurity: true,
          webviewTag: false,
        }),
      ]);
      const { privileges } = schemes.find(({ scheme }) => scheme === 'assay')!;
      expect(privileges).toMatchObject({
        standard: true,
        secure: true,
        supportFetchAPI: true,
        corsEnabled: true,
      });
      expect(privileges['bypassCSP'] ?? false).toBe(false);
    });

    test('gives its page a bridge that cannot be changed, and nothing else', async () => {
      const { keys, after } = await inPage<{ keys: string[]; after: string }>(`(() => {
        const keys = Object.keys(window.assay).sort();
        try { window.assay = { host: 'mine' }; } catch {}
        try { window.assay.pickFolder = () => 'mine'; } catch {}
        return { keys, after: window.assay.host + String(window.assay.pickFolder).includes('mine') };
      })()`);
      expect(keys).toEqual(
        ['host', 'onCore', 'onMenu', 'pathOf', 'pickFile', 'pickFolder', 'requestPort'].toSorted(),
      );
      expect(after).toBe('electronfalse');
      expect(await inPage('typeof require + typeof process')).toBe('undefinedundefined');
    });

    test('shows a picture by its opaque id, with the same headers as every answer', async () => {
      const { project, sha256, bytes } = await makeProject(core);
      const { key } = await core.projects.open({ project });
      const got = await inPage<{
        status: number;
        headers: Record<string, string>;
        bytes: number[];
      }>(`(async () => {
        const answer = await fetch('/file/${key}/image/${sha256}');
        const bytes = [...new Uint8Array(await answer.arrayBuffer())];
        return { status: answer.status, headers: Object.fromEntries(answer.headers), bytes };
      })()`);
      expect(got.status).toBe(200);
      expect(Buffer.from(got.bytes).equals(bytes)).toBe(true);
      expect(got.headers).toMatchObject({
        'content-type': 'image/png',
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'private, max-age=31536000, immutable',
      });
      expect(got.headers).not.toHaveProperty('access-control-allow-origin');
      const size = await inPage<number>(`new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve(image.naturalWidth);
        image.onerror = () => resolve(0);
        image.src = '/file/${key}/thumb/${sha256}';
      })`);
      expect(size).toBeGreaterThan(0);
    });

    test.each([
      '/file/0123456789abcdef/image/' + '0'.repeat(64),
      '/../../../etc/passwd',
      '/%2e%2e/%2e%2e/package.json',
      '/..%5c..%5cpackage.json',
      '/assets/../index.html%00',
      '/file/0123456789abcdef/image/../../../../etc/passwd',
      '/index.html::$DATA',
      '/index.html?x',
    ])('serves nothing at %s', async (address) => {
      expect(await inPage(`fetch(${JSON.stringify(address)}).then((answer) => answer.status)`)).toBe(404);
    });

    test('accepts no other method', async () => {
      expect(await inPage(`fetch('/index.html', { method: 'POST' }).then((answer) => answer.status)`)).toBe(
        405,
      );
    });

    test('cannot reach anything else: not by address, by a window or by a request', async () => {
      const before = page.url();
      await inPage(`void (location.href = 'https://example.test/')`);
      await inPage(`void (location.href = '/file/x')`);
      await inPage(`document.body.append(Object.assign(document.createElement('a'),
        { href: 'https://example.test/', target: '_blank', id: 'out', textContent: 'out' })),
        document.getElementById('out').click()`);
      expect(await inPage(`window.open('https://example.test/')`)).toBeNull();
      expect(await inPage(`fetch('https://example.test/').then(() => 'read', () => 'blocked')`)).toBe(
        'blocked',
      );
      expect(page.url()).toBe(before);
      expect((await shell.look()).windows).toHaveLength(1);
      // The page is still the same, and works.
      expect(await inPage(`window.assay.host`)).toBe('electron');
      await inPage(`document.getElementById('out').remove()`);
    });

    test('is denied every permission', async () => {
      const states = await inPage(`Promise.all(['geolocation', 'notifications', 'midi'].map(
        async (name) => (await navigator.permissions.query({ name })).state))`);
      expect(states).toEqual(['denied', 'denied', 'denied']);
      expect((await shell.look()).denied.toSorted()).toEqual(['bluetooth', 'device', 'display-media']);
    });

    test("opens the system's dialogs for its page, with checked arguments", async () => {
      await shell.answerDialog(['/data/pictures']);
      expect(await inPage(`window.assay.pickFolder('Where are they?')`)).toBe('/data/pictures');
      expect((await shell.look()).dialogs.at(-1)).toMatchObject({
        title: 'Where are they?',
        properties: expect.arrayContaining(['openDirectory']),
      });
      expect(await inPage(`window.assay.pickFile('Which?')`)).toBeNull();
      await shell.answerDialog(['/data/\0pictures']);
      expect(await inPage(`window.assay.pickFolder('Where?')`)).toBeNull();
      const shown = (await shell.look()).dialogs.length;
      for (const title of [`'\\0'`, `'x'.repeat(1000)`, '{}', 'undefined'])
        await expect(inPage(`window.assay.pickFolder(${title})`)).rejects.toThrow();
      expect((await shell.look()).dialogs).toHaveLength(shown);
    });

    test('a frame inside the page is not the page', async () => {
      const before = (await shell.look()).dialogs.length;
      const outcome = await inPage<string>(`new Promise((resolve) => {
        const frame = document.body.appendChild(document.createElement('iframe'));
        const args = [{ what: 'folder', title: 'from a frame' }];
        frame.contentWindow.__standInCall(JSON.stringify({ ipc: 'invoke', channel: 'assay:pick', args, id: 'frame' }));
        window.__standInHeard = (envelope) => { frame.remove(); resolve(envelope.error ?? 'answered'); };
      })`);
      expect((await shell.look()).dialogs).toHaveLength(before);
      expect(outcome).toContain('Not from the page');
    });

    test('a dropped folder is known by its path', async () => {
      await inPage(`window.__standInPaths.set('batch-7', '/data/batch-7')`);
      expect(await inPage(`window.assay.pathOf(new File([], 'batch-7'))`)).toBe('/data/batch-7');
      expect(await inPage(`window.assay.pathOf({ name: 'batch-7' })`)).toBe('');
    });

    test('the menu opens a recent project in the same window', async () => {
      const { project } = await makeProject(core);
      await inPage(
        `void (location.hash = '#/p/${encodeURIComponent(encodeURIComponent(project))}/overview')`,
      );
      const label = `small (small.assay)`;
      await expect.poll(async () => (await shell.look()).menu, { timeout: 20_000 }).toContain(label);
      await inPage(`void (location.hash = '#/')`);
      await shell.clickMenu(label);
      await page.waitForURL((url) => url.hash.includes(encodeURIComponent('small.assay')), {
        timeout: 20_000,
      });
    });

    test('decodes and computes in processes that the main process started', async () => {
      await makeProject(core);
      const { processes } = await shell.look();
      const workers = processes.filter(({ serviceName }) => serviceName === 'Assay worker');
      expect(workers.length).toBeGreaterThan(0);
      for (const { modulePath } of workers) expect(modulePath).toMatch(/electron[/\\]child-host\.ts$/);
    });

    test('a core that dies is restarted: a new port, the same keys, its workers gone', async () => {
      const { project, sha256 } = await makeProject(core);
      const { key } = await core.projects.open({ project });
      const { processes } = await shell.look();
      const dead = await processOf(shell, 'Assay core');
      await inPage(
        `void (window.states = [], window.assay.onCore(({ state }) => window.states.push(state)))`,
      );
      const closed = new Promise<void>((resolve) => connection.onClosed(resolve));
      process.kill(dead, 'SIGKILL');
      await closed;
      await expect
        .poll(() => inPage('window.states'), { timeout: 20_000 })
        .toEqual(['restarting', 'running']);
      expect(await processOf(shell, 'Assay core')).not.toBe(dead);
      for (const { pid } of processes) await expect.poll(() => isAlive(pid!)).toBe(false);
      ({ core } = await connectThrough(page));
      expect((await core.projects.open({ project })).key).toBe(key);
      expect(await inPage(`fetch('/file/${key}/thumb/${sha256}').then((answer) => answer.status)`)).toBe(200);
    });
  });
});
