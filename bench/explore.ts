import { join } from 'node:path';
import Database from 'better-sqlite3';
import { explorerOf } from '../core/explore/index.ts';
import { mulberry32, randomIndex } from '../core/base/numeric/random.ts';
import { Project } from '../core/project/project.ts';
import { projectStatus } from '../core/overview/status.ts';
import type { ImageFilter, ImageSort } from '../rpc/contract/images.ts';
import { HUGE_SCORES, makeHugeProject } from '../test/support/huge-project.ts';
import { median, timed, type BenchContext } from './context.ts';
import { mebibytes, number, ratio, type Table } from './report.ts';

const PAGES = 100;
const PAGE_ROWS = 200;
const ADDED: ImageSort = { by: 'added', order: 'ascending' };

/** Milliseconds over several questions of a kind. */
interface Latency {
  median: number;
  most: number;
}

export interface ExploreRates {
  images: number;
  buildSeconds: number;
  /** Of a project just opened, its explorer not yet started. */
  cold: { firstPageMs: number; facetsMs: number; scoreSortMs: number; readAheadSeconds: number };
  filters: Latency;
  sorts: Latency;
  pages: Latency;
  /** Counts of every choice under each of the filters. */
  facets: Latency;
  histogramMs: number;
  details: Latency;
  statusMs: number;
  /** One full sort and one count by label, asked of SQLite directly. */
  bare: { sortMs: number; filterMs: number };
  residentBytes: number;
}

const FILTERS: ImageFilter[] = [
  { labels: ['part-03', 'part-07'] },
  { roles: ['synthetic'], decisions: ['none'] },
  { batches: ['night-drive'], predicted: ['part-11'] },
  { flags: ['near-duplicate', 'seed-copy'] },
  { strata: ['audit'] },
  { reviewers: ['Ada Lovelace'] },
  { scores: { margin: [0.1, 0.2], entropy: [0.3, null] } },
  { prompt: 'rusty concrete' },
  { lasso: { layout: 'pca', polygon: ring(200, 4) } },
  { labels: ['part-01'], scores: { 'novelty-all': [0.5, null] }, prompt: 'take 77' },
];

function ring(points: number, radius: number): [number, number][] {
  return Array.from({ length: points }, (_, i) => {
    const angle = (2 * Math.PI * i) / points;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

async function latency(acts: (() => unknown)[]): Promise<Latency> {
  const times: number[] = [];
  for (const act of acts) times.push(1000 * (await timed(act)).seconds);
  return { median: median(times), most: Math.max(...times) };
}

/** How fast a large project is filtered, sorted and paged, beside SQLite alone on the same file. */
export async function measureExplore(bench: BenchContext, images: number): Promise<ExploreRates> {
  bench.say(`Explore: making a project of ${images} images …`);
  const building = await timed(() => makeHugeProject(join(bench.workFolder, 'huge'), { images, map: true }));
  const project = Project.open(building.value, 'read');
  try {
    bench.say('Explore: filters, sorts, pages …');
    const explorer = explorerOf(project);
    const ms = async (act: () => unknown): Promise<number> => 1000 * (await timed(act)).seconds;
    const query = (filter: ImageFilter, sort: ImageSort = ADDED) => explorer.call('query', filter, sort);
    const firstPageMs = await ms(async () => explorer.call('rows', (await query({})).view, 0, PAGE_ROWS));
    const facetsColdMs = await ms(() => explorer.call('facets', {}));
    const scoreSortMs = await ms(() => query({}, { by: HUGE_SCORES.at(-1)!, order: 'ascending' }));
    const readAhead = await timed(() => explorer.call('warm'));
    bench.signal.throwIfAborted();
    const filters = await latency(FILTERS.map((filter) => () => query(filter)));
    const sorts = await latency(
      HUGE_SCORES.slice(0, 5).flatMap((by) =>
        (['ascending', 'descending'] as const).map((order) => () => query({}, { by, order })),
      ),
    );
    const { view, total } = await query({}, { by: 'entropy', order: 'descending' });
    const random = mulberry32(1);
    const offsets = Array.from({ length: PAGES }, () => randomIndex(random, Math.max(1, total - PAGE_ROWS)));
    const pages = await latency(
      offsets.map((offset) => () => explorer.call('rows', view, offset, PAGE_ROWS)),
    );
    const shown = await explorer.call('rows', view, offsets[0]!, 10);
    bench.signal.throwIfAborted();
    return {
      images,
      buildSeconds: building.seconds,
      cold: { firstPageMs, facetsMs: facetsColdMs, scoreSortMs, readAheadSeconds: readAhead.seconds },
      filters,
      sorts,
      pages,
      facets: await latency(FILTERS.map((filter) => () => explorer.call('facets', filter))),
      histogramMs: await ms(() => explorer.call('histogram', { labels: ['part-03'] }, 'margin', 40)),
      details: await latency(
        shown.map(
          ({ sha256 }) =>
            () =>
              explorer.call('detail', sha256),
        ),
      ),
      statusMs: await ms(() => projectStatus(project)),
      bare: await bareSqlite(join(project.folder, 'project.db')),
      residentBytes: process.memoryUsage.rss(),
    };
  } finally {
    project.close();
  }
}

async function bareSqlite(file: string): Promise<ExploreRates['bare']> {
  const db = new Database(file, { readonly: true });
  try {
    const sort = db
      .prepare('SELECT image_id FROM score WHERE run_id = 1 AND score_id = 2 ORDER BY value')
      .pluck();
    const filter = db
      .prepare('SELECT i.id FROM image i JOIN file f ON f.id = i.home_file_id WHERE f.label_id IN (3, 7)')
      .pluck();
    return {
      sortMs: (await latency([() => sort.all()])).median,
      filterMs: (await latency([() => filter.all()])).median,
    };
  } finally {
    db.close();
  }
}

export function exploreTable(rates: ExploreRates): Table {
  const { cold, filters, sorts, pages, details, bare } = rates;
  const row = (what: string, { median: middle, most }: Latency, bareMs?: number): string[] => [
    what,
    number(middle),
    number(most),
    bareMs === undefined ? '' : number(bareMs),
    bareMs === undefined ? '' : ratio(bareMs / middle),
  ];
  const once = (what: string, ms: number): string[] => row(what, { median: ms, most: ms });
  return {
    title: `Explore: ${number(rates.images)} images`,
    columns: ['question', 'median ms', 'most ms', 'bare SQLite ms', 'times as quick'],
    rows: [
      once('just opened: the first page of rows', cold.firstPageMs),
      once('just opened: counts of every choice', cold.facetsMs),
      once('just opened: first sort by a score', cold.scoreSortMs),
      row(`${FILTERS.length} filters`, filters, bare.filterMs),
      row('10 sorts of everything', sorts, bare.sortMs),
      row(`${PAGES} pages of ${PAGE_ROWS} rows at random`, pages),
      row('counts of every choice, under each filter', rates.facets),
      once('histogram under a filter', rates.histogramMs),
      row('detail of an image', details),
      once('status of the project', rates.statusMs),
    ],
    notes: [
      `Asked as a window asks, through the explorer's thread. After opening, that thread read ${HUGE_SCORES.length} scores and all prompts ahead in ${number(cold.readAheadSeconds)} s while questions went before; the process then held ${mebibytes(rates.residentBytes)}. The project was made in ${number(rates.buildSeconds)} s.`,
      'Bare SQLite is one statement on the same file: all image numbers ordered by a score, and those of two labels.',
    ],
  };
}
