// One round of a world as files: the real sides, and a batch with faults of which everything is known.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { families, type FaultFamily, type Picture } from '../../imaging/faults/index.ts';
import { Random } from '../../imaging/random.ts';
import { errsAsModel, WeakEye, type Small } from './annotators.ts';
import { cleanFiles, linkOrCopy } from './clean.ts';
import { readPicture, smallPixels, writePicture } from './pictures.ts';
import type { Amounts, RoundPlan } from './plan.ts';

/** A faulty image of a batch; every other one is sound. */
export interface Truth {
  /** `synthetic/<file>`. */
  path: string;
  family: string;
  /** The class that it shows; empty where it shows none. */
  shown: string;
  /** What it is a copy of, as `<role>/<path>`; empty where it is no copy. */
  origin: string;
  /** What was done, in words. */
  what: string;
}

interface Item {
  /** The clean picture that it is made of. */
  file: string;
  shown: string;
  label: string;
  fault: string | null;
  origin: string;
  /** A picture of something else, shown in its place. */
  stranger: string | null;
  /** The clean picture of something else, for faults that take a part of one. */
  other: string;
  /** The item that a near-copy is made of. */
  twin: Item | null;
  name: string;
}

/** Faults are of every severity but the faintest, which nobody would call a fault. */
const LEAST_STRENGTH = 0.35;
const IN_FLIGHT = 4;

/** Made where pictures of several kinds are known, so not by one of the families. */
const NEAR_COPY = 'near-copy';
const FOREIGN = 'foreign';

export const isCopy = (family: string): boolean =>
  family === NEAR_COPY || families.get(family)?.group === 'copy';

/** The truth about a round's batch, as `writeRound` left it. */
export function readTruth(folder: string): Truth[] {
  return parse(readFileSync(join(folder, 'truth.csv')), { columns: true }) as Truth[];
}

/**
 * Writes `real/`, `holdout/`, `synthetic/` with its `metadata.jsonl`, and `truth.csv`, which only the bench reads. The
 * same plan and clean pictures give the same batch. `strangers` are files of pictures that belong to no class here.
 */
export async function writeRound(
  folder: string,
  world: string,
  clean: string,
  strangers: readonly string[],
  plan: RoundPlan,
  amounts: Amounts,
): Promise<void> {
  const random = new Random('round', world, plan.round);
  const real = await smallOnes(cleanFiles(clean, 'real'));
  const eye = new WeakEye(real);
  const origins = [
    ...writeReal(folder, clean, eye, plan.seedNoise, random),
    ...linkSide(folder, clean, 'holdout'),
  ];
  const pool = random.shuffle(
    [...cleanFiles(clean, 'synthetic')].flatMap(([shown, files]) => files.map((file) => ({ file, shown }))),
  );
  const items = pool.slice(0, amounts.batch).map(({ file, shown }): Item => ({
    file,
    shown,
    label: shown,
    fault: null,
    origin: '',
    stranger: null,
    other: random.pick(pool).file,
    twin: null,
    name: '',
  }));
  const classes = [...new Set(items.map(({ shown }) => shown))].sort();
  await mislabel(items, eye, classes, plan.labels, amounts.perLabelKind, random);
  for (const fault of plan.faults)
    for (const item of sound(items, random).slice(0, amounts.perFamily)) {
      item.fault = fault;
      if (fault !== FOREIGN) continue;
      Object.assign(item, { stranger: random.pick(strangers), shown: '', label: random.pick(classes) });
    }
  for (const fault of plan.copies) {
    const places = sound(items, random).slice(0, amounts.perFamily);
    const twins = sound(items, random).filter((item) => !places.includes(item));
    for (const [i, item] of places.entries()) {
      item.fault = fault;
      if (fault === NEAR_COPY) {
        item.twin = twins[i]!;
        Object.assign(item, { file: twins[i]!.file, shown: twins[i]!.shown, label: twins[i]!.shown });
        continue;
      }
      // As many of the hold-out as of the seed.
      const origin = random.pick(origins.filter(({ role }) => (role === 'real') === (i % 2 === 0)));
      Object.assign(item, { ...origin, label: origin.shown });
    }
  }
  await writeBatch(folder, random.shuffle(items), random);
}

/** Sound ones in random order that no near-copy was made of, so that their own truth stays simple. */
function sound(items: readonly Item[], random: Random): Item[] {
  const twins = new Set(items.map(({ twin }) => twin));
  return random.shuffle(items.filter((item) => item.fault === null && !twins.has(item)));
}

async function smallOnes(files: ReadonlyMap<string, string[]>): Promise<Small[]> {
  const pictures: Small[] = [];
  for (const [label, paths] of files)
    for (const path of paths) pictures.push({ pixels: await smallPixels(path), label });
  return pictures;
}

async function mislabel(
  items: Item[],
  eye: WeakEye,
  classes: readonly string[],
  kinds: readonly string[],
  perKind: number,
  random: Random,
): Promise<void> {
  for (const kind of kinds) {
    const free = sound(items, random);
    const wrong = new Map<Item, string>();
    if (kind === 'label-as-model') {
      const small: Small[] = [];
      for (const { file, shown } of free) small.push({ pixels: await smallPixels(file), label: shown });
      for (const [row, label] of errsAsModel(eye, small, perKind, random)) wrong.set(free[row]!, label);
    } else
      for (const item of free.slice(0, perKind)) {
        const others = classes.filter((name) => name !== item.shown);
        wrong.set(item, kind === 'label-alike' ? eye.alike(item.shown) : random.pick(others));
      }
    for (const [item, label] of wrong) Object.assign(item, { label, fault: kind });
  }
}

interface Origin {
  file: string;
  shown: string;
  origin: string;
  role: 'real' | 'holdout';
}

function linkSide(
  folder: string,
  clean: string,
  role: 'real' | 'holdout',
  labelOf: (shown: string) => string = (shown) => shown,
): Origin[] {
  return [...cleanFiles(clean, role)].flatMap(([shown, files]) =>
    files.map((file) => {
      const label = labelOf(shown);
      const path = join(label, label === shown ? basename(file) : `${shown}-${basename(file)}`);
      mkdirSync(join(folder, role, label), { recursive: true });
      linkOrCopy(file, join(folder, role, path));
      return { file, shown, origin: `${role}/${path.replaceAll('\\', '/')}`, role };
    }),
  );
}

/** With some of them in the folder of a class that looks alike, where the seed is noisy. */
function writeReal(folder: string, clean: string, eye: WeakEye, noise: number, random: Random): Origin[] {
  return linkSide(folder, clean, 'real', (shown) => (random.chance(noise) ? eye.alike(shown) : shown));
}

async function writeBatch(folder: string, items: Item[], random: Random): Promise<void> {
  const root = join(folder, 'synthetic');
  mkdirSync(root, { recursive: true });
  items.forEach((item, i) => (item.name = `img_${String(i).padStart(5, '0')}`));
  const keys = items.map(() => random.integer(2 ** 31));
  const what: string[] = [];
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    for (const [i, item] of waiting) {
      const own = new Random(keys[i]!);
      const made = await picture(item, own);
      what[i] = made.what;
      item.name = basename(await writePicture(join(root, item.name), made.picture, own));
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  writeFileSync(
    join(root, 'metadata.jsonl'),
    items.map(({ name, label }) => `${JSON.stringify({ file_name: name, label })}\n`).join(''),
  );
  const rows = items.flatMap(({ name, fault, shown, origin, twin }, i): Truth[] =>
    fault === null
      ? []
      : [
          {
            path: `synthetic/${name}`,
            family: fault,
            shown,
            origin: twin ? `synthetic/${twin.name}` : origin,
            what: what[i]!,
          },
        ],
  );
  writeFileSync(
    join(folder, 'truth.csv'),
    stringify(rows, { header: true, columns: ['path', 'family', 'shown', 'origin', 'what'] }),
  );
}

/** The picture of an item with its fault in it. */
async function picture(item: Item, random: Random): Promise<{ picture: Picture; what: string }> {
  const { file, fault, stranger } = item;
  const clean = await readPicture(file);
  if (stranger !== null)
    return { picture: await readPicture(stranger, clean), what: basename(dirname(stranger)) };
  if (fault === null || fault.startsWith('label-')) return { picture: clean, what: '' };
  const family = familyOf(fault === NEAR_COPY ? 'shifted' : fault);
  // Copies of every strength: what is easy and what is not is for the table to say.
  const strength = random.uniform(family.group === 'copy' ? 0 : LEAST_STRENGTH, 1);
  const other = family.needsOther ? await readPicture(item.other) : undefined;
  return family.apply(clean, random, strength, other);
}

function familyOf(id: string): FaultFamily {
  const family = families.get(id);
  if (!family) throw new RangeError(`imaging/faults/ has no family "${id}"`);
  return family;
}
