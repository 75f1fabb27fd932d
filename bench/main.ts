// `npm run bench`: measures this machine. Ratios are against limits measured in the same run; nothing here fails for
// being slow.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ProgressView } from '../cli/progress-view.ts';
import { AssayError, errorCode, ERRORS } from '../rpc/errors.ts';
import { REPOSITORY, type BenchContext } from './context.ts';
import { renderTable } from './report.ts';
import { runSections, SECTIONS, tablesOf, type Section } from './sections.ts';

const USAGE = `Usage: npm run bench -- [--quick] [--json] [--only <section,…>] [--model <id or folder>]
  --quick   small sizes and one round: a first impression
  --json    one JSON document on standard output
  --only    of ${SECTIONS.join(', ')}
  --model   embedder pack to measure with (default: the built-in one)`;

function readOptions(): { quick: boolean; json: boolean; only: Section[]; model: string | null } {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        only: { type: 'string', default: SECTIONS.join(',') },
        model: { type: 'string' },
      },
    });
    const only = values.only.split(',') as Section[];
    const unknown = only.find((name) => !SECTIONS.includes(name));
    if (unknown !== undefined) throw new Error(`There is no section "${unknown}".`);
    return { quick: values.quick, json: values.json, only, model: values.model ?? null };
  } catch (error) {
    throw new AssayError('USAGE', `${(error as Error).message}\n${USAGE}`);
  }
}

async function main(): Promise<number> {
  const { quick, json, only, model } = readOptions();
  const cacheFolder = join(REPOSITORY, '.cache', 'bench');
  mkdirSync(cacheFolder, { recursive: true });
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const view = new ProgressView(process.stderr);
  const bench: BenchContext = {
    quick,
    model,
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
  try {
    const { figures, skipped, failed } = await runSections(bench, only);
    view.end();
    if (json)
      process.stdout.write(`${JSON.stringify({ quick, model, ...figures, skipped, failed }, null, 2)}\n`);
    else
      process.stdout.write(
        `${[
          ...tablesOf(figures).map(renderTable),
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
