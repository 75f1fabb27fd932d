import { leftLines, moreClasses, mostFrequent } from '../rpc/contract/import-words.ts';
import {
  importSentence,
  isLoss,
  type ImportPreview,
  type ImportSummary,
  type Reading,
} from '../rpc/contract/imports.ts';
import { counted, integer } from '../rpc/format.ts';
import { firstLines } from './command.ts';

const SHOWN = 20;

/** How a dataset would be read, in lines for people. */
export function describePreview(preview: ImportPreview): string {
  const { source, files, complete, unlabelled, missing, boxes, unchanged } = preview;
  if (source === null)
    return `${preview.verdict === 'ambiguous' ? 'Several readings are possible' : 'Not understood'}, so nothing would be imported.\n${preview.why}`;
  const facts = [
    `${complete || files === 0 ? '' : 'more than '}${counted(files, 'image')}`,
    ...(unlabelled > 0 ? [`${unlabelled} without a label`] : []),
    ...(boxes > 0 ? [counted(boxes, 'box', 'boxes')] : []),
    ...(unchanged > 0 ? [`${unchanged} in the batch already`] : []),
    ...(missing > 0 ? [`${missing} not there`] : []),
  ];
  const lines = [`${source.title} (${source.id}): ${facts.join(', ')}`, `  ${preview.why}`];
  if (preview.classes.length > 0) {
    const classes = mostFrequent(preview.classes);
    lines.push(
      `${counted(classes.length, 'class', 'classes')}:`,
      ...classes.slice(0, SHOWN).map((one) => `  ${one.name}  ${integer(one.files)}`),
      ...(classes.length > SHOWN ? [`  … and ${moreClasses(classes.slice(SHOWN))} (--json lists all)`] : []),
    );
  }
  if (preview.splits.length > 0)
    lines.push(`splits: ${preview.splits.map((one) => `${one.name} ${one.files}`).join(', ')}`);
  lines.push(...describeReading(preview));
  if (preview.problems.length > 0)
    lines.push('This keeps it from being imported:', ...preview.problems.map((problem) => `  ${problem}`));
  lines.push('Nothing was written.');
  return lines.join('\n');
}

/** What came of an import, in lines for people. */
export function describeImport(summary: ImportSummary): string {
  const lines = [
    `${summary.batch} (${summary.source}): ${importSentence(summary)}, on ${summary.device}`,
    ...describeReading(summary),
  ];
  if (summary.unknownMetadata > 0)
    lines.push(
      `${counted(summary.unknownMetadata, 'image holds', 'images hold')} text of a generator that Assay does not know; it is kept as it is.`,
    );
  if (summary.missing > 0)
    lines.push(`${counted(summary.missing, 'listed image is', 'listed images are')} not there.`);
  if (summary.broken.length > 0)
    lines.push(
      `${counted(summary.broken.length, 'file is broken and was left out', 'files are broken and were left out')}:`,
      ...firstLines(
        summary.broken.map((file) => `  ${file.path}: ${file.code}, ${file.detail}`),
        SHOWN,
      ),
    );
  if (summary.changed.length > 0)
    lines.push(
      `${counted(summary.changed.length, 'file changed on disk since it was imported and was not used', 'files changed on disk since they were imported and were not used')}:`,
      ...firstLines(
        summary.changed.map((file) => `  ${file.detail}`),
        SHOWN,
      ),
    );
  return lines.join('\n');
}

/** What a reading did not take over, or took otherwise than it is written. */
function describeReading({ left, skipped, notes }: Reading): string[] {
  const shown = ({ words, example }: ReturnType<typeof leftLines>[number]): string =>
    words + (example ? `, for instance in ${example}` : '');
  const lines = [...notes, ...leftLines(left.filter(isLoss)).map(shown)].map((note) => `  note: ${note}`);
  const behind = left.filter((one) => !isLoss(one));
  if (behind.length > 0)
    lines.push(
      'left behind, since Assay does not take it over:',
      ...firstLines(
        leftLines(behind).map((line) => `  ${shown(line)}`),
        SHOWN,
      ),
    );
  if (skipped.records > 0)
    lines.push(
      `${counted(skipped.records, 'faulty record is', 'faulty records are')} left out:`,
      ...skipped.examples.map((example) => `  ${example}`),
    );
  return lines;
}
