import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import type { SignedIn } from '../../rpc/contract/people.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { CHROMIUM, openWindow, stopBrowser } from '../support/browser.ts';
import { startCore } from '../support/core.ts';
import { REPOSITORY, temporaryFolder } from '../support/folders.ts';
import { makeImage } from '../support/images.ts';
import { startServed, type ServedWorkbench } from '../support/served.ts';

/** The test page's globals: the window's client, as on the screens, and a log of its states. */
interface Probe {
  core: CoreClient;
  signedIn: { take: (project: string, person: SignedIn) => void; forget: (project: string) => void };
  connection: { state: () => string; message: () => string | null };
  fileUrl: (key: string, kind: string, id: string) => string;
  states: string[];
  cookies: () => string;
  visited: () => number;
  /** Width of a picture once it is decoded. */
  widthOf: (url: string) => Promise<number>;
}
declare global {
  var probe: Probe;
  /** Every connection of the page, where a test asks for them. */
  var sockets: { close: () => void; addEventListener: (kind: 'close', listener: () => void) => void }[];
}

const HIDES_CHROMIUM = CHROMIUM === null ? ' (skipped: there is no Chromium here)' : '';
let folder: string;
let pages: string;

/** The client alone, built as the pages are, without a screen. */
beforeAll(async () => {
  if (!CHROMIUM) return;
  folder = mkdtempSync(join(tmpdir(), 'assay-client-'));
  pages = join(folder, 'out');
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><title>t</title><script type="module" src="./m.ts"></script>',
  );
  writeFileSync(
    join(folder, 'm.ts'),
    `import * as client from ${JSON.stringify(join(REPOSITORY, 'renderer', 'client.ts'))};
import { signedIn } from ${JSON.stringify(join(REPOSITORY, 'renderer', 'signed-in.ts'))};
const states = [];
client.connection.subscribe((state) => states.push(state));
const widthOf = async (url) => {
  const picture = new Image();
  picture.src = url;
  await picture.decode();
  return picture.naturalWidth;
};
const cookies = () => document.cookie;
globalThis.probe = { ...client, signedIn, states, cookies, visited: () => history.length, widthOf };`,
  );
  await build({ root: folder, configFile: false, base: './', logLevel: 'error', build: { outDir: pages } });
}, 60_000);
afterAll(async () => {
  await stopBrowser();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<ServedWorkbench> {
  const served = await startServed(undefined, { pages });
  onTestFinished(() => served.close());
  return served;
}

const formats = (page: Page): Promise<number> =>
  page.evaluate(async () => (await probe.core.catalog.formats()).imports.length);
const became = (page: Page, state: string): Promise<unknown> =>
  page.waitForFunction((wanted) => probe.states.at(-1) === wanted, state);

describe.skipIf(!CHROMIUM)(`the window's client${HIDES_CHROMIUM}`, { timeout: 60_000 }, () => {
  test('enters with the token, removes it from the address and the history, and keeps the route', async () => {
    const served = await start();
    const { page, complaints } = await openWindow(served.newUrl('/p/%2Fx%2Fy.assay/overview'));
    expect(await formats(page)).toBeGreaterThan(3);
    expect(page.url()).toBe(`${served.origin}/#/p/%2Fx%2Fy.assay/overview`);
    expect(await page.evaluate(() => probe.visited())).toBeLessThanOrEqual(2);
    expect(await page.evaluate(() => probe.cookies())).toBe('');
    expect(complaints).toEqual([]);
  });

  test('keeps its session over a reload and in another tab; a stranger has none and learns what to do', async () => {
    const served = await start();
    const { page } = await openWindow(served.url);
    await formats(page);
    await page.reload();
    expect(await formats(page)).toBeGreaterThan(3);
    const tab = await page.context().newPage();
    await tab.goto(served.origin);
    expect(await formats(tab)).toBeGreaterThan(3);
    const stranger = await openWindow(served.origin);
    const refused = await stranger.page.evaluate(() =>
      probe.core.catalog
        .formats()
        .catch((error: { code: string; message: string }) => [error.code, error.message]),
    );
    expect(refused).toEqual(['CONNECTION_LOST', expect.stringContaining('press Enter')]);
    // A new address, opened in that same tab, lets it in.
    await stranger.page.goto(served.newUrl());
    await stranger.page.waitForURL((url) => !url.hash.includes('token'));
    expect(await formats(stranger.page)).toBeGreaterThan(3);
  });

  test('reconnects when the core was killed; sent calls fail, unsent ones wait', async () => {
    const served = await start();
    const { page } = await openWindow(served.url);
    await formats(page);
    const outcome = page.evaluate(async () => {
      const list = await probe.core.jobs.watch({ project: null });
      await list.next();
      return list.next().catch((error: { code: string }) => error.code);
    });
    await page.evaluate(() => probe.core.catalog.formats());
    process.kill(served.corePid()!, 'SIGKILL');
    await became(page, 'restarting');
    expect(await outcome).toBe('CONNECTION_LOST');
    expect(await formats(page)).toBeGreaterThan(3);
    expect(await page.evaluate(() => [probe.states, probe.connection.state()])).toEqual([
      ['restarting', 'connected'],
      'connected',
    ]);
  });

  test('says on a new connection who works here, until they sign out', async () => {
    const served = await start();
    const path = join(temporaryFolder(), 'p');
    const { folder: project } = await served.core().projects.create({ project: path, by: 'ada' });
    const { page } = await openWindow(served.url);
    await formats(page);
    await page.addInitScript(`
      globalThis.sockets = [];
      globalThis.WebSocket = class extends WebSocket {
        constructor(...all) {
          super(...all);
          sockets.push(this);
        }
      };`);
    await page.reload();
    const afterwards = (): Promise<string | undefined> =>
      page.evaluate(async (of) => {
        const socket = sockets.at(-1)!;
        const closed = new Promise<void>((resolve) => socket.addEventListener('close', resolve));
        socket.close();
        await closed;
        return (await probe.core.people.access({ project: of })).signedIn?.id;
      }, project);
    await page.evaluate(async (of) => {
      const first = {
        id: 'ruth',
        name: 'Ruth Abara',
        identity: 'Staff card',
        password: 'seven grey kettles sing',
      };
      const person = await probe.core.people.turnOn({ project: of, ...first, roles: ['administrator'] });
      probe.signedIn.take(of, person);
    }, project);
    expect(await afterwards()).toBe('ruth');
    await page.evaluate((of) => probe.signedIn.forget(of), project);
    expect(await afterwards()).toBeUndefined();
  });

  test('reports an ended server, and an ended session when another server runs', async () => {
    const served = await start();
    const { page } = await openWindow(served.url);
    await formats(page);
    const port = Number(new URL(served.origin).port);
    await served.close();
    await became(page, 'lost');
    const next = await startServed(undefined, { pages, port });
    onTestFinished(() => next.close());
    await page.waitForFunction(() => probe.connection.message() !== null);
    expect(await page.evaluate(() => probe.connection.message())).toContain('no session any more');
  });

  test('shows pictures by opaque id', async () => {
    const served = await start();
    const place = temporaryFolder();
    mkdirSync(join(place, 'set'));
    const image = await makeImage(1);
    writeFileSync(join(place, 'set', '1.png'), image.bytes);
    const by = 'ada';
    const core = startCore();
    const { folder: project } = await core.projects.create({ project: join(place, 'p'), by });
    await runTask(core, 'import', { project, by, from: join(place, 'set'), role: 'real' });
    await core.projects.close({ project });
    const { page, complaints } = await openWindow(served.url);
    const sizes = await page.evaluate(
      async ({ folder: path, id }) => {
        const { key } = await probe.core.projects.open({ project: path });
        const kinds = ['thumb', 'image'];
        return Promise.all(kinds.map((kind) => probe.widthOf(probe.fileUrl(key, kind, id))));
      },
      { folder: project, id: image.sha256 },
    );
    expect(sizes[0]).toBe(sizes[1]);
    expect(sizes[1]).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });
});
