import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { realNeeded, type BatchLogReport, type BatchesReport } from '../../../rpc/contract/mixes.ts';
import { Sha256 } from '../../../rpc/contract/terms.ts';
import { AssayError, errorCode } from '../../../rpc/errors.ts';
import { counted, integer, percent } from '../../../rpc/format.ts';
import type { TaskContext } from '../../../rpc/progress.ts';
import { hashFile } from '../../project/originals.ts';
import { MANIFEST, manifestHash, parseManifest } from '../../release/manifest.ts';
import { proofOf } from '../../release/verify-release.ts';

/** What `report_batches` of python/assay_mix writes: a header wherever training began or went on, then its batches. */
const Header = z.object({
  format: z.literal('assay-batches-1'),
  mix: Sha256,
  folder: z.string(),
  batchSize: z.int().positive(),
  rank: z.int().nonnegative(),
  worldSize: z.int().positive(),
});
const Batch = z.object({
  epoch: z.int().nonnegative(),
  batch: z.int().nonnegative(),
  positions: z.array(z.int().nonnegative()).min(1),
});
const Line = z.union([Header, Batch]);
type Header = z.output<typeof Header>;

/** What of mix.json the check needs. */
const About = z.object({
  format: z.literal('assay-mix-1'),
  floor: z.number(),
  images: z.int().positive(),
  real: z.int().nonnegative(),
  belowFloor: z.object({ reason: z.string(), by: z.string() }).nullable(),
});

interface CheckedMix {
  about: z.output<typeof About>;
  /** By position of the epoch. */
  isReal: Uint8Array;
  manifestSha256: string;
}

const MOST_PROBLEMS = 100;

/**
 * Proves batches that training logged against the policy of the mix that they were drawn from. The mix is taken from
 * where it lay in training, or from `folder`, and has to be the one that the logs name, as it was written and on record.
 * Throws `NOT_FOUND` where a log or the mix is not there, and `INVALID_INPUT` naming the line of a log that says nothing.
 */
export async function checkBatches(
  logs: readonly string[],
  folder: string | null,
  task: TaskContext,
): Promise<BatchesReport> {
  const reports: BatchLogReport[] = [];
  const problems: string[] = [];
  let mix: CheckedMix | null = null;
  let place = '';
  const note = (problem: string): void => {
    if (problems.length < MOST_PROBLEMS) problems.push(problem);
  };
  for (const [number, log] of logs.entries()) {
    task.progress({ stage: 'reading logs', done: number, total: logs.length, unit: 'logs' });
    let report: BatchLogReport | null = null;
    const seen = new Set<string>();
    for await (const { line, at } of linesOf(log)) {
      task.signal.throwIfAborted();
      if ('format' in line) {
        place ||= folder ?? line.folder;
        mix ??= await readMix(place);
        if (line.mix !== mix.manifestSha256)
          throw new AssayError(
            'INVALID_INPUT',
            `${log}, line ${at}: names the mix ${line.mix}, and ${place} is ${mix.manifestSha256}: name the folder of that mix (--mix).`,
          );
        report ??= emptyReport(log, line);
        continue;
      }
      if (!report || !mix)
        throw new AssayError(
          'INVALID_INPUT',
          `${log}, line ${at}: a batch before any line that names its mix. Is this a log of report_batches?`,
        );
      const problem = addBatch(report, seen, line, mix);
      if (problem !== null) note(`${log}, line ${at}: ${problem}`);
    }
    if (!report)
      throw new AssayError('INVALID_INPUT', `${log} holds no batch: is it a log of report_batches?`);
    report.missing = missingIn(seen);
    reports.push(report);
  }
  const images = reports.reduce((sum, each) => sum + each.images, 0);
  const real = reports.reduce((sum, each) => sum + each.real, 0);
  const { floor, belowFloor, images: inMix, real: realInMix } = mix!.about;
  return {
    ok: problems.length === 0,
    problems,
    mix: { folder: place, manifestSha256: mix!.manifestSha256, floor, share: realInMix / inMix, belowFloor },
    logs: reports,
    batches: reports.reduce((sum, each) => sum + each.batches, 0),
    images,
    real,
    leastShare: Math.min(...reports.map(({ leastShare }) => leastShare)),
  };
}

function emptyReport(log: string, { rank, worldSize }: Header): BatchLogReport {
  return {
    log,
    rank,
    worldSize,
    batches: 0,
    images: 0,
    real: 0,
    leastShare: 1,
    epochs: 0,
    again: 0,
    missing: 0,
  };
}

/** Counts a batch, and says what is wrong with it. */
function addBatch(
  report: BatchLogReport,
  seen: Set<string>,
  { epoch, batch, positions }: z.output<typeof Batch>,
  { about, isReal }: CheckedMix,
): string | null {
  const key = `${epoch} ${batch}`;
  if (seen.has(key)) report.again++;
  seen.add(key);
  const strange = positions.find((position) => position >= about.images);
  if (strange !== undefined)
    return `position ${strange} is not in the mix, which has ${counted(about.images, 'image')}`;
  const size = positions.length;
  const real = positions.reduce((sum, position) => sum + isReal[position]!, 0);
  report.batches++;
  report.images += size;
  report.real += real;
  report.leastShare = Math.min(report.leastShare, real / size);
  report.epochs = Math.max(report.epochs, epoch + 1);
  const needed = about.belowFloor
    ? Math.floor((size * about.real) / about.images)
    : realNeeded(about.floor, size);
  if (real >= needed) return null;
  return `batch ${batch} of epoch ${epoch} has ${counted(real, 'real image')} of ${integer(size)} (${percent(real / size)}), and ${about.belowFloor ? 'the mix promises' : `the floor of ${percent(about.floor)} takes`} ${integer(needed)}`;
}

/** Batches that lie before the last one of their epoch, and were not drawn. */
function missingIn(seen: ReadonlySet<string>): number {
  const last = new Map<number, number>();
  for (const key of seen) {
    const [epoch, batch] = key.split(' ').map(Number) as [number, number];
    last.set(epoch, Math.max(last.get(epoch) ?? 0, batch + 1));
  }
  return [...last.values()].reduce((sum, each) => sum + each, 0) - seen.size;
}

async function* linesOf(log: string): AsyncGenerator<{ line: z.output<typeof Line>; at: number }> {
  let at = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(log, 'utf8') })) {
      at++;
      if (text.trim() === '') continue;
      yield { at, line: lineOf(log, at, text) };
    }
  } catch (error) {
    if (error instanceof AssayError || errorCode(error) !== 'INTERNAL') throw error;
    throw new AssayError(
      'NOT_FOUND',
      `${log} cannot be read: name a log that report_batches wrote.`,
      {},
      error,
    );
  }
}

function lineOf(log: string, at: number, text: string): z.output<typeof Line> {
  try {
    return Line.parse(JSON.parse(text));
  } catch (error) {
    throw new AssayError(
      'INVALID_INPUT',
      `${log}, line ${at}: is no batch with its epoch, number and positions. If training was killed while it wrote the line, remove it.`,
      {},
      error,
    );
  }
}

/** Reads a mix, and makes sure that what it says of itself is as it was written and on record. */
async function readMix(folder: string): Promise<CheckedMix> {
  const bytes = await readFile(join(folder, MANIFEST)).catch((error: unknown) => {
    throw new AssayError(
      'NOT_FOUND',
      `There is no mix at ${folder}: it has no ${MANIFEST}. Name the folder where it lies now (--mix).`,
      { folder },
      error,
    );
  });
  const manifest = parseManifest(bytes);
  const manifestSha256 = manifestHash(bytes);
  const asWritten = async (path: string): Promise<string> => {
    const file = join(folder, path);
    const sha256 = await hashFile(file).catch(() => null);
    if (sha256 === null || manifest?.files.find((each) => each.path === path)?.sha256 !== sha256)
      throw spoilt(folder, `${path} is not as it was written`);
    return file;
  };
  const about = About.safeParse(JSON.parse(await readFile(await asWritten('mix.json'), 'utf8')));
  if (!about.success || !manifest) throw spoilt(folder, 'mix.json is none of this version');
  const { problems } = await proofOf(folder, manifest, manifestSha256);
  if (problems.length > 0) throw spoilt(folder, problems[0]!);
  const isReal = new Uint8Array(about.data.images);
  let position = 0;
  // An epoch may have more rows than one text holds.
  for await (const row of createInterface({ input: createReadStream(await asWritten('manifest.jsonl')) }))
    isReal[position++] = Number((JSON.parse(row) as { role: string }).role === 'real');
  return { about: about.data, isReal, manifestSha256 };
}

function spoilt(folder: string, problem: string): AssayError {
  return new AssayError(
    'VERIFY_FAILED',
    `${folder} proves nothing: ${problem}. See assay verify ${folder}, and write the mix again.`,
    { folder },
  );
}
