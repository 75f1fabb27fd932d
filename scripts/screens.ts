// `npm run screens [-- <project> …]`: saves every screen in every state, at two sizes, dark and light, in out/screens.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from '@playwright/test';
import { SCREENS } from '../renderer/shell/screens.ts';
import { settling } from '../test/support/settled.ts';
import { startServed, type ServedWorkbench } from '../test/support/served.ts';
import { ensureChromium } from './chromium.ts';

const SIZES = [
  [1440, 900],
  [1024, 700],
] as const;
const THEMES = ['light', 'dark'] as const;

const root = fileURLToPath(new URL('../', import.meta.url));
const out = join(root, 'out', 'screens');

const executablePath = ensureChromium();
if (!executablePath) {
  console.error('assay: there is no Chromium to take pictures with.');
  process.exit(1);
}

/** Takes the pictures of both sizes, each once the page shows what it is going to show. */
async function picture(page: Page, settled: () => Promise<void>, name: string, theme: string): Promise<void> {
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await settled();
    await page.screenshot({ path: join(out, `${name}-${width}-${theme}.png`) });
  }
}

async function takeAll(
  served: ServedWorkbench,
  browser: Browser,
  projects: Map<string, string>,
): Promise<void> {
  for (const theme of THEMES) {
    const context = await browser.newContext({ colorScheme: theme });
    const page = await context.newPage();
    const settled = settling(page);
    await page.goto(served.newUrl('/'));
    await picture(page, settled, 'projects', theme);
    const origin = page.url().split('#')[0]!;
    for (const [state, folder] of projects)
      for (const { id: screen } of SCREENS) {
        await page.goto(`${origin}#/p/${encodeURIComponent(folder)}/${screen}`);
        await picture(page, settled, `${screen}-${state}`, theme);
        if (screen === 'explore' && state !== 'empty') {
          await page.goto(`${origin}#/p/${encodeURIComponent(folder)}/explore?show=%22split%22`);
          await picture(page, settled, `map-${state}`, theme);
        }
      }
    await context.close();
  }
}

const temporary = mkdtempSync(join(tmpdir(), 'assay-screens-'));
process.env['ASSAY_CONFIG'] = join(temporary, 'config');
const named = process.argv.slice(2).map((path) => resolve(path));
const sample = [join(root, 'sample.assay'), join(homedir(), 'Assay', 'sample.assay')].find((path) =>
  existsSync(path),
);
const served = await startServed();
const browser = await chromium.launch({ executablePath });
try {
  await served.core().settings.set({ reviewer: 'Ada Lovelace' });
  const empty = await served
    .core()
    .projects.create({ project: join(temporary, 'empty'), by: 'Ada Lovelace' });
  const projects = new Map([['empty', empty.folder]]);
  if (sample) projects.set('sample', sample);
  for (const folder of named) projects.set(/([^/\\]+?)(?:\.assay)?$/.exec(folder)![1]!, folder);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await takeAll(served, browser, projects);
  console.log(`Pictures of ${projects.size} projects are in ${out}`);
} finally {
  await browser.close();
  await served.close();
  rmSync(temporary, { recursive: true, force: true });
}
