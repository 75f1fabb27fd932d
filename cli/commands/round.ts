import { Command, InvalidArgumentError } from 'commander';
import type { RoundInfo } from '../../rpc/contract/rounds.ts';
import { AssayError } from '../../rpc/errors.ts';
import { figure, integer, percent } from '../../rpc/format.ts';
import { answer, command, table } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';

type Holdout = RoundInfo['holdout'];

/** `accuracy=0.91`. */
function measure(text: string, before: Holdout): Holdout {
  const found = /^([^=]+)=(-?\d*\.?\d+(?:e[+-]?\d+)?)$/i.exec(text);
  if (!found) throw new InvalidArgumentError('give measure=value, such as accuracy=0.91');
  return [...before, { measure: found[1]!.trim(), value: Number(found[2]) }];
}

interface AddOptions {
  mix: string;
  model?: string;
  modelFile?: string;
  modelSha256?: string;
  holdout: Holdout;
  by: string;
  json?: boolean;
}

export function roundCommand() {
  const round = new Command('round').description('Training rounds: which model was trained on which mix');
  const sub = (made: Command): void => void round.addCommand(made.exitOverride());

  sub(
    command(
      'add',
      'Put a training on record',
      'assay round add parts spring --mix mix-1 --model resnet-18 --model-file weights.pt --holdout accuracy=0.91',
    )
      .argument('<project>', 'the project')
      .argument('<name>', 'name of the round')
      .requiredOption('--mix <mix>', 'folder of the mix, or the beginning of the sha256 of its manifest')
      .option('--model <name>', 'the model that was trained')
      .option('--model-file <file>', 'its file, to be hashed')
      .option('--model-sha256 <hash>', 'its hash, where the file is elsewhere')
      .option(
        '--holdout <measure=value>',
        'what was measured on the hold-out: accuracy=0.91 (repeatable)',
        measure,
        [],
      )
      .option('--by <name>', 'who adds it', defaultActor())
      .action((path: string, name: string, options: AddOptions) =>
        answer(options, async ({ core }) => {
          const { model, modelFile, modelSha256, mix, holdout, by } = options;
          if (model === undefined && (modelFile ?? modelSha256) !== undefined)
            throw new AssayError('USAGE', 'Name the model too: --model.');
          const added = await core.rounds.add({
            project: userPath(path),
            by,
            name,
            mix: /^[0-9a-f]{8,64}$/.test(mix) ? mix : userPath(mix),
            holdout,
            model:
              model === undefined
                ? null
                : {
                    name: model,
                    sha256: modelSha256 ?? null,
                    file: modelFile === undefined ? null : userPath(modelFile),
                  },
          });
          return { json: added, text: describeRound(added) };
        }),
      ),
  );

  sub(
    command('list', 'List the rounds, and what is called out in them', 'assay round list parts')
      .argument('<project>', 'the project')
      .action((path: string, options: { json?: boolean }) =>
        answer(options, async ({ core }) => {
          const known = await core.rounds.list({ project: userPath(path) });
          const { rounds, newestRealAt } = known;
          if (rounds.length === 0) return { json: known, text: 'No round yet: assay round add' };
          const lines = [
            table([
              ['round', 'added', 'real', 'new', 'share', 'model'],
              ...rounds.map(({ name, at, realImages, newRealImages, realShare, model }) => [
                name,
                at.slice(0, 10),
                integer(realImages),
                integer(newRealImages),
                percent(realShare),
                model?.name ?? '',
              ]),
            ]),
            ...rounds.flatMap(({ name, alarms }) => alarms.map((alarm) => `${name}: ${alarm}`)),
            ...(newestRealAt === null
              ? []
              : [`Real images were imported last on ${newestRealAt.slice(0, 10)}.`]),
          ];
          return { json: known, text: lines.join('\n') };
        }),
      ),
  );

  sub(
    command('show', 'Show a round', 'assay round show parts spring')
      .argument('<project>', 'the project')
      .argument('<name>', 'name of the round')
      .action((path: string, name: string, options: { json?: boolean }) =>
        answer(options, async ({ core }) => {
          const { rounds } = await core.rounds.list({ project: userPath(path) });
          const found = rounds.find((each) => each.name === name);
          if (!found)
            throw new AssayError(
              'NOT_FOUND',
              `There is no round "${name}"; there is ${rounds.map((each) => each.name).join(', ') || 'none'}.`,
            );
          return { json: found, text: describeRound(found) };
        }),
      ),
  );

  return round;
}

function describeRound({
  name,
  at,
  by,
  mix,
  model,
  realImages,
  newRealImages,
  realShare,
  holdout,
  alarms,
}: RoundInfo): string {
  return [
    `Round ${name}, added by ${by} on ${at.slice(0, 10)}`,
    `Mix: ${mix.folder}, manifest sha256 ${mix.sha256}`,
    ...(model === null
      ? []
      : [`Model: ${model.name}${model.sha256 === null ? '' : `, sha256 ${model.sha256}`}`]),
    `Real images: ${integer(realImages)}, ${integer(newRealImages)} of them new; ${percent(realShare)} of the epoch`,
    ...holdout.map(({ measure: of, value }) => `Hold-out ${of}: ${figure(value)}`),
    ...alarms.map((alarm) => `CALLED OUT: ${alarm}`),
  ].join('\n');
}
