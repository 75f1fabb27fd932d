import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page, type Request, type Route } from '@playwright/test';
import { app } from './app.ts';
import { requestOf, session } from './session.ts';

/** Chromium does not know the shell's scheme: to it, `assay://app` is this origin, and nothing of it leaves the machine. */
const OUTSIDE = 'https://app.assay.test';
const INSIDE = 'assay://app';

export const toBrowser = (address: string): string => address.replace(INSIDE, OUTSIDE);
export const fromBrowser = (address: string): string => address.replace(OUTSIDE, INSIDE);

let context: BrowserContext;
/** Told of each request that would lead a page elsewhere; says whether it may. */
let navigates: (page: Page, request: Request) => boolean = () => true;

export const browser = {
  get context(): BrowserContext {
    return context;
  },
  onNavigation(decide: typeof navigates): void {
    navigates = decide;
  },
};

app.beforeReady(async () => {
  const profile = join(app.getPath('userData'), 'chromium');
  context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['STAND_IN_CHROMIUM'] ?? '',
    viewport: null,
    // The tests come in through this door; the shell knows nothing of it.
    args: ['--remote-debugging-port=0', '--window-size=1440,900'],
  });
  await context.route('**/*', answer);
  const [port] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n');
  process.send?.({ browser: `http://127.0.0.1:${port}` });
});

async function answer(route: Route, request: Request): Promise<void> {
  const address = fromBrowser(request.url());
  if (request.isNavigationRequest()) {
    const page = pageOf(request);
    if (page && !navigates(page, request)) return route.abort('aborted');
  }
  if (await session.defaultSession.isCancelled(address)) return route.abort('blockedbyclient');
  const response = await requestOf(address, request.method());
  if (!response) return route.abort('failed');
  await route
    .fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    })
    // The page is gone, or has gone on.
    .catch(() => undefined);
}

function pageOf(request: Request): Page | null {
  try {
    return request.frame().page();
  } catch {
    return null;
  }
}
