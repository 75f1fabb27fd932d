import { DEFAULT_SEED } from '../../rpc/contract/terms.ts';
import type { WatchReport } from '../../rpc/contract/watch.ts';
import { counted, figure, percent } from '../../rpc/format.ts';
import { answer, command, table } from '../command.ts';
import { userPath } from '../session.ts';
import { wholeNumber } from './import.ts';

export function watchCommand() {
  return command(
    'watch',
    'Measure every synthetic batch beside the others: does the generator collapse?',
    'assay watch parts\nassay status parts --check   # for pipelines: what was measured, as an exit code',
  )
    .argument('<project>', 'the project')
    .option(
      '--seed <n>',
      'draws the samples; what needs attention reads those of the default',
      wholeNumber,
      DEFAULT_SEED,
    )
    .action((path: string, options: { seed: number; json?: boolean }) =>
      answer(options, async ({ run }) => {
        const report = await run('watch', { project: userPath(path), seed: options.seed });
        return { json: report, text: describeWatch(report) };
      }),
    );
}

const CURVES = ['recall', 'coverage', 'rare-mass', 'entropy', 'vendi', 'authenticity'];

/** The curves, one line a batch; values outside their band have a star. */
function describeWatch({ standing, measures, points, holdout, rounds, newest, model }: WatchReport): string {
  const columns = CURVES.map((id) => measures.findIndex((measure) => measure.id === id));
  const rows = points.map(({ batch, generation, images, values, why, mix, drift, alarm, kept }) => [
    batch,
    generation === null ? '' : String(generation),
    String(images),
    mix.share === null ? '-' : percent(mix.share),
    kept === null ? '-' : percent(kept, 0),
    ...columns.map((at) =>
      values[at] ? `${figure(values[at].value)}${values[at].outside ? '*' : ''}` : '-',
    ),
    drift ? figure(drift.p) : '-',
    why ?? (alarm?.raised ? 'alarm' : ''),
  ]);
  const titles = columns.map((at) => measures[at]!.title.toLowerCase());
  const label = holdout.at(-1);
  return [
    standing.sentence,
    `Every synthetic batch against the same real images, with ${model}; * = outside what real images give`,
    table([['batch', 'generation', 'images', 'real share', 'kept', ...titles, 'drift p', ''], ...rows]),
    ...(newest ? vanishingLines(newest) : []),
    ...(label
      ? [
          `Label model of run ${label.run} on ${counted(label.images, 'hold-out image')}: ${percent(label.accuracy)} right (95 %: ${percent(label.interval[0])} to ${percent(label.interval[1])}), how sure it says it is and how often it is right differ by ${percent(label.calibrationError)}`,
        ]
      : []),
    ...rounds.rounds.flatMap(({ name, alarms }) => alarms.map((alarm) => `Round ${name}: ${alarm}`)),
  ].join('\n');
}

const MOST_SHOWN = 5;

function vanishingLines({ batch, vanishing, frequent }: NonNullable<WatchReport['newest']>): string[] {
  const { images, rare, of, shown } = vanishing;
  return [
    `${counted(images, 'real image')} of ${of} no longer ${images === 1 ? 'has' : 'have'} an image of ${batch} near, ${rare} of rare kinds`,
    ...shown.slice(0, MOST_SHOWN).map(({ path, isRare }) => `  vanishing${isRare ? ', rare' : ''}: ${path}`),
    ...frequent
      .slice(0, MOST_SHOWN)
      .map(
        ({ label, real, generated, examples }) =>
          `  frequent: a kind of ${label ?? 'unlabelled image'} (${percent(generated)} of the batch, ${percent(real)} of the real images), such as ${examples[0]?.path}`,
      ),
  ];
}
