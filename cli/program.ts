import { Command, CommanderError } from 'commander';
import { APP_VERSION } from '../core/base/version.ts';
import { detailsOf, errorCode, ERRORS, plainError } from '../rpc/errors.ts';
import { alignCommand } from './commands/align.ts';
import { agreementCommand } from './commands/agreement.ts';
import { answersCommand } from './commands/answers.ts';
import { auditCommand } from './commands/audit.ts';
import { benchCommand } from './commands/bench.ts';
import { collectCommand } from './commands/collect.ts';
import { copiesCommand } from './commands/copies.ts';
import { costCommand } from './commands/cost.ts';
import { decideCommand } from './commands/decide.ts';
import { dossierCommand } from './commands/dossier.ts';
import { embedCommand } from './commands/embed.ts';
import { experimentCommand } from './commands/experiment.ts';
import { exportCommand } from './commands/export.ts';
import { handoutCommand } from './commands/handout.ts';
import { handoutsCommand } from './commands/handouts.ts';
import { importCommand } from './commands/import.ts';
import { labelsCommand } from './commands/labels.ts';
import { devicesCommand } from './commands/devices.ts';
import { layoutCommand } from './commands/layout.ts';
import { mixCommand } from './commands/mix.ts';
import { modelsCommand } from './commands/models.ts';
import { newCommand } from './commands/new.ts';
import { openCommand } from './commands/open.ts';
import { peopleCommand } from './commands/people.ts';
import { planCommand } from './commands/plan.ts';
import { policyCommand } from './commands/policy.ts';
import { queueCommand } from './commands/queue.ts';
import { redrawnCommand } from './commands/redrawn.ts';
import { reportCommand } from './commands/report.ts';
import { rerankCommand } from './commands/rerank.ts';
import { checkpointCommand } from './commands/checkpoint.ts';
import { classesCommand } from './commands/classes.ts';
import { reasonsCommand } from './commands/reasons.ts';
import { resumeCommand } from './commands/resume.ts';
import { roundCommand } from './commands/round.ts';
import { sampleCommand } from './commands/sample.ts';
import { scoreCommand } from './commands/score.ts';
import { scoresCommand } from './commands/scores.ts';
import { serveCommand } from './commands/serve.ts';
import { signCommand } from './commands/sign.ts';
import { softLabelsCommand } from './commands/soft-labels.ts';
import { statusCommand } from './commands/status.ts';
import { suitabilityCommand } from './commands/suitability.ts';
import { tagsCommand } from './commands/tags.ts';
import { verifyCommand } from './commands/verify.ts';
import { watchCommand } from './commands/watch.ts';

const COMMANDS = [
  newCommand,
  importCommand,
  embedCommand,
  scoreCommand,
  layoutCommand,
  queueCommand,
  policyCommand,
  decideCommand,
  handoutCommand,
  handoutsCommand,
  answersCommand,
  collectCommand,
  copiesCommand,
  rerankCommand,
  agreementCommand,
  softLabelsCommand,
  classesCommand,
  reasonsCommand,
  tagsCommand,
  resumeCommand,
  exportCommand,
  redrawnCommand,
  mixCommand,
  roundCommand,
  suitabilityCommand,
  costCommand,
  planCommand,
  experimentCommand,
  verifyCommand,
  checkpointCommand,
  peopleCommand,
  signCommand,
  dossierCommand,
  statusCommand,
  auditCommand,
  scoresCommand,
  labelsCommand,
  alignCommand,
  reportCommand,
  watchCommand,
  modelsCommand,
  devicesCommand,
  sampleCommand,
  serveCommand,
  openCommand,
  benchCommand,
];

/** The whole command line. Errors are thrown instead of ending the process, so that files are closed first. */
function buildProgram(): Command {
  const program = new Command('assay')
    .description(
      'Finds the few per cent of synthetic images that people must look at, and proves who looked.',
    )
    .version(APP_VERSION)
    .showSuggestionAfterError()
    .exitOverride();
  for (const make of COMMANDS) program.addCommand(make().exitOverride());
  return program;
}

/** Runs the command line and returns its exit status, from the one table of errors. */
export async function runCommandLine(argv: string[]): Promise<number> {
  const program = buildProgram();
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : ERRORS.USAGE.exit;
    return report(error, argv);
  }
}

function report(thrown: unknown, argv: string[]): number {
  const error = plainError(thrown);
  const code = errorCode(error);
  const details = detailsOf(error);
  const { message } = error;
  if (argv.includes('--json'))
    process.stdout.write(
      `${JSON.stringify({ error: { code, message, ...(details === code ? {} : { details }) } })}\n`,
    );
  process.stderr.write(`assay: ${message}\n`);
  if (details !== code) process.stderr.write(`details: ${details}\n`);
  if (code === 'INTERNAL' && process.env['ASSAY_DEBUG'])
    process.stderr.write(`${(error.cause as Error)?.stack ?? error.stack ?? ''}\n`);
  return ERRORS[code].exit;
}
