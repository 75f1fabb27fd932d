import { createHash } from 'node:crypto';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import type { DecisionInput } from '../../rpc/contract/reviews.ts';
import { runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { writeMadeSet } from '../support/detection-set.ts';
import { SHARED_DATA } from '../support/folders.ts';
import type { Truth, TrueImage } from './truth.ts';

/** The sets that releases are made of, by what they put to the test. */
export const SETS = {
  splits: 'boxes and several splits',
  unsplit: 'boxes and no splits',
  labels: 'labels of whole images and two splits',
  sample: 'the sample',
  fruits: 'the fruits',
  bare: 'images of which nothing is known',
} as const;
export type SetName = keyof typeof SETS;

/** Released with their hold-out. */
export const WITH_HOLDOUT: ReadonlySet<SetName> = new Set(['splits', 'fruits']);

/** A project with decisions, and what is true of a release of it with undecided images. */
export interface MadeProject {
  project: string;
  truth: Truth;
}

const by = 'Ada Lovelace';
/** Its other images have a test split already. */
const HOLDOUT_SPLIT: Partial<Record<SetName, string>> = { splits: 'holdout' };
const ROLES = ['real', 'synthetic', 'holdout'] as const;

/** Makes the project of a set below the folder, by importing and deciding as people do. */
export async function makeProject(core: CoreClient, folder: string, set: SetName): Promise<MadeProject> {
  const source = join(folder, 'set');
  mkdirSync(source, { recursive: true });
  const { folder: project } = await core.projects.create({
    project: join(folder, `${set} "größer" it's`),
    by,
    // Readers do not care which model looked at the images: the fastest one.
    model: 'patch256',
  });
  const { images, copied } = await writers[set](core, source);
  const layout = set === 'bare' ? 'flat-folder' : 'auto';
  for (const role of ROLES)
    await runTask(core, 'import', {
      project,
      by,
      from: join(source, role),
      role,
      batch: role,
      source: layout,
    });
  if (set === 'sample') await runTask(core, 'score', { project, by, device: 'cpu' });
  const found = set === 'sample' ? (await core.queue.show({ project })).flagged : [];
  const flagged = new Set(found.filter(({ rule }) => rule !== 'near-duplicate').map(({ sha256 }) => sha256));
  // A file with the bytes of another is flagged; the image, which is its bytes, stays.
  for (const sha256 of copied) flagged.delete(sha256);
  const kept = images
    .filter(({ role, sha256 }) => (WITH_HOLDOUT.has(set) || role !== 'holdout') && !flagged.has(sha256))
    .map((image) => (image.role === 'holdout' ? { ...image, split: HOLDOUT_SPLIT[set] ?? 'test' } : image));
  const { classes } = await core.projects.status({ project });
  return { project, truth: { images: await decided(core, project, kept, classes), classes } };
}

/** Decides on some images, and returns those that stay with the labels that then hold. */
async function decided(
  core: CoreClient,
  project: string,
  images: TrueImage[],
  classes: string[],
): Promise<TrueImage[]> {
  const other = (label: string | null): string =>
    classes[(classes.indexOf(label ?? '') + 1) % classes.length]!;
  const decisions: DecisionInput[] = [];
  const left: TrueImage[] = [];
  for (const [i, image] of images.entries()) {
    const { sha256, label } = image;
    if (image.role === 'holdout' || i % 5 > 2) {
      left.push(image);
      continue;
    }
    if (i % 15 === 0) {
      decisions.push({ sha256, verdict: 'reject', reason: 'garbled' });
      continue;
    }
    const to = i % 5 === 1 && label !== null ? other(label) : null;
    decisions.push(to === null ? { sha256, verdict: 'accept' } : { sha256, verdict: 'relabel', label: to });
    left.push({ ...image, reviewer: by, ...(to === null ? { origin: 'accepted' } : relabelled(image, to)) });
  }
  await core.reviews.decide({ project, by, context: { kind: 'command' }, decisions });
  return left;
}

/** Boxes that all have the old label take the new one. */
function relabelled(image: TrueImage, label: string): Pick<TrueImage, 'origin' | 'label' | 'boxes'> {
  const follow = image.boxes !== null && image.boxes.every((box) => box.label === image.label);
  return {
    origin: 'relabelled',
    label,
    boxes: image.boxes?.map((box) => (follow ? { ...box, label } : box)) ?? null,
  };
}

/** What a set holds, and the hashes of the bytes that several of its files have. */
interface Written {
  images: TrueImage[];
  copied: Set<string>;
}

type Writer = (core: CoreClient, folder: string) => Promise<Written>;

const writers: Record<SetName, Writer> = {
  splits: (_, folder) =>
    made(folder, { splits: ['train', 'validation', 'test', 'fold 1', null], boxes: true, count: 120 }),
  unsplit: (_, folder) => made(folder, { splits: [], boxes: true, count: 40 }),
  labels: (_, folder) => made(folder, { splits: [null, 'train', 'val'], boxes: false, count: 64 }),
  async sample(core, folder) {
    const set = join(dirname(folder), 'rendered');
    await runTask(core, 'sample-set', { to: set, seed: 5, synthetic: 60 });
    return fromFolders(set, folder, 12);
  },
  async bare(_, folder) {
    const { images, copied } = await made(folder, { splits: [], boxes: false, count: 16 });
    for (const role of ROLES) rmSync(join(folder, role, 'manifest.jsonl'));
    const unknown = { label: null, givenLabel: null, generator: null, prompt: null, seed: null };
    return { images: images.map((image) => ({ ...image, ...unknown })), copied };
  },
  fruits: (_, folder) => fromFolders(join(SHARED_DATA, 'fruits'), folder, 4),
};

async function made(folder: string, choice: Parameters<typeof writeMadeSet>[1]): Promise<Written> {
  const set = await writeMadeSet(folder, choice);
  const images = set.map(({ path, ...image }): TrueImage => ({
    ...image,
    batch: image.role,
    givenLabel: image.label,
    givenSplit: image.split,
    origin: 'given',
    reviewer: null,
    originalPath: path,
  }));
  return { images, copied: new Set() };
}

/**
 * Copies some images of a set in the layout of the sample: class folders of photographs, `perClass` of each, and
 * synthetic images with their metadata.jsonl. An image is its bytes: what occurs again counts for its strongest role.
 */
async function fromFolders(set: string, folder: string, perClass: number): Promise<Written> {
  const images = new Map<string, TrueImage>();
  const copied = new Set<string>();
  const add = async (path: string, facts: Pick<TrueImage, 'role' | 'label'> & Partial<TrueImage>) => {
    const originalPath = path.slice(facts.role.length + 1);
    const bytes = readFileSync(join(set, path));
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    cpSync(join(set, path), join(folder, path));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const decoded = await sharp(bytes)
      .raw()
      .toBuffer({ resolveWithObject: true })
      .catch(() => null);
    if (!decoded) return;
    if (images.has(sha256)) {
      copied.add(sha256);
      return;
    }
    const { width, height } = decoded.info;
    const none = {
      split: null,
      givenSplit: null,
      boxes: null,
      reviewer: null,
      generator: null,
      prompt: null,
      seed: null,
    };
    const labels = { givenLabel: facts.label, origin: 'given' as const };
    images.set(sha256, {
      sha256,
      width,
      height,
      batch: facts.role,
      originalPath,
      ...labels,
      ...none,
      ...facts,
    });
  };
  for (const role of ['holdout', 'real'] as const)
    for (const label of globSync('*', { cwd: join(set, role) }).sort())
      for (const name of globSync('*', { cwd: join(set, role, label) })
        .sort()
        .slice(0, perClass))
        await add(`${role}/${label}/${name}`, { role, label });
  const file = 'synthetic/metadata.jsonl';
  const lines = readFileSync(join(set, file), 'utf8')
    .trim()
    .split('\n')
    .slice(0, 20 * perClass);
  mkdirSync(join(folder, 'synthetic'));
  for (const line of lines) {
    const { file_name, label, generator, prompt, seed } = JSON.parse(line) as Record<string, string>;
    await add(`synthetic/${basename(file_name!)}`, {
      role: 'synthetic',
      label: label!,
      generator: generator!,
      prompt: prompt ?? null,
      seed: String(seed),
    });
  }
  writeFileSync(join(folder, file), `${lines.join('\n')}\n`);
  return { images: [...images.values()], copied };
}
