import { stringify } from 'yaml';
import type { ReleaseSummary } from '../../rpc/contract/releases.ts';
import { ROLE_WORDS, ROLES, type Role } from '../../rpc/contract/terms.ts';
import type { Export, ExportJob } from './formats/define.ts';

/** What the README of a release says besides what its format and its dataset say. */
export interface ReadmeFacts {
  /** What the release does not carry, in sentences. */
  loses: string[];
  /** Images of each role. */
  roles: Record<Role, number>;
  /** Hold-out images and their split; null without any. */
  holdout: ReleaseSummary['holdout'];
}

/** The README.md of a release, for people: what it is, what its format does not carry, and how to load it. */
export function readme(format: Export, job: ExportJob, { loses, roles, holdout }: ReadmeFacts): string {
  const { name, description, version, licence, createdAt, appVersion } = job.dataset;
  const header = format.header?.(job);
  const usage = typeof format.usage === 'function' ? format.usage(job) : format.usage;
  const parts = [
    `# ${name}`,
    description,
    `Version ${version} of ${createdAt.slice(0, 10)}, ${job.count} images, written by Assay ${appVersion} as ${format.title}. Licence: ${licence}.`,
    format.layout,
    `It holds ${ROLES.filter((role) => roles[role] > 0)
      .map((role) => `${roles[role]} ${ROLE_WORDS[role].adjective}`)
      .join(', ')} images.`,
    ...(holdout
      ? [
          `**The ${holdout.images} hold-out images are the split \`${holdout.split}\`. They are for testing only: never train on them.**`,
        ]
      : []),
    ...(loses.length > 0 ? [`Not in it, or changed:\n\n${loses.map((one) => `- ${one}`).join('\n')}`] : []),
    ...(usage ? [`To load it, run in this folder:\n\n\`\`\`python\n${usage.join('\n')}\n\`\`\``] : []),
  ];
  return `${header ? `---\n${stringify(header)}---\n\n` : ''}${parts.join('\n\n')}\n`;
}
