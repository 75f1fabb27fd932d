import * as z from 'zod';

/**
 * The words of the field: every id that the contract, the record and the database use, with what people read for it.
 * Window, command and core all take them from here, so that a word has one spelling and a rule one list.
 */

/** What people read for an id. */
interface Words {
  /** Stands alone: a heading, a choice, a chip. */
  title: string;
  /** One line on what it means. */
  meaning: string;
}

/** The keys of a table of words, in its order. */
function idsOf<T extends object>(table: T): [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(table) as [keyof T & string, ...(keyof T & string)[]];
}

/** What a batch is for. `adjective` stands before "image" or "images". */
export const ROLE_WORDS = {
  real: {
    title: 'Real',
    adjective: 'real',
    meaning: 'Trusted photographs: trained on, and what everything else is compared with.',
  },
  holdout: {
    title: 'Hold-out',
    adjective: 'hold-out',
    meaning: 'Tested on and never trained on: anything too much like it is kept out.',
  },
  synthetic: {
    title: 'Synthetic',
    adjective: 'synthetic',
    meaning: 'Generated images: scored, filtered and queued.',
  },
} as const satisfies Record<string, Words & { adjective: string }>;
export type Role = keyof typeof ROLE_WORDS;
/** In the order of their codes in the file of map points. */
export const ROLES = idsOf(ROLE_WORDS);
export const RoleSchema = z.enum(ROLES);

/** What a reviewer can say. `title` is what was said, `act` what the button does. */
export const VERDICT_WORDS = {
  accept: { title: 'Accepted', act: 'Accept', meaning: 'The given label is right.' },
  relabel: { title: 'Relabelled', act: 'Relabel', meaning: 'Another label, or other boxes, are right.' },
  reject: { title: 'Rejected', act: 'Reject', meaning: 'Not to be used, for a stated reason.' },
  skip: { title: 'Skipped', act: 'Skip', meaning: 'Nothing is decided now.' },
  undo: { title: 'Undone', act: 'Undo', meaning: 'An earlier decision no longer stands.' },
} as const satisfies Record<string, Words & { act: string }>;
export type Verdict = keyof typeof VERDICT_WORDS;
export const VERDICTS = idsOf(VERDICT_WORDS);

/** A skip that asks a specialist: a question, with an inbox of its own, and neither an answer nor a disagreement. */
export const FLAG_WORDS = {
  title: 'Asked a specialist',
  act: 'Ask a specialist',
  meaning: 'Somebody who knows more is asked to decide; no other reviewer is.',
} as const satisfies Words & { act: string };

/** Where an image stands: undecided, or the verdict that holds. In the order of the codes in columns and map points. */
export const DECISIONS = ['none', 'accept', 'relabel', 'reject'] as const;
export type Decision = (typeof DECISIONS)[number];

export const decisionTitle = (decision: Decision): string =>
  decision === 'none' ? 'Not decided' : VERDICT_WORDS[decision].title;

export const DEVICE_NAMES = ['auto', 'cpu', 'cuda', 'tensorrt', 'webgpu', 'dml', 'coreml'] as const;

/** What a decision was for. */
export const PURPOSE_WORDS = {
  review: { title: 'Review', meaning: 'An answer to what the image is.' },
  adjudication: { title: 'Judgement', meaning: 'Settles an item on which reviewers disagree.' },
  gold: { title: 'Gold item', meaning: 'A check of the reviewer: the answer is known.' },
} as const satisfies Record<string, Words>;
export type Purpose = keyof typeof PURPOSE_WORDS;
export const PURPOSES = idsOf(PURPOSE_WORDS);

/** What the items of a queue with several reviewers come to. `title` completes "ends in". */
export const END_WORDS = {
  label: { title: 'one label', meaning: 'Where answers differ, somebody judges.' },
  distribution: {
    title: 'the distribution of answers',
    meaning:
      'Where answers differ, each counts and nobody judges. The commonest is the label for tools that take one; between as many answers the given label, else what was said first.',
  },
} as const satisfies Record<string, Words>;
export type End = keyof typeof END_WORDS;
export const ENDS = idsOf(END_WORDS);

/** How the label of an image in a release was settled. */
export const SETTLED_WORDS = {
  review: { title: 'One review', meaning: 'One reviewer decided, in a queue that asks for one answer.' },
  agreement: { title: 'Agreement', meaning: 'As many reviewers as the queue asks for said the same.' },
  distribution: {
    title: 'Distribution',
    meaning: 'As many reviewers as the queue asks for answered, and the commonest answer is the label.',
  },
  adjudication: { title: 'Adjudication', meaning: 'Reviewers disagreed, and an adjudicator decided.' },
  direct: { title: 'Direct decision', meaning: 'Somebody decided outside any queue.' },
} as const satisfies Record<string, Words>;
export type Settled = keyof typeof SETTLED_WORDS;

/** What an image is queued as. */
export const STRATUM_WORDS = {
  'suspect-label': { title: 'Suspect label', meaning: 'Its label is likely wrong.' },
  uncertain: { title: 'Uncertain', meaning: 'The label model cannot tell which of two classes it is.' },
  novel: { title: 'Novel', meaning: 'It looks like nothing among the real images, or not like its class.' },
  damaged: { title: 'Damaged', meaning: 'Blurred, too dark or too light, empty, or of an odd shape.' },
  audit: { title: 'Audit sample', meaning: 'Drawn at random: it speaks for everything not queued by rank.' },
} as const satisfies Record<string, Words>;
export type Stratum = keyof typeof STRATUM_WORDS;
export const STRATA = idsOf(STRATUM_WORDS);
/** What a budget is divided into: a least part for each stratum, and a part that goes wherever faults are likeliest. */
export const SHARE_WORDS = {
  likeliest: {
    title: 'Likeliest faults',
    meaning: 'Goes to the images that are most likely faulty, whatever else is odd about them.',
  },
  ...STRATUM_WORDS,
} as const satisfies Record<string, Words>;
export type Share = keyof typeof SHARE_WORDS;
export const SHARES = idsOf(SHARE_WORDS);
/** Those that are filled by rank. */
export type PriorityStratum = Exclude<Stratum, 'audit'>;
export const PRIORITY_STRATA = STRATA.filter((stratum) => stratum !== 'audit') as [
  PriorityStratum,
  ...PriorityStratum[],
];

/**
 * Where a decision was made: at an item in the review of a queue, as a judgement between its reviewers, at picked images
 * or at a whole view in Explore, by command. Only the first answers an item, an audit item or a gold item; only the
 * second adjudicates; the others settle images.
 */
export const CONTEXTS = ['review', 'conflict', 'explore', 'view', 'command'] as const;
export type Context = (typeof CONTEXTS)[number];

/** A queue that a person chose whole, by a filter, has `chosen` for a stratum. */
export const stratumTitle = (stratum: string): string =>
  stratum === 'chosen'
    ? 'Chosen by a filter'
    : Object.hasOwn(STRATUM_WORDS, stratum)
      ? STRATUM_WORDS[stratum as Stratum].title
      : stratum;

/**
 * What is found by rule, the most serious first: leaks spoil a test. `plural` follows a count, `short` is a mark on a
 * thumbnail. What `settles` keeps a synthetic image out of queues and releases until somebody says that it is no copy.
 */
export const FINDING_WORDS = {
  'holdout-leak': {
    title: 'Hold-out leak',
    plural: 'hold-out leaks',
    short: 'leak',
    meaning: 'The same picture as a hold-out image',
    settles: true,
  },
  'seed-copy': {
    title: 'Copy of a real image',
    plural: 'copies of real images',
    short: 'copy',
    meaning: 'The same picture as a real image',
    settles: true,
  },
  'exact-duplicate': {
    title: 'Exact duplicate',
    plural: 'exact duplicates',
    short: 'same',
    meaning: 'The same picture as another image',
    settles: true,
  },
  'possible-copy': {
    title: 'Possible copy',
    plural: 'possible copies',
    short: 'copy?',
    meaning: 'Close to a hold-out or real image: a person says whether it is a copy',
    settles: false,
  },
  'near-duplicate': {
    title: 'Near-duplicate',
    plural: 'near-duplicates',
    short: 'near',
    meaning: 'Nearly the same picture as another image',
    settles: false,
  },
  broken: {
    title: 'Broken file',
    plural: 'broken files',
    short: 'broken',
    meaning: 'The file could not be read',
    settles: false,
  },
} as const satisfies Record<string, Words & { plural: string; short: string; settles: boolean }>;
export type Finding = keyof typeof FINDING_WORDS;
export const FINDINGS = idsOf(FINDING_WORDS);

/** As it follows a count: `1 hold-out leak`, `3 near-duplicates`. */
export const findingNoun = (finding: Finding, count: number): string =>
  count === 1 ? FINDING_WORDS[finding].title.toLowerCase() : FINDING_WORDS[finding].plural;

/** Findings about an image; a broken file is none. In the order of their bits in the columns of Explore. */
export type Rule = Exclude<Finding, 'broken'>;
export const RULES = FINDINGS.filter((finding) => finding !== 'broken') as [Rule, ...Rule[]];
type SettlingRule = Exclude<Rule, 'possible-copy' | 'near-duplicate'>;
/** What a file with known bytes is found to be. */
export type DuplicateRule = SettlingRule;
/** Rules that keep a synthetic image out without anybody's opinion. */
export const SETTLING_RULES = RULES.filter((rule) => FINDING_WORDS[rule].settles) as [
  SettlingRule,
  ...SettlingRule[],
];

/** How surely two files or images show the same, the surest first. Each is counted apart, and only the last is a guess. */
export const CERTAINTY_WORDS = {
  'same-bytes': { title: 'Same bytes', plural: 'same bytes', meaning: 'One file, several times' },
  'same-pixels': {
    title: 'Same pixels',
    plural: 'same pixels',
    meaning: 'Stored again without loss: every decoded pixel is equal',
  },
  'same-picture': {
    title: 'Same picture',
    plural: 'same picture',
    meaning: 'One picture stored again, resized, lit otherwise or altered as stated',
  },
  neighbour: {
    title: 'Neighbouring shot',
    plural: 'neighbouring shots',
    meaning: 'Nearly the same picture, such as the next frame or another try: no copy until a person says so',
  },
} as const satisfies Record<string, Words & { plural: string }>;
export type Certainty = keyof typeof CERTAINTY_WORDS;
export const CERTAINTIES = idsOf(CERTAINTY_WORDS);
/** Of two images: files with the same bytes are one image. */
export type PairCertainty = Exclude<Certainty, 'same-bytes'>;
export const PAIR_CERTAINTIES = CERTAINTIES.filter((each) => each !== 'same-bytes') as [
  PairCertainty,
  ...PairCertainty[],
];

/** What a person says of a pair that a rule took for a copy. It overrules the rule. `act` is what the button does. */
export const COPY_ANSWER_WORDS = {
  copy: { title: 'A copy', act: 'Copy', meaning: 'The image is left out of queues and releases.' },
  'not-a-copy': {
    title: 'Not a copy',
    act: 'Not a copy',
    meaning: 'The image is treated like any other.',
  },
} as const satisfies Record<string, Words & { act: string }>;
export type CopyAnswer = keyof typeof COPY_ANSWER_WORDS;
export const COPY_ANSWERS = idsOf(COPY_ANSWER_WORDS);

/**
 * Why an image is rejected, the usual reason first: also the order of the digit keys. `mislabelled` reasons say that the
 * image is not what its label says; label risk learns from them. `also` are spellings that were recorded before, or that
 * people write for it.
 */
export const REJECT_REASON_WORDS = {
  artefact: {
    title: 'Artefact',
    meaning: 'Melted, garbled or impossible parts that no camera would record',
    mislabelled: false,
    also: ['artifact'],
  },
  anatomy: {
    title: 'Anatomy',
    meaning: 'Hands, faces or bodies that cannot be',
    mislabelled: false,
    also: [],
  },
  text: {
    title: 'Text or watermark',
    meaning: 'Lettering, a logo or a watermark that does not belong there',
    mislabelled: false,
    also: ['watermark'],
  },
  'wrong-content': {
    title: 'Wrong content',
    meaning: 'Does not show what its label says, nor any other class',
    mislabelled: true,
    also: ['wrong label'],
  },
  'off-distribution': {
    title: 'Off-distribution',
    meaning: 'Of the class in name only: nothing like what the task will meet',
    mislabelled: true,
    also: ['out of distribution'],
  },
  'near-copy': {
    title: 'Near-copy',
    meaning: 'Nearly the same picture as another one',
    mislabelled: false,
    also: ['duplicate', 'near duplicate', 'copy'],
  },
  blurred: {
    title: 'Too dark or blurred',
    meaning: 'Too dark or too blurred to be of use',
    mislabelled: false,
    also: ['blurred', 'blurry', 'blur', 'dark', 'too dark'],
  },
  unsafe: { title: 'Unsafe', meaning: 'Not to be looked at or trained on', mislabelled: false, also: [] },
  other: { title: 'Other', meaning: 'Anything else', mislabelled: false, also: [] },
} as const satisfies Record<string, Words & { mislabelled: boolean; also: readonly string[] }>;
export type RejectReason = keyof typeof REJECT_REASON_WORDS;
export const REJECT_REASONS = idsOf(REJECT_REASON_WORDS);

/** Case, spaces and punctuation do not tell reasons apart. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

const REJECT_REASON_BY_SPELLING: ReadonlyMap<string, RejectReason> = new Map(
  REJECT_REASONS.flatMap((id) =>
    [id, REJECT_REASON_WORDS[id].title, ...REJECT_REASON_WORDS[id].also].map(
      (spelling) => [plain(spelling), id] as const,
    ),
  ),
);

/**
 * A reason as it is written or was recorded, taken apart: `wrong-content`, `Wrong content`, `wrong content: a nut`. Null
 * where no known reason comes first.
 */
export function parseRejectReason(text: string): { reason: RejectReason; detail: string | null } | null {
  const [head = '', ...rest] = text.split(':');
  const reason = REJECT_REASON_BY_SPELLING.get(plain(head));
  return reason === undefined ? null : { reason, detail: rest.join(':').trim() || null };
}

/**
 * A reason of a project's list: a known one by its id, or one in the project's own words, which are its id and its title.
 */
export interface RejectReasonEntry {
  id: string;
  title: string;
  meaning: string | null;
}

/** A reason in this spelling; anything that is no known reason is one in the project's own words. */
export function rejectReasonEntry(text: string): RejectReasonEntry {
  const known = parseRejectReason(text);
  if (!known || known.detail !== null) return { id: text.trim(), title: text.trim(), meaning: null };
  const { title, meaning } = REJECT_REASON_WORDS[known.reason];
  return { id: known.reason, title, meaning };
}

/** Whether two spellings are of one reason. */
export const isSameReason = (a: string, b: string): boolean => plain(a) === plain(b);

/** What people read for a recorded reason: `Wrong content`, `Artefact: six fingers`, and free text as it stands. */
export function rejectReasonTitle(recorded: string): string {
  const known = parseRejectReason(recorded);
  if (!known) return recorded;
  const { reason, detail } = known;
  if (detail === null) return REJECT_REASON_WORDS[reason].title;
  return reason === 'other' ? detail : `${REJECT_REASON_WORDS[reason].title}: ${detail}`;
}

/** The known reason that a text was probably meant to be: a slip of one or two letters, or the reason and more words. */
export function likelyRejectReason(text: string): RejectReason | null {
  const written = plain(text);
  for (const [spelling, reason] of REJECT_REASON_BY_SPELLING)
    if (written.startsWith(`${spelling}-`) || slips(written, spelling) <= (spelling.length < 6 ? 1 : 2))
      return reason;
  return null;
}

/** Letters to add, drop or change to get from one word to the other (Levenshtein 1966). */
function slips(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + Number(a[i - 1] !== b[j - 1])));
    row = next;
  }
  return row[b.length]!;
}

/** What a hand-out shows of its images. */
export const PICTURES = ['originals', 'previews'] as const;
export type Pictures = (typeof PICTURES)[number];

/** Why an answer of a hand-out was not taken. It stays on record beside what holds. */
export const LEFT_WORDS = {
  decided: 'it was decided meanwhile',
  changed: 'its given label was changed meanwhile',
  withdrawn: 'it is left out of releases as a copy meanwhile',
  recalled: 'it was given after the hand-out was recalled',
  expired: 'it was given after the hand-out had expired',
  'other-person': 'somebody else gave it',
  'no-item': 'it is no answer to an item of the hand-out',
  'unknown-class': 'its class is none of the project',
} as const;
export type LeftWhy = keyof typeof LEFT_WORDS;
export const LEFT_WHYS = idsOf(LEFT_WORDS);

/** Draws are the same for the same seed. */
export const DEFAULT_SEED = 1;
export const Seed = z.int().nonnegative().default(DEFAULT_SEED);

/** 64 hex digits, or an unambiguous start of at least 8. */
/** 32 bytes in hex: a sha256, or an Ed25519 key. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const ImageHash = z.string().regex(/^[0-9a-f]{8,64}$/, 'a sha256, or at least its first 8 hex digits');

/** The project's folder, absolute: every call names it, since one core may serve several windows. */
export const ProjectPath = z.string().min(1);

/** Who acts: a name on the record. */
export const Actor = z.string().trim().min(1, 'give the name of the person who acts');

/** A marked point of an object; visibility where the dataset has it: 0 not marked, 1 hidden, 2 seen. */
export type Keypoint = [x: number, y: number] | [x: number, y: number, visibility: number];

/** Where an object is, more closely than its box says, in the unit of the box: pixels or fractions of the image. */
export interface ShownShape {
  /** Borders of x, y, x, y …, to be filled by the even-odd rule. */
  rings: number[][];
  keypoints: Keypoint[];
}
