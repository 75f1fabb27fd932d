import { stringify } from 'yaml';
import type { Export, ExportJob } from './formats/define.ts';

/** The README.md of a release, for people: what it is, what its format does not carry, and how to load it. */
export function readme(format: Export, job: ExportJob): string {
  const { name, description, version, licence, createdAt, appVersion, holdout } = job.dataset;
  const header = format.header?.(job);
  const parts = [
    `# ${name}`,
    description,
    `Version ${version} of ${createdAt.slice(0, 10)}, ${job.count} images, written by Assay ${appVersion} as ${format.title}. Licence: ${licence}.`,
    format.layout,
    ...(holdout > 0
      ? [
          `${holdout} of the images are the hold-out. They are in the split \`test\`: train and tune on nothing of it.`,
        ]
      : []),
    ...(format.loses.length > 0 ? [`The format does not carry ${format.loses.join('; ')}.`] : []),
    ...(format.usage
      ? [`To load it, run in this folder:\n\n\`\`\`python\n${format.usage.join('\n')}\n\`\`\``]
      : []),
  ];
  return `${header ? `---\n${stringify(header)}---\n\n` : ''}${parts.join('\n\n')}\n`;
}
