import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { findChromium } from '../scripts/chromium.ts';
import { makeHugeProject } from '../test/support/huge-project.ts';
import { startServed } from '../test/support/served.ts';
import { scrollBlanks, type Blanks } from './blanks.ts';
import { ACTOR, timed, type BenchContext } from './context.ts';
import { mebibytes, number, percent, type Table } from './report.ts';

const THUMBS = 40_000;
const ORIGINALS = 700;

/** What a person at the window waits for. */
export interface WorkbenchRates {
  images: number;
  /** From an address to a screen that can be used: cold, then again in the same browser. */
  startMs: { first: number; again: number };
  /** From the key press to the next image painted. */
  answers: { count: number; median: number; p99: number; most: number };
  /** The same page without a core: the wait for two animation frames, which no answer can be quicker than. */
  twoFramesMs: number;
  scroll: { wheelPxPerSecond: number; blanks: Blanks }[];
  /** Of the page's JavaScript after a collection, before and after scrolling. */
  heapBytes: { before: number; after: number };
}

/** Drives the workbench in Chromium on a project of very many rows, through the browser host. Null without Chromium. */
export async function measureWorkbench(
  bench: BenchContext,
  images: number,
  decisions: number,
): Promise<WorkbenchRates | null> {
  const executablePath = findChromium();
  if (!executablePath) return null;
  bench.say(`Workbench: making a project of ${images} images …`);
  const project = await makeHugeProject(join(bench.workFolder, 'windowed'), {
    images,
    thumbs: Math.min(THUMBS, images),
    originals: ORIGINALS,
    queue: ORIGINALS,
    decisions: 0,
    dimensions: 16,
  });
  const served = await startServed(project);
  const browser = await chromium.launch({ executablePath });
  try {
    await served.core().settings.set({ reviewer: ACTOR });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const screen = (name: string): string => `/p/${encodeURIComponent(project)}/${name}`;
    bench.say('Workbench: starting …');
    const ready = (): Promise<void> =>
      page.locator('[role=gridcell] img').first().waitFor({ timeout: 120_000 });
    const first = await timed(async () => {
      await page.goto(served.newUrl(screen('explore')));
      await ready();
    });
    const again = await timed(async () => {
      await page.reload();
      await ready();
    });
    bench.signal.throwIfAborted();
    bench.say('Workbench: scrolling …');
    const heap = await heapOf(page);
    const scroll: WorkbenchRates['scroll'] = [];
    for (const wheelPx of [120, 400])
      scroll.push({ wheelPxPerSecond: wheelPx * 20, blanks: await scrollBlanks(page, wheelPx, 100) });
    const heapBytes = { before: heap, after: await heapOf(page) };
    bench.signal.throwIfAborted();
    bench.say(`Workbench: ${decisions} answers by keyboard …`);
    await page.goto(`${page.url().split('#')[0]}#${screen('review')}`);
    const times = await answerByKeyboard(page, decisions);
    const at = (q: number): number => times[Math.floor((times.length - 1) * q)]!;
    return {
      images,
      startMs: { first: 1000 * first.seconds, again: 1000 * again.seconds },
      answers: { count: times.length, median: at(0.5), p99: at(0.99), most: at(1) },
      twoFramesMs: await twoFrames(page),
      scroll,
      heapBytes,
    };
  } finally {
    await browser.close();
    await served.close();
  }
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

/** Answers item after item as soon as it is painted, and gives the page's own measures, ascending. */
async function answerByKeyboard(page: Page, count: number): Promise<number[]> {
  const picture = page.locator('[data-shown]');
  await picture.waitFor({ timeout: 120_000 });
  for (let i = 0; i < count; i++) {
    const shown = await picture.getAttribute('data-shown');
    await page.keyboard.press(i % 4 === 3 ? '2' : 'a');
    await page.locator(`[data-shown]:not([data-shown="${shown}"])`).waitFor({ timeout: 30_000 });
  }
  const measured = (await page.evaluate(
    "performance.getEntriesByName('assay:review').map(({ duration }) => duration)",
  )) as number[];
  return measured.sort((a, b) => a - b);
}

async function twoFrames(page: Page): Promise<number> {
  const times = (await page.evaluate(`(async () => {
    const times = [];
    for (let i = 0; i < 60; i++) {
      const start = performance.now();
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b);
  })()`)) as number[];
  return times[30]!;
}

export function workbenchTable(rates: WorkbenchRates): Table {
  const { startMs, answers, twoFramesMs, scroll, heapBytes } = rates;
  return {
    title: `Workbench in Chromium: ${number(rates.images)} images`,
    columns: ['what', 'measured', 'limit'],
    rows: [
      ['start to the first thumbnail, new session, ms', number(startMs.first), '2,000'],
      ['start again, ms', number(startMs.again), '2,000'],
      [`key to next image painted, ${answers.count} answers, median ms`, number(answers.median), '50'],
      ['  99th percentile, ms', number(answers.p99), '100'],
      ['  longest, ms', number(answers.most), ''],
      ['  two animation frames alone, ms', number(twoFramesMs), ''],
      ...scroll.flatMap(({ wheelPxPerSecond, blanks }) => [
        [
          `scroll at ${number(wheelPxPerSecond)} px/s: blank, median ms of ${blanks.cells}`,
          number(blanks.median),
          '',
        ],
        ['  99th percentile, ms', number(blanks.p99), '100'],
        ['  blank for longer than 100 ms', percent(blanks.over100), '0 %'],
        ['  a frame, median ms', number(blanks.frameMedian), ''],
      ]),
      ['heap of the page before scrolling', mebibytes(heapBytes.before), ''],
      ['heap of the page after scrolling', mebibytes(heapBytes.after), 'the same'],
    ],
    notes: [
      'Chromium draws in software here, and shares the cores with the core process and the server. An answer is on disk before the next image is painted.',
    ],
  };
}
