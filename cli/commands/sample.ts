import { DEFAULT_SEED } from '../../rpc/contract/terms.ts';
import { answer, command } from '../command.ts';
import { userPath } from '../session.ts';
import { wholeNumber } from './import.ts';
import { counted } from '../../rpc/format.ts';

export function sampleCommand() {
  return command(
    'sample',
    'Render the sample set: real, hold-out and synthetic images with known faults',
    'assay sample sample-set',
  )
    .argument('<dir>', 'folder to be made')
    .option('--seed <n>', 'draws everything', wholeNumber, DEFAULT_SEED)
    .option('--synthetic <n>', 'how many synthetic images', wholeNumber)
    .option('--objects', 'streets with boxes and masks, instead of one part per image')
    .action((dir: string, options: { seed: number; synthetic?: number; objects?: boolean; json?: boolean }) =>
      answer(options, async ({ run }) => {
        const sample = await run('sample-set', {
          to: userPath(dir),
          seed: options.seed,
          synthetic: options.synthetic ?? null,
          objects: options.objects ?? false,
        });
        const faults = Object.entries(sample.faults).map(([fault, count]) => `${count} ${fault}`);
        return {
          json: sample,
          text: `${sample.real} real, ${sample.holdout} hold-out and ${counted(sample.synthetic, 'synthetic image')} in ${sample.folder}; faults put in: ${faults.join(', ')}`,
        };
      }),
    );
}
