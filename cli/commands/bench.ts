import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AssayError } from '../../rpc/errors.ts';
import { command } from '../command.ts';

export function benchCommand() {
  return command(
    'bench',
    'Measure this machine: ratios against limits measured in the same run',
    'assay bench --quick',
  )
    .option('--quick', 'small sizes, for a first impression')
    .action(async (options: { quick?: boolean; json?: boolean }) => {
      const script = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));
      if (!existsSync(script))
        throw new AssayError('NOT_FOUND', 'The benchmark comes with a checkout of Assay only.');
      const flags = [...(options.quick ? ['--quick'] : []), ...(options.json ? ['--json'] : [])];
      const child = spawn(process.execPath, [script, ...flags], { stdio: 'inherit' });
      const [code] = (await once(child, 'exit')) as [number | null];
      process.exitCode = code ?? 1;
    });
}
