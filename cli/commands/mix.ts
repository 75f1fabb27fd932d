import { Command, InvalidArgumentError, Option } from 'commander';
import {
  MIX_FORMS,
  MIX_FORM_WORDS,
  SHARD_MB,
  weightOf,
  mixLeftLines,
  mixZones,
  type BatchesReport,
  type MixForm,
  type MixWeight,
  type MixInfo,
  type MixPolicy,
  type MixSummary,
} from '../../rpc/contract/mixes.ts';
import { DEFAULT_SEED } from '../../rpc/contract/terms.ts';
import { counted, integer, percent, uncapitalised } from '../../rpc/format.ts';
import { ERRORS } from '../../rpc/errors.ts';
import { answer, command, firstLines } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';
import { wholeNumber } from './import.ts';
import { parseRate } from './queue.ts';

/** `all`, or numbers between commas. */
function generations(text: string): number[] | 'all' {
  if (text === 'all') return text;
  if (!/^\d+(\s*,\s*\d+)*$/.test(text)) throw new InvalidArgumentError('give numbers such as 1,2, or all');
  return text.split(',').map(Number);
}

const UNITS: Record<string, number> = { KB: 1e3, MB: 1e6, GB: 1e9 };

/** `500MB`. */
function bytes(text: string): number {
  const found = /^(\d+(?:\.\d+)?)\s*([KMG]B)$/i.exec(text);
  const size = found ? Math.round(Number(found[1]) * UNITS[found[2]!.toUpperCase()]!) : 0;
  if (size < 1) throw new InvalidArgumentError('give a size such as 500MB');
  return size;
}

/** `real=2`, `synthetic/gear=0.5`. */
function weight(text: string, before: MixWeight[]): MixWeight[] {
  const found = weightOf(text);
  if (found) return [...before, found];
  throw new InvalidArgumentError('give role=times or role/class=times, such as real=2 or synthetic/gear=0.5');
}

interface WriteOptions {
  batchSize: number;
  realShare?: number;
  images?: number;
  seed: number;
  weight: MixWeight[];
  as: MixForm[];
  shardSize: number;
  belowFloor?: string;
  licence: string;
  by: string;
  json?: boolean;
}

export function mixCommand() {
  const mix = new Command('mix').description('Training mixes of real and synthetic images').exitOverride();
  const sub = (made: Command): void => void mix.addCommand(made.exitOverride());

  mix.addCommand(
    command(
      'write',
      'Write a training mix in which every batch holds its share of real images',
      'assay mix parts mix-1 --batch-size 64\nassay mix parts mix-2 --batch-size 64 --real-share 40% --weight real=2 --weight synthetic/gear=0.5 --as images huggingface',
    )
      .argument('<project>', 'the project')
      .argument('<folder>', 'folder to be made')
      .requiredOption(
        '--batch-size <n>',
        'images of a batch: each of these many in a row holds the floor',
        wholeNumber,
      )
      .option('--real-share <share>', 'share of real images; the target of the policy if left out', parseRate)
      .option(
        '--images <n>',
        'images of an epoch; as many as there are at this share if left out',
        wholeNumber,
      )
      .option('--seed <n>', 'draws images and their order', wholeNumber, DEFAULT_SEED)
      .option(
        '--weight <what=n>',
        'how often images may be drawn, on average: real=2, synthetic/gear=0.5 (repeatable; once where nothing is said)',
        weight,
        [],
      )
      .addOption(
        new Option('--as <forms...>', MIX_FORMS.map((form) => `${form}: ${MIX_FORM_WORDS[form]}`).join('; '))
          .choices(MIX_FORMS)
          .default(['shards']),
      )
      .option('--shard-size <size>', 'largest shard, such as 500MB', bytes, bytes(`${SHARD_MB}MB`))
      .option('--below-floor <reason>', 'write it although it is below the floor; the reason goes on record')
      .option('--licence <text>', "the mix's licence", 'unspecified')
      .option('--by <name>', 'who mixes', defaultActor())
      .action((path: string, to: string, options: WriteOptions) =>
        answer(options, async ({ run }) => {
          const written = await run('mix', {
            project: userPath(path),
            to: userPath(to),
            by: options.by,
            batchSize: options.batchSize,
            realShare: options.realShare ?? null,
            images: options.images ?? null,
            seed: options.seed,
            weights: options.weight,
            as: options.as,
            shardBytes: options.shardSize,
            belowFloor: options.belowFloor ?? null,
            licence: options.licence,
          });
          return { json: written, text: describeMix(written) };
        }),
      )
      .exitOverride(),
    { isDefault: true },
  );

  sub(
    command('list', 'List the mixes on record', 'assay mix list parts')
      .argument('<project>', 'the project')
      .action((path: string, options: { json?: boolean }) =>
        answer(options, async ({ core }) => {
          const known = await core.mixes.list({ project: userPath(path) });
          const text = known.map((one) => `${one.at}  ${one.manifestSha256.slice(0, 12)}  ${mixLine(one)}`);
          return { json: known, text: text.length > 0 ? text.join('\n') : 'No mix yet: assay mix' };
        }),
      ),
  );

  sub(
    command(
      'check',
      'Prove batches that training logged against the policy of their mix',
      'assay mix check batches-0.jsonl batches-1.jsonl\nassay mix check batches-*.jsonl --mix /data/mix-1',
    )
      .argument('<logs...>', 'what report_batches of assay_mix wrote, one log for each rank')
      .option('--mix <folder>', 'where the mix lies now, if not where it lay in training')
      .action((logs: string[], options: { mix?: string; json?: boolean }) =>
        answer(options, async ({ run }) => {
          const report = await run('check-batches', {
            logs: logs.map(userPath),
            mix: options.mix === undefined ? null : userPath(options.mix),
          });
          return {
            json: report,
            text: describeBatches(report),
            ...(report.ok ? {} : { exit: ERRORS.VERIFY_FAILED.exit }),
          };
        }),
      ),
  );

  sub(
    command(
      'policy',
      'Show or set how real and synthetic images may be mixed',
      'assay mix policy parts\nassay mix policy parts --target 40% --floor 25% --generations 1,2 --unreviewed out',
    )
      .argument('<project>', 'the project')
      .option('--target <share>', 'share of real images in an epoch', parseRate)
      .option('--floor <share>', 'share of real images that no batch may fall below', parseRate)
      .option('--generations <list>', 'generations of synthetic images that may be in, or all', generations)
      .addOption(
        new Option('--unreviewed <choice>', 'synthetic images that nobody looked at').choices(['in', 'out']),
      )
      .option('--by <name>', 'who sets it', defaultActor())
      .action(
        (
          path: string,
          options: {
            target?: number;
            floor?: number;
            generations?: number[] | 'all';
            unreviewed?: 'in' | 'out';
            by: string;
            json?: boolean;
          },
        ) =>
          answer(options, async ({ core }) => {
            const project = userPath(path);
            const { by, unreviewed, target, floor, generations: allowed } = options;
            const change = {
              target,
              floor,
              generations: allowed === 'all' ? null : allowed,
              unreviewed: unreviewed && unreviewed === 'in',
            };
            const policy = Object.values(change).every((value) => value === undefined)
              ? await core.mixes.policy({ project })
              : await core.mixes.setPolicy({ project, by, ...change });
            return { json: policy, text: describePolicy(policy) };
          }),
      ),
  );

  return mix;
}

/** A mix on record, in a line. */
export function mixLine({ folder, images, real, batchSize, leastReal, belowFloor, by }: MixInfo): string {
  const below = belowFloor === null ? '' : `; BELOW THE FLOOR, says ${by}: ${belowFloor}`;
  return `Training mix ${folder}: ${counted(images, 'image')}, ${percent(real / images)} real, at least ${leastReal} in any ${batchSize}${below}`;
}

function describeBatches({
  ok,
  problems,
  mix,
  logs,
  batches,
  images,
  real,
  leastShare,
}: BatchesReport): string {
  const { floor, share, belowFloor } = mix;
  return [
    ok
      ? `Proven: ${counted(batches, 'batch', 'batches')} of ${counted(images, 'image')}, ${percent(real / images, 2)} real; none below ${percent(leastShare)}, and the floor is ${percent(floor)}.`
      : `NOT PROVEN: ${problems[0]}`,
    ...firstLines(problems.slice(1), 20),
    ...(belowFloor === null
      ? []
      : [`The mix is below the floor, says ${belowFloor.by}: ${belowFloor.reason}`]),
    `Mix ${mix.manifestSha256}, ${percent(share, 2)} real, in ${mix.folder}`,
    ...logs.map(
      ({ log, rank, worldSize, batches: own, epochs, again, missing }) =>
        `Rank ${rank} of ${worldSize}: ${counted(own, 'batch', 'batches')} up to epoch ${epochs - 1}${again > 0 ? `, ${again} drawn again` : ''}${missing > 0 ? `, ${missing} before the last not drawn` : ''} (${log})`,
    ),
  ].join('\n');
}

function describeMix(written: MixSummary): string {
  const { folder, images, real, distinct, batchSize, batches, leastReal, floor, leftOut } = written;
  return [
    `${counted(images, 'image')} in ${folder}: ${integer(real)} real (${percent(real / images, 2)}), ${integer(images - real)} synthetic`,
    `Different ones: ${integer(distinct.real)} real, ${integer(distinct.synthetic)} synthetic`,
    `${counted(batches, 'batch', 'batches')} of ${integer(batchSize)}: any ${integer(batchSize)} in a row hold at least ${integer(leastReal)} real images (${percent(leastReal / batchSize)}; the floor is ${percent(floor)})`,
    ...(written.belowFloor === null ? [] : [`BELOW THE FLOOR: ${written.belowFloor}`]),
    ...mixLeftLines(leftOut).map((line) => `Left out: ${uncapitalised(line)}`),
    `Manifest sha256 ${written.manifestSha256}`,
  ].join('\n');
}

function describePolicy(policy: MixPolicy): string {
  const { target, floor, generations: allowed, unreviewed, version } = policy;
  const { low, high } = mixZones(policy);
  return [
    `Target: ${percent(target)} real images in an epoch (${percent(low)} to ${percent(high)} counts as on target)`,
    `Floor: no batch below ${percent(floor)}`,
    `Generations of synthetic images: ${allowed === null ? 'all' : allowed.join(', ')}`,
    `Synthetic images that nobody looked at: ${unreviewed ? 'in' : 'out'}`,
    version === 0 ? 'Nobody has set it: this is what every project begins with.' : `Set by event ${version}.`,
  ].join('\n');
}
