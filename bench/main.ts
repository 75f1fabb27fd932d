// `npm run bench`: measures this machine. Ratios are against limits measured in the same run; nothing here fails for
// being slow.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ProgressView } from '../cli/progress-view.ts';
import { AssayError, errorCode, ERRORS } from '../rpc/errors.ts';
import { REPOSITORY, type BenchContext } from './context.ts';
import { changeTables, readSaved } from './judgement/compare.ts';
import type { WorldFigures } from './judgement/figures.ts';
import { WORLD_IDS, worldsOf } from './judgement/lists.ts';
import { renderTable } from './report.ts';
import { runSections, SECTIONS, tablesOf, type Section } from './sections.ts';

const USAGE = `Usage: npm run bench -- [--quick] [--json] [--only <section,…>] [--model <id or folder>]
                        [--worlds <world,…>] [--choose] [--against <file>]
  --quick   small sizes and one round: a first impression
  --json    one JSON document on standard output
  --only    of ${SECTIONS.join(', ')}
  --model   embedder pack to measure with (default: the built-in one)
  --worlds  of the judgement section: ${WORLD_IDS.join(', ')}
  --choose  of the judgement section, only the worlds and faults that something may be chosen on
  --against of the judgement section: what changed since a report saved with --json`;

interface Options extends Pick<BenchContext, 'quick' | 'model' | 'worlds' | 'chooseOnly'> {
  json: boolean;
  only: Section[];
  /** The judgement of an earlier run. */
  before: WorldFigures[];
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        only: { type: 'string', default: SECTIONS.join(',') },
        model: { type: 'string' },
        worlds: { type: 'string' },
        choose: { type: 'boolean', default: false },
        against: { type: 'string' },
      },
    });
    const only = values.only.split(',') as Section[];
    const unknown = only.find((name) => !SECTIONS.includes(name));
    if (unknown !== undefined) throw new Error(`There is no section "${unknown}".`);
    if (values.json && values.against !== undefined)
      throw new Error('--against makes tables, which --json has none of: leave out one of them.');
    const lists = { quick: values.quick, chooseOnly: values.choose };
    return {
      ...lists,
      json: values.json,
      only,
      model: values.model ?? null,
      worlds: worldsOf(values.worlds?.split(',') ?? null, values.choose),
      before: values.against === undefined ? [] : readSaved(values.against, lists),
    };
  } catch (error) {
    throw new AssayError('USAGE', `${(error as Error).message}\n${USAGE}`);
  }
}

async function main(): Promise<number> {
  const { json, only, before, ...options } = readOptions();
  const cacheFolder = join(REPOSITORY, '.cache', 'bench');
  mkdirSync(cacheFolder, { recursive: true });
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const view = new ProgressView(process.stderr);
  const bench: BenchContext = {
    ...options,
    // Beside the sets rather than in the system's temporary folder, which often lies in memory: writes would cost nothing.
    workFolder: mkdtempSync(join(cacheFolder, 'run-')),
    cacheFolder,
    signal: interrupt.signal,
    progress: (report) => view.show(report),
    say: (line) => {
      view.end();
      process.stderr.write(`${line}\n`);
    },
  };
  // A project leaves a checkpoint in the settings of its user, which are not to be touched.
  process.env['ASSAY_CONFIG'] = join(bench.workFolder, 'config');
  try {
    const { figures, skipped, failed } = await runSections(bench, only);
    view.end();
    if (json)
      process.stdout.write(`${JSON.stringify({ ...options, ...figures, skipped, failed }, null, 2)}\n`);
    else
      process.stdout.write(
        `${[
          ...[...tablesOf(figures), ...changeTables(before, figures.judgement)].map(renderTable),
          ...skipped.map((line) => `SKIPPED ${line}`),
          ...failed.map((line) => `FAILED ${line}`),
        ].join('\n\n')}\n`,
      );
    return failed.length === 0 ? 0 : 1;
  } finally {
    view.end();
    rmSync(bench.workFolder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n`);
  process.exitCode = ERRORS[errorCode(error)].exit;
}
