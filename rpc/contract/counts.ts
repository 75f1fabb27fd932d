import { counted } from '../format.ts';

/**
 * What every count of the product counts: the one table that screens, the command, reports and docs/glossary.md take
 * their words from. `title` heads a figure, `meaning` explains it.
 */
export const COUNT_WORDS = {
  files: {
    title: 'Imported files',
    meaning: 'Every file of every batch: images, duplicates and broken files',
  },
  images: {
    title: 'Images',
    meaning: 'Different files by their bytes: however many files hold an image, it is one',
  },
  duplicates: {
    title: 'Duplicate files',
    meaning:
      'Files with the bytes of an image that the project has from another file: no images of their own',
  },
  broken: {
    title: 'Broken files',
    meaning: 'Files that could not be read as an image',
  },
  keptOut: {
    title: 'Kept out by rule',
    meaning:
      'Images that stay out of queues and releases as copies: synthetic ones that a rule of the newest scores is sure of, and what a person confirmed',
  },
  overruled: {
    title: 'Not a copy',
    meaning:
      'Pairs of images that a rule found and a person called no copies: the rule no longer holds for them',
  },
  candidates: {
    title: 'Candidates',
    meaning: 'Synthetic images that nothing keeps out: a queue chooses from those that nobody has decided',
  },
  queued: {
    title: 'Queued',
    meaning: 'Images of the newest queue, and of earlier ones those that were decided',
  },
  answered: {
    title: 'Answered',
    meaning: 'Queued images that a decision holds for',
  },
  decided: {
    title: 'Decided',
    meaning: 'Images that a decision holds for, whether made in a queue, in Explore or by command',
  },
} as const satisfies Record<string, { title: string; meaning: string }>;

/** Counts of a project, each as `COUNT_WORDS` says. `files` is always `images` + `duplicates` + `broken`. */
export type Counts = Record<keyof typeof COUNT_WORDS, number>;

/** On whose word an image of a release carries its label. */
export const BASIS_WORDS = {
  verified: {
    title: 'Verified by a person',
    meaning: 'A person decided on this very image, and the decision holds',
  },
  policy: {
    title: 'Accepted by policy, unreviewed',
    meaning:
      'No person stands for this very image: a synthetic image that the release takes undecided, one of a whole view, a near-duplicate of one that was decided, or one that was rejected and is included all the same',
  },
  given: {
    title: 'As given',
    meaning: 'A real or hold-out image with the label of its dataset, on which nobody decided',
  },
} as const satisfies Record<string, { title: string; meaning: string }>;
export type Basis = keyof typeof BASIS_WORDS;
export const BASES = Object.keys(BASIS_WORDS) as Basis[];

/** `77 images verified by a person, 500 images accepted by policy and unreviewed, 91 images as given`. */
export function basisSentence(basis: Record<Basis, number>): string {
  const [verified, policy, given] = [basis.verified, basis.policy, basis.given];
  return `${counted(verified, 'image')} verified by a person, ${counted(policy, 'image')} accepted by policy and unreviewed, ${counted(given, 'image')} as given`;
}

/** `1,560 files: 1,542 images, 12 duplicate files, 6 broken files`. */
export function filesSentence({
  files,
  images,
  duplicates,
  broken,
}: Pick<Counts, 'files' | 'images' | 'duplicates' | 'broken'>): string {
  return `${counted(files, 'file')}: ${counted(images, 'image')}, ${counted(duplicates, 'duplicate file')}, ${counted(broken, 'broken file')}`;
}
