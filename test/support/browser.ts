import { chromium, type Browser, type Page } from '@playwright/test';
import { onTestFinished } from 'vitest';
import { findChromium } from '../../scripts/chromium.ts';
import { settling, type Settled } from './settled.ts';

/** Where a Chromium is that pages can be tested in; null where there is none. */
export const CHROMIUM = findChromium();

let browser: Promise<Browser> | undefined;

/** The one browser of a test file. */
function startBrowser(): Promise<Browser> {
  if (!CHROMIUM) throw new Error('there is no Chromium here');
  return (browser ??= chromium.launch({ executablePath: CHROMIUM }));
}

export async function stopBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

export interface Watched {
  page: Page;
  /** What the page complained of: uncaught errors, and whatever the content security policy blocked. */
  complaints: string[];
  settled: Settled;
}

/** A window on an address, in a browser profile of its own, with its complaints gathered. */
export async function openWindow(
  url: string,
  {
    width = 1440,
    height = 900,
    colorScheme = 'light',
  }: { width?: number; height?: number; colorScheme?: 'light' | 'dark' } = {},
): Promise<Watched> {
  const context = await (await startBrowser()).newContext({ viewport: { width, height }, colorScheme });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  const settled = settling(page);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints, settled };
}
