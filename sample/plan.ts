import { AssayError } from '../rpc/errors.ts';
import { ARTEFACT_NAMES } from './artefacts.ts';
import { PART_CLASSES, PART_NAMES, type PartName } from './classes.ts';
import { Random } from '../imaging/random.ts';
import { STRANGERS } from './strangers.ts';

/** Every kind of injected fault, with its number among 1,200 synthetic images. */
export const FAULTS = {
  'wrong-label': 31,
  artefact: 12,
  'off-class': 11,
  'near-duplicate': 14,
  'exact-duplicate': 10,
  'seed-copy': 10,
  'holdout-leak': 8,
  blurred: 8,
  dark: 6,
  broken: 6,
} as const satisfies Record<string, number>;
export type Fault = keyof typeof FAULTS;
const FAULT_NAMES = Object.keys(FAULTS) as Fault[];

const SMALL_SIZE = 1200;
const LARGE_SIZE = 20_000;
/** Hold-out photographs per class, except in very small or very large sets. */
const HOLDOUT = 25;
const LEAST_SIZE = 60;
const GREATEST_SIZE = 1_000_000;

/** A real picture, by the number in its random key and its file name. */
export interface RealItem {
  role: 'real' | 'holdout';
  label: PartName;
  index: number;
}

type Breakage = 'truncated' | 'empty' | 'text';

/** One image of the batch: its metadata and its fault. */
export interface SyntheticItem {
  index: number;
  /** Label in the metadata. */
  label: PartName;
  /** Class shown; null if it shows none of the classes or cannot be opened. */
  shown: PartName | null;
  fault: Fault | null;
  format: 'png' | 'jpeg';
  /** Off-class: the name in `STRANGERS`. */
  stranger: string | null;
  /** Artefact: the name in `ARTEFACT_NAMES`. */
  artefact: string | null;
  breakage: Breakage | null;
  /** Near-duplicate and exact duplicate: the copied image, sound and earlier. */
  source: SyntheticItem | null;
  /** Seed copy and hold-out leak: the copied real image. */
  realSource: RealItem | null;
  /** A copy with the bytes of a real image, not re-encoded. */
  sameBytes: boolean;
}

export interface SamplePlan {
  real: RealItem[];
  synthetic: SyntheticItem[];
}

export type SampleSize = 'small' | 'large' | { synthetic: number };

/** Returns how many of each fault a batch of `count` images gets: in proportion, at least one. */
export function faultCounts(count: number): Record<Fault, number> {
  const counts = FAULT_NAMES.map((fault) => [
    fault,
    Math.max(1, Math.round((FAULTS[fault] * count) / SMALL_SIZE)),
  ]);
  return Object.fromEntries(counts) as Record<Fault, number>;
}

/** Returns the requested number of synthetic images. Throws `INVALID_INPUT` for one that cannot be rendered. */
export function syntheticCount(size: SampleSize): number {
  if (size === 'small') return SMALL_SIZE;
  if (size === 'large') return LARGE_SIZE;
  const count = size.synthetic;
  if (!Number.isInteger(count) || count < LEAST_SIZE || count > GREATEST_SIZE) {
    throw new AssayError(
      'INVALID_INPUT',
      `a sample of ${count} synthetic images cannot be made; ask for a whole number from ${LEAST_SIZE} to ${GREATEST_SIZE}`,
      { synthetic: count },
    );
  }
  return count;
}

/** Makes all random choices for the set as a whole, before a pixel is drawn. */
export function planSample(seed: number, count: number): SamplePlan {
  const random = new Random(seed, 'plan');
  // A toy set needs few photographs; a huge one needs more, or its copies would run out of originals.
  const share = count < SMALL_SIZE / 2 ? count / (SMALL_SIZE / 2) : Math.max(1, count / LARGE_SIZE);
  const real = PART_NAMES.flatMap((label) => [
    ...realItems('real', label, Math.max(4, Math.round((40 + random.integer(21)) * share))),
    ...realItems('holdout', label, Math.max(3, Math.round(HOLDOUT * share))),
  ]);
  const labels = random.shuffle(Array.from({ length: count }, (_, i) => PART_NAMES[i % PART_NAMES.length]!));
  const synthetic = labels.map((label, index): SyntheticItem => ({
    index,
    label,
    shown: label,
    fault: null,
    // PNG is six times the size of JPEG here: one in six keeps the sample small and still shows generator metadata.
    format: random.chance(1 / 6) ? 'png' : 'jpeg',
    stranger: null,
    artefact: null,
    breakage: null,
    source: null,
    realSource: null,
    sameBytes: false,
  }));
  injectFaults(random, synthetic, real);
  return { real, synthetic };
}

function realItems(role: RealItem['role'], label: PartName, count: number): RealItem[] {
  return Array.from({ length: count }, (_, index) => ({ role, label, index }));
}

function injectFaults(random: Random, items: SyntheticItem[], real: RealItem[]): void {
  const counts = faultCounts(items.length);
  // Copies need an earlier original, so the first tenth of the batch stays sound.
  const first = Math.ceil(items.length / 10);
  const places = random.shuffle(items.slice(first));
  for (const fault of FAULT_NAMES) {
    for (const item of places.splice(0, counts[fault])) item.fault = fault;
  }
  const originals = random.shuffle(items.filter((item) => item.fault === null));
  const realOriginals = random.shuffle(real);
  const copied = new Map<Fault, number>();
  for (const item of items) {
    if (item.fault === null) continue;
    const nth = copied.get(item.fault) ?? 0;
    copied.set(item.fault, nth + 1);
    describeFault(random, item, nth, originals, realOriginals);
  }
}

function describeFault(
  random: Random,
  item: SyntheticItem,
  nth: number,
  originals: SyntheticItem[],
  realOriginals: RealItem[],
): void {
  switch (item.fault) {
    case 'wrong-label':
      item.shown = mistaken(random, item.label);
      return;
    case 'artefact':
      item.artefact = ARTEFACT_NAMES[nth % ARTEFACT_NAMES.length]!;
      return;
    case 'off-class':
      item.shown = null;
      item.stranger = Object.keys(STRANGERS)[nth % Object.keys(STRANGERS).length]!;
      return;
    case 'near-duplicate':
    case 'exact-duplicate': {
      const source = originals.splice(
        originals.findIndex((candidate) => candidate.index < item.index),
        1,
      )[0]!;
      item.source = source;
      item.label = source.label;
      item.shown = source.shown;
      if (item.fault === 'exact-duplicate') item.format = source.format;
      return;
    }
    case 'seed-copy':
    case 'holdout-leak': {
      const role = item.fault === 'seed-copy' ? 'real' : 'holdout';
      const source = realOriginals.splice(
        realOriginals.findIndex((candidate) => candidate.role === role),
        1,
      )[0]!;
      item.realSource = source;
      item.sameBytes = nth % 2 === 0;
      item.label = source.label;
      item.shown = source.label;
      item.format = item.sameBytes ? realFormat(source) : 'jpeg';
      return;
    }
    case 'broken':
      item.breakage = (['truncated', 'empty', 'text'] as const)[nth % 3]!;
      item.shown = null;
      if (item.breakage === 'text') item.format = 'jpeg';
      return;
    default:
  }
}

/** Draws another class than the label: seven times in ten one easily mistaken for it. */
function mistaken(random: Random, label: PartName): PartName {
  if (random.chance(0.7)) return random.pick(PART_CLASSES[label].confusable);
  return random.pick(PART_NAMES.filter((name) => name !== label));
}

/** One real photograph in twelve is stored as PNG. */
export function realFormat(item: RealItem): 'png' | 'jpeg' {
  return item.index % 12 === 11 ? 'png' : 'jpeg';
}
