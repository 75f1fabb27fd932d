import { DEFAULT_SEED } from '../../rpc/contract/terms.ts';
import { Option } from 'commander';
import { answer, command } from '../command.ts';
import { userPath } from '../session.ts';
import { wholeNumber } from './import.ts';

const LAYOUTS = ['pca', 'umap'] as const;

interface Options {
  layout: (typeof LAYOUTS)[number];
  seed: number;
  json?: boolean;
}

export function layoutCommand() {
  return command(
    'layout',
    'Draw the map of the embeddings that the workbench shows',
    'assay layout parts --layout umap',
  )
    .argument('<project>', 'the project')
    .addOption(new Option('--layout <kind>', 'how the points are placed').choices(LAYOUTS).default('umap'))
    .option('--seed <n>', 'the same seed gives the same map', wholeNumber, DEFAULT_SEED)
    .action((project: string, { layout, seed, ...options }: Options) =>
      answer(options, async ({ run }) => {
        const summary = await run('layout', { project: userPath(project), layout, seed });
        return {
          json: summary,
          text: `${summary.points} points placed by ${layout.toUpperCase()} in ${(summary.durationMs / 1000).toFixed(1)} s`,
        };
      }),
    );
}
