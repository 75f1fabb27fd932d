import { Option } from 'commander';
import { counted, integer } from '../../rpc/format.ts';
import { DEVICE_NAMES } from '../../rpc/contract/terms.ts';
import { answer, command } from '../command.ts';
import { defaultActor, userModel, userPath } from '../session.ts';

interface Options {
  model: string;
  device: (typeof DEVICE_NAMES)[number];
  by: string;
  json?: boolean;
}

export function embedCommand() {
  return command(
    'embed',
    'Let a project work with another embedder: embeds every image again, from its original',
    'assay embed parts --model patch256\nassay embed parts --model patch256          (again after an interruption: it goes on)',
  )
    .argument('<project>', 'the project')
    .requiredOption('--model <id>', 'embedder pack, by id or folder')
    .addOption(new Option('--device <device>', 'where the model runs').choices(DEVICE_NAMES).default('auto'))
    .option('--by <name>', 'who chooses it', defaultActor())
    .action((project: string, { model, device, by, ...options }: Options) =>
      answer(options, async ({ run }) => {
        const done = await run('embed', {
          project: userPath(project),
          by,
          model: userModel(model),
          device,
        });
        return {
          json: done,
          text: [
            `${counted(done.embedded, 'image')} embedded with ${done.model} on ${done.device}${done.embedded < done.images ? `; the others of ${integer(done.images)} had been before` : ''}`,
            ...done.notes.map((note) => `  note: ${note}`),
            `Next: assay score ${project}`,
          ].join('\n'),
        };
      }),
    );
}
