import { basisSentence } from '../../rpc/contract/counts.ts';
import { Option } from 'commander';
import { WITHHELD, type Withheld } from '../../rpc/contract/releases.ts';
import { ROLES, type Role } from '../../rpc/contract/terms.ts';
import { answer, command } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';
import { counted, integer } from '../../rpc/format.ts';

interface Options {
  format: string;
  undecided: 'in' | 'out';
  roles: Role[];
  include: Withheld[];
  tag?: string;
  licence: string;
  by: string;
  json?: boolean;
}

const OTHERS: Readonly<Record<string, string>> = {
  'other-role': 'of other roles',
  untagged: 'without the tag',
};

export function exportCommand() {
  return command(
    'export',
    'Write a release: original bytes, labels, and a manifest of where each label comes from',
    'assay export parts release-1 --format hf-imagefolder --undecided in',
  )
    .argument('<project>', 'the project')
    .argument('<to>', 'folder to be made')
    .requiredOption('--format <id>', 'export format (see docs/formats.md)')
    .addOption(
      new Option('--undecided <choice>', 'synthetic images that nobody decided on')
        .choices(['in', 'out'])
        .makeOptionMandatory(),
    )
    .addOption(new Option('--roles <roles...>', 'which images').choices(ROLES).default(['real', 'synthetic']))
    .addOption(
      new Option('--include <kinds...>', 'kinds that are left out unless named')
        .choices(WITHHELD)
        .default([]),
    )
    .option('--tag <name>', 'only images that have this tag, such as those to be drawn anew')
    .option('--licence <text>', "the release's licence", 'unspecified')
    .option('--by <name>', 'who exports', defaultActor())
    .action((project: string, to: string, options: Options) =>
      answer(options, async ({ run }) => {
        const release = await run('release', {
          project: userPath(project),
          to: userPath(to),
          by: options.by,
          format: options.format,
          undecided: options.undecided,
          roles: options.roles,
          include: options.include,
          tag: options.tag ?? null,
          licence: options.licence,
        });
        const { accepted, relabelled } = release.origins;
        const left = Object.entries(release.leftOut).map(
          ([kind, count]) => `${integer(count)} ${OTHERS[kind] ?? kind}`,
        );
        const lines = [
          `${counted(release.images, 'image')} in ${release.folder}: ${basisSentence(release.basis)}`,
          `Decisions: ${accepted} accepted, ${relabelled} relabelled`,
        ];
        if (left.length > 0) lines.push(`Left out: ${left.join(', ')}`);
        if (release.holdout)
          lines.push(
            `${counted(release.holdout.images, 'hold-out image is', 'hold-out images are')} kept apart as the split ${release.holdout.split}: never train on it.`,
          );
        for (const loss of release.loses) lines.push(`Not in it, or changed: ${loss}`);
        lines.push(...release.warnings);
        lines.push(`Manifest sha256 ${release.manifestSha256}`);
        return { json: release, text: lines.join('\n') };
      }),
    );
}
