import {
  MEANINGS,
  MEANING_WORDS,
  type Meaning,
  type Signature,
  type SignOff,
} from '../../rpc/contract/signatures.ts';
import { AssayError } from '../../rpc/errors.ts';
import { counted } from '../../rpc/format.ts';
import { Option } from 'commander';
import { answer, command } from '../command.ts';
import { userPath } from '../session.ts';
import { password } from '../sign-in.ts';
import { wholeNumber } from './import.ts';

interface Options {
  as?: Meaning;
  by?: string;
  release?: number;
  comment?: string;
  version?: string;
  beside?: string;
  despiteClock?: boolean;
  json?: boolean;
}

export function signCommand() {
  return command(
    'sign',
    'Show what a sign-off would sign and every signature, or sign the decisions as they stand, or a release',
    'assay sign parts --by grace                                      (what changed since the last sign-off)\nassay sign parts --as approval --version 3f2a9c01 --by grace    (signs what was shown)\nassay sign parts --release 2 --as approval --by grace\nassay sign parts --release 2 --beside moved/release-2 --by grace',
  )
    .argument('<project>', 'the project')
    .addOption(
      new Option(
        '--as <meaning>',
        MEANINGS.map((meaning) => `${meaning}: ${MEANING_WORDS[meaning].says}`).join(' '),
      ).choices(MEANINGS),
    )
    .option('--release <n>', 'sign this release', wholeNumber)
    .option(
      '--version <hash>',
      'start of the version that was shown; it is refused if another one stands by now',
    )
    .option(
      '--beside <folder>',
      'with --release: write the signatures on it beside its manifest, in the folder that holds it now',
    )
    .option('--comment <text>', 'what to add in words')
    .option('--despite-clock', 'the clock of this machine was set back, and that is known')
    .option('--by <id>', 'who signs')
    .action((path: string, options: Options) =>
      answer(options, async ({ core }) => {
        const project = userPath(path);
        const { as: meaning, by, release } = options;
        if (by === undefined) throw new AssayError('USAGE', 'Say who asks: --by <id>.');
        if (options.beside !== undefined) {
          if (release === undefined || meaning !== undefined)
            throw new AssayError('USAGE', '--beside goes with --release <n>, and signs nothing.');
          const written = await core.signatures.writeBeside({
            project,
            by,
            release,
            folder: userPath(options.beside),
          });
          return { json: written, text: `The signatures on release ${release} are in ${written.file}.` };
        }
        const shown = await core.signatures.preview({ project, by });
        if (meaning === undefined) {
          const signatures = await core.signatures.list({ project });
          return { json: { ...shown, signatures }, text: describe(shown, signatures) };
        }
        const version = release === undefined ? shown.version : await releaseVersion();
        if (options.version !== undefined && !version.startsWith(options.version))
          throw new AssayError(
            'NOT_READY',
            `The version that stands is ${version.slice(0, 12)}: look at it again.`,
          );
        const signed = await core.signatures.sign({
          project,
          by,
          id: by,
          password: await password(by),
          record: release === undefined ? { kind: 'dataset' } : { kind: 'release', release },
          version,
          meaning,
          comment: options.comment ?? null,
          despiteClock: options.despiteClock ?? false,
        });
        const notBeside =
          signed.notBeside === null
            ? ''
            : `\nThe signature is on record, but not beside the release: ${signed.notBeside}\nOnce it can be written there: assay sign ${path} --release ${release} --beside <folder> --by ${by}`;
        return { json: signed, text: `${line(signed)}${notBeside}` };

        async function releaseVersion(): Promise<string> {
          const found = (await core.releases.list({ project })).find(({ id }) => id === release);
          if (!found) throw new AssayError('NOT_FOUND', `There is no release ${release}.`);
          return found.manifestSha256;
        }
      }),
    );
}

function describe(shown: SignOff, signatures: Signature[]): string {
  return [
    `Version ${shown.version.slice(0, 12)}, made by event ${shown.seq}: ${counted(shown.decided, 'image')} decided.`,
    ...shown.groups.map(
      ({ verdict, from, to, images, reviewers }) =>
        `  ${counted(images, 'image')}: ${verdict}${from || to ? ` ${from ?? '-'} -> ${to ?? '-'}` : ''}${reviewers.length > 0 ? ` (${reviewers.join(', ')})` : ''}`,
    ),
    ...(shown.groups.length === 0 ? ['  Nothing was decided since the last sign-off.'] : []),
    ...(shown.openConflicts + shown.openQuestions > 0
      ? [`Open: ${counted(shown.openConflicts, 'conflict')}, ${counted(shown.openQuestions, 'question')}.`]
      : []),
    ...shown.clockSetBack.map(
      ({ seq, before, at }) => `The clock was set back at event ${seq}: from ${before} to ${at}.`,
    ),
    ...signatures.map(line),
  ].join('\n');
}

function line({ record, name, signer, meaning, at, local, comment, stands, holds }: Signature): string {
  const what =
    record.kind === 'release'
      ? `release ${record.release}`
      : record.kind === 'dataset'
        ? 'the decisions'
        : `the decision on ${record.image.slice(0, 12)}`;
  return `${name} (${signer}) signed ${what} as ${meaning}, ${local} (${at})${comment === null ? '' : `: ${comment}`}${stands ? '' : '; another version stands by now'}${holds ? '' : '; DOES NOT HOLD'}`;
}
