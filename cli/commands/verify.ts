import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClockJump, ReleaseReport, VerifyReport } from '../../rpc/contract/ledger.ts';
import { ERRORS } from '../../rpc/errors.ts';
import { answer, command, firstLines, type Answer } from '../command.ts';
import { userPath, type Session } from '../session.ts';
import { counted } from '../../rpc/format.ts';

interface Options {
  originals: boolean;
  releases: boolean;
  head?: string;
  key?: string;
  json?: boolean;
}

const MOST_LINES = 20;

export function verifyCommand() {
  return command(
    'verify',
    'Re-compute the chain, the state and the hashes of a project, or check a release, and name what differs',
    'assay verify parts --head 5d1f…   (a head written down earlier)\nassay verify parts-release-1',
  )
    .argument('<path>', 'the project, or the folder of a release')
    .option('--no-originals', 'of a project: leave the original images unread')
    .option('--no-releases', 'of a project: leave its releases unread')
    .option('--head <hash>', 'of a project: a ledger head kept elsewhere, which must occur')
    .option('--key <key>', 'of a release: the key that it has to be signed with')
    .action((given: string, options: Options) => {
      const path = userPath(given);
      return answer(options, (session) =>
        existsSync(join(path, 'assay-manifest.json'))
          ? checkRelease(session, path, options)
          : checkProject(session, path, options),
      );
    });
}

async function checkProject({ run }: Session, project: string, options: Options): Promise<Answer> {
  const { originals, releases, head = null } = options;
  const report = await run('verify', { project, originals, releases, head });
  const text = report.ok
    ? [
        `Verified: ${counted(report.events, 'event')}, ${counted(report.runs, 'run')}, ${counted(report.originals, 'original')}, ${counted(report.releases, 'release')}.`,
        ...report.releasesGone.map((folder) => `Not there any more, so not checked: the release ${folder}`),
        ...anchorLines(report),
        ...report.notCovered.map((what) => `Not covered: ${what}`),
        `Head ${report.head}`,
      ]
    : [
        `NOT VERIFIED: ${report.difference}`,
        ...firstLines(
          [...report.originalProblems, ...report.releaseProblems].filter(
            (each) => each !== report.difference,
          ),
          MOST_LINES,
        ),
      ];
  return { json: report, text: text.join('\n'), ...exitOf(report) };
}

/** A line for each time that the clock was set back. */
export function clockLines(clockJumps: ClockJump[], most: number): string[] {
  const jumps = clockJumps.map(
    ({ seq, before, at }) => `The clock was set back before event ${seq}: from ${before} to ${at}`,
  );
  return firstLines(jumps, most);
}

/** What the record was compared with, and what its clock did. */
function anchorLines({ checkpoints, clockJumps }: VerifyReport): string[] {
  const lines = checkpoints.map(
    ({ file, events, own }) =>
      `As known after ${counted(events, 'event')}, ${own ? 'signed here' : 'signed by another workstation, whose key is not known here'}: ${file}`,
  );
  if (lines.length === 0)
    lines.push(
      'No checkpoint of this project is known here: that it was not cut short or written anew as a whole is not shown.',
    );
  return [...lines, ...clockLines(clockJumps, MOST_LINES)];
}

async function checkRelease({ run }: Session, release: string, { key }: Options): Promise<Answer> {
  const report = await run('verify-release', { release, key: key ?? null });
  const text = report.ok
    ? [
        `Verified: ${counted(report.images, 'image')} in ${counted(report.files, 'file')}, released from ${report.project}.`,
        `On record as event ${report.events}, head ${report.head}`,
        `Signed with ${report.key}`,
        ...report.signatures.map(
          ({ name, signer, meaning, local, time, comment, publicKey }) =>
            `${name} (${signer}) signed as ${meaning}, ${local} (${time})${comment === undefined ? '' : `: ${comment}`}; key ${publicKey}`,
        ),
        ...(report.own || key !== undefined
          ? []
          : ['Not the key of this workstation: compare it with one that you were given (--key).']),
      ]
    : [`NOT VERIFIED: ${report.problems[0]}`, ...firstLines(report.problems.slice(1), MOST_LINES)];
  return { json: report, text: text.join('\n'), ...exitOf(report) };
}

function exitOf({ ok }: VerifyReport | ReleaseReport): Pick<Answer, 'exit'> {
  return ok ? {} : { exit: ERRORS.VERIFY_FAILED.exit };
}
