import { stringify } from 'yaml';
import type { ReleaseSummary } from '../../rpc/contract/releases.ts';
import { counted, integer } from '../../rpc/format.ts';
import { ROLE_WORDS, ROLES, type Role } from '../../rpc/contract/terms.ts';
import type { Export, ExportJob } from './formats/define.ts';
import { JudgementCount } from './judgements.ts';
import { VERIFIERS } from './manifest.ts';

/** What the README of a release says besides what its format and its dataset say. */
export interface ReadmeFacts {
  /** What the release does not carry, in sentences. */
  loses: string[];
  /** What readers make of some of its files, in sentences. */
  warnings: string[];
  /** Images of each role. */
  roles: Record<Role, number>;
  /** Hold-out images and their split; null without any. */
  holdout: ReleaseSummary['holdout'];
}

const [PYTHON, HTML] = VERIFIERS;

/** The README.md of a release, for people: what it is, what its format does not carry, and how to load it. */
export function readme(
  format: Export,
  job: ExportJob,
  { loses, warnings, roles, holdout }: ReadmeFacts,
): string {
  const { name, description, version, licence, createdAt, appVersion } = job.dataset;
  const header = format.header?.(job);
  const usage = typeof format.usage === 'function' ? format.usage(job) : format.usage;
  const parts = [
    `# ${name}`,
    description,
    `Version ${version} of ${createdAt.slice(0, 10)}, ${counted(job.count, 'image')}, written by Assay ${appVersion} as ${format.title}. Licence: ${licence}.`,
    format.layout,
    `It holds ${ROLES.filter((role) => roles[role] > 0)
      .map((role) => counted(roles[role], `${ROLE_WORDS[role].adjective} image`))
      .join(', ')}.`,
    ...contentOf(format, job),
    ...(holdout
      ? [
          `**${counted(holdout.images, 'hold-out image is', 'hold-out images are')} kept apart as the split \`${holdout.split}\`, for testing only: never train on it.**`,
        ]
      : []),
    ...(loses.length > 0 ? [`Not in it, or changed:\n\n${loses.map((one) => `- ${one}`).join('\n')}`] : []),
    ...warnings,
    ...(usage ? [`To load it, run in this folder:\n\n\`\`\`python\n${usage.join('\n')}\n\`\`\``] : []),
    `To check that nothing was changed, open \`${HTML}\` in a browser, or run \`python3 ${PYTHON}\`.`,
  ];
  return `${header ? `---\n${stringify(header)}---\n\n` : ''}${parts.join('\n\n')}\n`;
}

/** Splits and classes are named up to so many. */
const NAMED = 100;

/** The images of each split, the classes in their order (the project's, then others that occur), and what people said. */
function contentOf(format: Export, { items, classes }: ExportJob): string[] {
  const splits = new Map<string | null, number>();
  const labels = new Set<string>();
  const judgements = new JudgementCount();
  let distributions = 0;
  for (const { split, label, boxes, judgements: said, distribution } of items) {
    judgements.add(said);
    if (distribution) distributions++;
    splits.set(split, (splits.get(split) ?? 0) + 1);
    if (label !== null) labels.add(label);
    for (const box of boxes ?? []) labels.add(box.label);
  }
  const known = new Set(classes);
  const names = [...classes, ...[...labels].filter((label) => !known.has(label)).sort()];
  const counts = [...splits]
    .map(
      ([split, images]) => `${split === null ? 'without a split' : JSON.stringify(split)} ${integer(images)}`,
    )
    .sort();
  return [
    ...(format.mixesSplits ? [] : [`Images per split: ${listed(counts)}.`]),
    ...(names.length > 0
      ? [
          `${counted(names.length, 'class', 'classes')} in their order: ${listed(names.map((name) => JSON.stringify(name)))}.`,
        ]
      : []),
    ...(judgements.made > 0 ? [gridSentence(judgements)] : []),
    ...(distributions > 0 ? [distributionSentence(format, distributions)] : []),
  ];
}

function gridSentence({ made, inGrids }: JudgementCount): string {
  const decisions = counted(made, 'decision of a person is', 'decisions of people are');
  const grids =
    inGrids === 0
      ? 'none of them was made in a grid'
      : `${integer(inGrids)} of them ${inGrids === 1 ? 'was' : 'were'} made in a grid, with several images on the screen at once`;
  return `${decisions} on record for these images; ${grids}. \`assay-manifest.json\` has each, with who made it and the size of the grid.`;
}

function distributionSentence({ oneLabel }: Export, images: number): string {
  const [where, distribution] = oneLabel
    ? ['in `assay-manifest.json`, ', 'distribution']
    : ['', 'label_distribution'];
  return `People's answers for ${counted(images, 'image')} are kept as a distribution: ${where}\`${distribution}\` lists each label that they gave, with how many gave it (\`annotators\`) and their \`share\`, and \`rejected\` where they would not use the image. \`annotators\` beside it is how many people that is: each once, by their newest answer to this very image, without those who judged between the others. \`label\` is the one label that holds, which need not be the commonest.`;
}

function listed(names: string[]): string {
  const more = names.length > NAMED ? ` and ${integer(names.length - NAMED)} more` : '';
  return names.slice(0, NAMED).join(', ') + more;
}
