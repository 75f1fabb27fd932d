import { Command, InvalidArgumentError, Option } from 'commander';
import { mixZones, type MixPolicy } from '../../rpc/contract/mixes.ts';
import { percent } from '../../rpc/format.ts';
import { answer, command } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';
import { parseRate } from './queue.ts';

/** `all`, or numbers between commas. */
function generations(text: string): number[] | null {
  if (text === 'all') return null;
  if (!/^\d+(\s*,\s*\d+)*$/.test(text)) throw new InvalidArgumentError('give numbers such as 1,2, or all');
  return text.split(',').map(Number);
}

export function mixCommand() {
  const mix = new Command('mix').description('Training mixes of real and synthetic images').exitOverride();
  const sub = (made: Command): void => void mix.addCommand(made.exitOverride());

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
            generations?: number[] | null;
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
              generations: allowed,
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
