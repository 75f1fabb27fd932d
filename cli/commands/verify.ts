import { ERRORS } from '../../rpc/errors.ts';
import { answer, command, firstLines } from '../command.ts';
import { userPath } from '../session.ts';
import { counted } from '../../rpc/format.ts';

export function verifyCommand() {
  return command(
    'verify',
    'Re-compute the chain, the state and the hashes, and name the first thing that differs',
    'assay verify parts --head 5d1f…   (a head written down earlier)',
  )
    .argument('<project>', 'the project')
    .option('--no-originals', 'leave the original images unread')
    .option('--head <hash>', 'a ledger head kept elsewhere: finds a ledger cut short or rewritten')
    .action((project: string, options: { originals: boolean; head?: string; json?: boolean }) =>
      answer(options, async ({ run }) => {
        const report = await run('verify', {
          project: userPath(project),
          originals: options.originals,
          head: options.head ?? null,
        });
        const text = report.ok
          ? `Verified: ${counted(report.events, 'event')}, ${counted(report.runs, 'run')}, ${counted(report.originals, 'original')}.\nHead ${report.head}`
          : [`NOT VERIFIED: ${report.difference}`, ...firstLines(report.originalProblems.slice(1), 20)].join(
              '\n',
            );
        return { json: report, text, ...(report.ok ? {} : { exit: ERRORS.VERIFY_FAILED.exit }) };
      }),
    );
}
