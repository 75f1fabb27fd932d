import { InvalidArgumentError, Option } from 'commander';
import { DEVICE_NAMES, ROLES, type Role } from '../../rpc/contract/terms.ts';
import { leftWords, type ImportSummary } from '../../rpc/contract/imports.ts';
import { answer, command, firstLines } from '../command.ts';
import { defaultActor, userModel, userPath } from '../session.ts';

interface Options {
  role: Role;
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
    'assay import parts data/real --role real\nassay import parts data/gen-3 --role synthetic --generator sdxl --generation 3',
  )
    .argument('<project>', 'the project')
    .argument('<from>', 'folder or manifest file')
    .addOption(new Option('--role <role>', 'what the images are for').choices(ROLES).makeOptionMandatory())
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
    .option('--model <id>', 'embedder pack, by id or folder')
    .addOption(new Option('--device <device>', 'where the model runs').choices(DEVICE_NAMES).default('auto'))
    .option('--by <name>', 'who imports', defaultActor())
    .action((project: string, from: string, options: Options) =>
      answer(options, async ({ run }) => {
        const summary = await run('import', {
          project: userPath(project),
          by: options.by,
          from: userPath(from),
          role: options.role,
          source: options.source,
          batch: options.batch ?? null,
          generator: options.generator ?? null,
          generatorVersion: options.generatorVersion ?? null,
          generation: options.generation ?? null,
          parents: options.parent,
          classMap: options.map,
          copy: options.copy ?? false,
          strict: options.strict ?? false,
          encoding: options.encoding ?? null,
          model: options.model === undefined ? null : userModel(options.model),
          device: options.device,
        });
        return { json: summary, text: describeImport(summary) };
      }),
    );
}

/** What came of an import, in lines for people. */
function describeImport(summary: ImportSummary): string {
  const lines = [
    `${summary.batch} (${summary.source}): ${summary.added} images added, ${summary.unchanged} there already, ${summary.duplicates} with the bytes of another file, on ${summary.device}`,
  ];
  for (const note of summary.notes) lines.push(`  note: ${note}`);
  if (summary.left.length > 0)
    lines.push(
      'left behind, since Assay does not take it over:',
      ...firstLines(
        summary.left.map(
          (left) => `  ${leftWords(left)}${left.example ? `, for instance in ${left.example}` : ''}`,
        ),
        20,
      ),
    );
  if (summary.skipped.records > 0)
    lines.push(
      `${summary.skipped.records} faulty records were left out:`,
      ...summary.skipped.examples.map((example) => `  ${example}`),
    );
  if (summary.broken.length > 0)
    lines.push(
      `${summary.broken.length} files are broken and were left out:`,
      ...firstLines(
        summary.broken.map((file) => `  ${file.path}: ${file.code}, ${file.detail}`),
        20,
      ),
    );
  if (summary.changed.length > 0)
    lines.push(
      `${summary.changed.length} files changed on disk since they were imported and were not used:`,
      ...firstLines(
        summary.changed.map((file) => `  ${file.detail}`),
        20,
      ),
    );
  return lines.join('\n');
}
