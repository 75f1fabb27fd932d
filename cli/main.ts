import { CommanderError } from 'commander';
import { errorCode, ERRORS } from '../rpc/errors.ts';
import { buildProgram } from './program.ts';

/** Runs the command line and gives the exit status of the one error table. */
async function main(argv: string[]): Promise<number> {
  const program = buildProgram();
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : ERRORS.USAGE.exit;
    return report(error);
  }
}

function report(error: unknown): number {
  const code = errorCode(error);
  const message = (error as Error)?.message ?? String(error);
  if (process.argv.includes('--json'))
    process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  process.stderr.write(`assay: ${message}${code === 'INTERNAL' ? ' This is a defect of Assay.' : ''}\n`);
  if (code === 'INTERNAL' && process.env['ASSAY_DEBUG'])
    process.stderr.write(`${((error as Error).cause as Error)?.stack ?? (error as Error).stack ?? ''}\n`);
  return ERRORS[code].exit;
}

process.exitCode = await main(process.argv);
