import { InvalidArgumentError, Option } from 'commander';
import { DEVICE_NAMES, ROLES, type Role } from '../../rpc/contract/terms.ts';
import { ERRORS, AssayError } from '../../rpc/errors.ts';
import { answer, command } from '../command.ts';
import { describeImport, describePreview } from '../import-text.ts';
import { defaultActor, userModel, userPath } from '../session.ts';

interface Options {
  role?: Role;
  dryRun?: boolean;
  source: string;
  batch?: string;
  generator?: string;
  generatorVersion?: string;
  generation?: number;
  parent: string[];
  map: Record<string, string | null>;
  copy?: boolean;
  strict?: boolean;
  encoding?: string;
  model?: string;
  device: (typeof DEVICE_NAMES)[number];
  by: string;
  json?: boolean;
}

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('give a whole number');
  return Number(text);
}

/** One more `--map from=to`; nothing after the sign leaves the images without a label. */
function classPair(text: string, before: Record<string, string | null>): Record<string, string | null> {
  const at = text.indexOf('=');
  if (at < 1)
    throw new InvalidArgumentError('write the class as the source names it, =, and the name to take');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) || null };
}

export function importCommand() {
  return command(
    'import',
    'Import a dataset: read, hash, decode and embed every new image',
    'assay import parts data/real --role real\nassay import parts data/real --dry-run          (how it would be read, and what would be left behind)\nassay import parts data/gen-3 --role synthetic --generator sdxl --generation 3',
  )
    .argument('<project>', 'the project')
    .argument('<from>', 'folder or manifest file')
    .addOption(
      new Option('--role <role>', 'what the images are for; needed unless --dry-run is given').choices(ROLES),
    )
    .option('--dry-run', 'say how the folder is read and what would be left behind; write nothing')
    .option('--source <format>', 'import format (see docs/formats.md)', 'auto')
    .option('--batch <name>', "the batch's name (default: the folder's)")
    .option('--generator <name>', 'what made the images')
    .option('--generator-version <version>', 'which version of it')
    .option('--generation <n>', 'round of training on own output', wholeNumber)
    .option('--parent <batch...>', 'batches that the generator was trained on', [])
    .addOption(
      new Option('--map <from=to>', 'another name for a class, or none after the sign; repeatable')
        .argParser(classPair)
        .default({}, 'as the source has them'),
    )
    .option('--copy', 'keep a copy of every original inside the project')
    .option('--strict', 'stop at the first faulty record instead of leaving it out')
    .option('--encoding <name>', 'encoding of text files (default: told from their bytes)')
    .option('--model <id>', 'embedder pack, by id or folder (default: the one that the project works with)')
    .addOption(new Option('--device <device>', 'where the model runs').choices(DEVICE_NAMES).default('auto'))
    .option('--by <name>', 'who imports', defaultActor())
    .action((project: string, from: string, options: Options) =>
      answer(options, async ({ core, run, signal }) => {
        const reading = {
          project: userPath(project),
          from: userPath(from),
          source: options.source,
          batch: options.batch ?? null,
          strict: options.strict ?? false,
          encoding: options.encoding ?? null,
        };
        if (options.dryRun) {
          const preview = await core.imports.preview(reading, { signal });
          const refused = preview.source === null || preview.problems.length > 0;
          return {
            json: preview,
            text: describePreview(preview),
            ...(refused ? { exit: ERRORS.SOURCE_UNREADABLE.exit } : {}),
          };
        }
        if (options.role === undefined)
          throw new AssayError('USAGE', `Say what the images are for: --role ${ROLES.join(' or --role ')}.`);
        const summary = await run('import', {
          ...reading,
          by: options.by,
          role: options.role,
          generator: options.generator ?? null,
          generatorVersion: options.generatorVersion ?? null,
          generation: options.generation ?? null,
          parents: options.parent,
          classMap: options.map,
          copy: options.copy ?? false,
          model: options.model === undefined ? null : userModel(options.model),
          device: options.device,
        });
        return { json: summary, text: describeImport(summary) };
      }),
    );
}
