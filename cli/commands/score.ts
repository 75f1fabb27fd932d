import { Option } from 'commander';
import { DEVICE_NAMES, DEFAULT_SEED } from '../../rpc/contract/terms.ts';
import { sentenceOfObjects } from '../../rpc/contract/objects.ts';
import { sentenceOfRehearsal } from '../../rpc/contract/rehearsal.ts';
import type { RunSummary } from '../../rpc/contract/scores.ts';
import { answer, command } from '../command.ts';
import { readPrompts } from '../prompts-file.ts';
import { defaultActor, userModel, userPath } from '../session.ts';
import { wholeNumber } from './import.ts';
import { counted } from '../../rpc/format.ts';

interface Options {
  model?: string;
  classifier?: string;
  device: (typeof DEVICE_NAMES)[number];
  seed: number;
  promptTemplate?: string[];
  prompts?: string;
  by: string;
  json?: boolean;
}

export function scoreCommand() {
  return command('score', 'Train the label model on the seed and score every image', 'assay score parts')
    .argument('<project>', 'the project')
    .option('--model <id>', 'embedder pack, by id or folder (default: the one that the project works with)')
    .option('--classifier <id>', "classifier pack that takes the label model's place")
    .addOption(new Option('--device <device>', 'where the model runs').choices(DEVICE_NAMES).default('auto'))
    .option('--seed <n>', 'draws folds and halves', wholeNumber, DEFAULT_SEED)
    .option('--prompt-template <text...>', 'sentences with {class} in them, for a pack with a text tower')
    .option('--prompts <csv>', 'prompts for single classes: the columns class and prompt')
    .option('--by <name>', 'who runs it', defaultActor())
    .action((project: string, options: Options) =>
      answer(options, async ({ run }) => {
        const { device, seed, by } = options;
        const input = {
          project: userPath(project),
          by,
          model: options.model === undefined ? null : userModel(options.model),
          classifier: options.classifier === undefined ? null : userModel(options.classifier),
          device,
          seed,
          promptTemplates: options.promptTemplate ?? [],
          prompts: options.prompts === undefined ? [] : readPrompts(userPath(options.prompts)),
        };
        const summary = await run('score', input);
        return { json: summary, text: describeRun(summary) };
      }),
    );
}

/** What came of a run, in lines for people. */
function describeRun(run: RunSummary): string {
  const lines = [`Run ${run.run}: ${counted(run.images, 'image')} scored with ${run.model} on ${run.device}`];
  if (run.labelModel)
    lines.push(
      `  label model: ${Object.entries(run.labelModel)
        .map(([key, value]) => `${key} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`)
        .join(', ')}`,
    );
  if (run.objects) lines.push(`  objects: ${sentenceOfObjects(run.objects)}`);
  if (run.rehearsal) lines.push(`  rehearsal: ${sentenceOfRehearsal(run.rehearsal)}`);
  const flags = Object.entries(run.flags);
  if (flags.length > 0)
    lines.push(`  by rule: ${flags.map(([rule, count]) => `${count} ${rule}`).join(', ')}`);
  for (const note of run.notes) lines.push(`  note: ${note}`);
  return lines.join('\n');
}
