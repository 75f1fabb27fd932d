import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { HandoutRow } from '../../db/queries/handouts.ts';
import type { PersonRow } from '../../db/queries/people.ts';
import type { Store } from '../../db/store.ts';
import { addressOf } from '../../imaging/store.ts';
import type { DecodePool } from '../../imaging/decode-pool.ts';
import { HANDOUT_EXTENSION, type HandoutFile, type HandoutSummary } from '../../rpc/contract/handouts.ts';
import type { ReviewItem } from '../../rpc/contract/reviews.ts';
import type { Pictures } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { sampleWithoutReplacement, streamOf } from '../base/numeric/random.ts';
import { workstationKey } from '../base/workstation-key.ts';
import { record } from '../ledger/ledger.ts';
import { rawPublicKey } from '../ledger/signed-note.ts';
import { permissionsOf } from '../people/authority.ts';
import { blockOf } from '../people/competence.ts';
import { personRow, rolesOf } from '../people/person-row.ts';
import { originalPath } from '../project/originals.ts';
import type { WritableProject } from '../project/project.ts';
import { locate } from '../project/served-files.ts';
import { boardOf, type QueueBoard } from '../review/board.ts';
import { keptOutBy } from '../review/copy-answers.ts';
import { itemsAt } from '../review/items.ts';
import { packed, writeHandoutFile, type PackedFile } from './handout-file.ts';
import { sealFile } from './sealed.ts';
import { shareOut, type OpenItem } from './share-out.ts';
import { writeContents } from './write-contents.ts';

export interface HandoutOptions {
  by: string;
  /** The newest one for null. */
  queue: number | null;
  to: readonly string[];
  /** Share of the items that a second reviewer is asked about, 0..1. */
  overlap: number;
  /** At most so many items for each; all that are open for null. */
  most: number | null;
  pictures: Pictures;
  /** The last day on which answers are taken, `2026-12-01`; null for ever. */
  expires: string | null;
  /** A hand-out that is recalled, and whose open items these are. */
  instead: string | null;
  /** Where the files go. */
  folder: string;
}

/** One reviewer's part, ready to be written. */
interface Part {
  reviewer: string;
  person: PersonRow | null;
  items: readonly ReviewItem[];
}

/**
 * Writes a hand-out for each reviewer: a file with their share of the open items of a queue, in the order in which they
 * would be shown them here, gold items among them. Each is on record before its file has its name. Throws `USAGE` for
 * reviewers or an overlap that cannot be, `NOT_ALLOWED` for a person who may not review, `NOT_READY` where nothing is
 * open, and `NOT_FOUND` where an original is not there.
 */
export async function makeHandouts(
  project: WritableProject,
  options: HandoutOptions,
  pool: DecodePool,
  task: TaskContext,
): Promise<HandoutSummary> {
  const { store } = project;
  const before = options.instead === null ? null : handoutRow(store, options.instead);
  const board = boardOf(store, before?.queue ?? options.queue);
  const people = peopleOf(store, options.to);
  const within = before && new Set(store.handouts.items(before.handout).map(({ imageId }) => imageId));
  const open = openItems(store, board, options.instead).filter(({ id }) => within?.has(id) ?? true);
  const overlap = overlapOf(store, board, open, options);
  const shares = shareOut(open, options.to, overlap, options.most ?? undefined);
  const parts = options.to.flatMap((reviewer): Part[] => {
    const positions = positionsOf(store, board, reviewer, new Set(shares.of.get(reviewer)));
    if (positions.length === 0) return [];
    const person = people.get(reviewer) ?? null;
    return [{ reviewer, person, items: itemsAt(project, board, reviewer, positions) }];
  });
  if (parts.length === 0)
    throw new AssayError(
      'NOT_READY',
      `Nothing of queue ${board.queue.id} is open for ${options.to.join(', ')}: every item is answered, handed out, or waits for a judge.`,
    );
  if (before?.recalledSeq === null)
    record(store, options.by, 'handout.recalled', { handout: before.handout, reason: 'reassigned' });
  const overlapping = new Set(shares.overlapping.map((id) => store.images.byId(id)!.sha256));
  const folder = resolve(options.folder);
  await mkdir(folder, { recursive: true });
  const handouts: HandoutFile[] = [];
  for (const [i, part] of parts.entries()) {
    task.progress({
      stage: `handing out to ${part.reviewer}`,
      done: i,
      total: parts.length,
      unit: 'hand-outs',
    });
    handouts.push(
      await writeOne(project, board, part, overlapping, { ...options, folder }, pool, task.signal),
    );
  }
  return {
    queue: board.queue.id,
    handouts,
    overlapping: overlapping.size,
    left: shares.left.length,
  };
}

/** The hand-out of an id. Throws `NOT_FOUND`. */
export function handoutRow(store: Store, handout: string): HandoutRow {
  const row = store.handouts.byId(handout);
  if (!row)
    throw new AssayError('NOT_FOUND', `This project made no hand-out ${handout}: see assay handouts.`, {
      handout,
    });
  return row;
}

/** The accounts of reviewers, in a project that has some. Throws `USAGE` and `NOT_ALLOWED`. */
function peopleOf(store: Store, reviewers: readonly string[]): Map<string, PersonRow> {
  const seen = new Set<string>();
  const people = new Map<string, PersonRow>();
  for (const reviewer of reviewers) {
    if (seen.has(reviewer.toLowerCase())) throw new AssayError('USAGE', `${reviewer} is named twice.`);
    seen.add(reviewer.toLowerCase());
    if (!store.people.access()) continue;
    const person = personRow(store, reviewer);
    const refuse = (why: string): never => {
      throw new AssayError('NOT_ALLOWED', `${reviewer} cannot be given a hand-out: ${why}`);
    };
    if (person.id !== reviewer) refuse(`the id is written ${person.id}.`);
    if (person.state !== 'active' || !store.people.wrapped(person.id))
      refuse(`the account is ${person.state}, so there is no key to sign answers with.`);
    if (!permissionsOf(rolesOf(person)).includes('review')) refuse('their role does not allow reviewing.');
    const block = blockOf(store, person.id, 'review');
    if (block !== null) refuse(block);
    people.set(reviewer, person);
  }
  return people;
}

/**
 * Items that need more answers than were given and are asked for in other hand-outs than `except`, in the order of the
 * queue.
 */
function openItems(store: Store, board: QueueBoard, except: string | null): OpenItem[] {
  const now = new Date().toISOString();
  const asked = new Map<number, Set<string>>();
  for (const { handout, imageId, reviewer, expires } of store.handouts.asked(board.queue.id)) {
    if (handout === except || (expires !== null && expires <= now)) continue;
    asked.set(imageId, (asked.get(imageId) ?? new Set()).add(reviewer));
  }
  const run = store.scores.runs().at(-1)?.id ?? 0;
  return Array.from(board.items).flatMap((id): OpenItem[] => {
    const { closed, answers } = board.state(id);
    const not = new Set([...answers.map(({ reviewer }) => reviewer), ...(asked.get(id) ?? [])]);
    const needs = board.wanted(id) - not.size;
    // Of a copy it is asked first whether it is one, which a hand-out cannot show.
    return closed || needs <= 0 || keptOutBy(store, run, id) ? [] : [{ id, needs, not }];
  });
}

/** Items that a second reviewer is asked about: drawn at random from those that need one answer, by the queue's seed. */
function overlapOf(
  store: Store,
  { queue }: QueueBoard,
  open: readonly OpenItem[],
  { overlap, to }: HandoutOptions,
): Set<number> {
  if (overlap === 0) return new Set();
  if (queue.reviewers > 1)
    throw new AssayError(
      'USAGE',
      `Every item of queue ${queue.id} goes to ${queue.reviewers} reviewers already: leave the overlap out.`,
    );
  if (to.length < 2) throw new AssayError('USAGE', 'An overlap takes two reviewers or more.');
  const single = open.filter(({ needs, not }) => needs + not.size === 1);
  const random = streamOf(queue.seed, `handout ${queue.id} ${store.handouts.all().length}`);
  const wanted = Math.round(overlap * single.length);
  return new Set(
    Array.from(sampleWithoutReplacement(random, single.length, wanted), (row) => single[row]!.id),
  );
}

/**
 * Where a reviewer's items stand in their own order, with the gold items that come right before each: so that they meet
 * as many in a part of the queue as in all of it. Gold items that they have answered, or have elsewhere, are left out.
 */
function positionsOf(store: Store, board: QueueBoard, reviewer: string, own: ReadonlySet<number>): number[] {
  const order = board.order(reviewer);
  const run = store.scores.runs().at(-1)?.id ?? 0;
  const elsewhere = new Set(
    store.handouts
      .asked(board.queue.id)
      .filter((each) => each.reviewer === reviewer)
      .map(({ imageId }) => imageId),
  );
  return Array.from({ length: order.total }, (_, position) => position).filter((position) => {
    const { imageId, gold, item } = order.at(position);
    if (!own.has(board.items[item]!)) return false;
    if (!gold) return true;
    return (
      !elsewhere.has(imageId) && !board.hasAnswered(reviewer, imageId) && !keptOutBy(store, run, imageId)
    );
  });
}

async function writeOne(
  project: WritableProject,
  { queue }: QueueBoard,
  { reviewer, person, items }: Part,
  overlapping: ReadonlySet<string>,
  { by, pictures, expires, folder }: HandoutOptions,
  pool: DecodePool,
  signal: AbortSignal,
): Promise<HandoutFile> {
  const { store } = project;
  const handout = randomUUID();
  const key = workstationKey();
  const until = expires === null ? null : endOf(expires);
  const examples = examplesOf(store, queue.id, items);
  const scratch = await mkdtemp(join(tmpdir(), 'assay-handout-'));
  try {
    const state = writeContents(project, queue, scratch, {
      handout,
      reviewer,
      pictures,
      expires: until,
      workstation: rawPublicKey(key).toString('hex'),
      items,
      examples,
      person,
    });
    const files: PackedFile[] = [await packed('project.db', join(scratch, 'project.db'))];
    const previews = [
      ...examples.keys(),
      ...(pictures === 'previews' ? items.map(({ sha256 }) => sha256) : []),
    ];
    for (const sha256 of previews) {
      signal.throwIfAborted();
      const { path } = await locate(project, pool, 'thumb', sha256);
      files.push(await packed(relative('thumbs', sha256, '.webp'), path));
    }
    if (pictures === 'originals')
      for (const { sha256 } of items) {
        signal.throwIfAborted();
        files.push(await packedOriginal(project, sha256));
      }
    const name = reviewer.replaceAll(/[^\p{L}\p{N}]+/gu, '-');
    const file = join(
      folder,
      `${project.name}-${queue.id}-${name}-${handout.slice(0, 8)}${HANDOUT_EXTENSION}`,
    );
    const { uid } = store.batches.project()!;
    const facts = {
      handout,
      project: { uid, name: project.name },
      queue: queue.id,
      reviewer,
      ...(until !== null && { expires: until }),
      ...state,
    };
    const partial = `${file}.${process.pid}.partial`;
    try {
      const plain = person ? join(scratch, 'plain') : partial;
      await writeHandoutFile(plain, facts, files, key, signal);
      if (person) await sealFile(plain, partial, sealFor(project, handout, person), signal);
      await store.whenFree();
      // Before it has its name: a file that is found is on record.
      record(store, by, 'handout.made', {
        handout,
        queue: queue.id,
        reviewer,
        pictures,
        expires: until ?? undefined,
        ...state,
        items: items.map(({ sha256, givenLabel }) => ({
          sha256,
          label: givenLabel ?? undefined,
          answers: overlapping.has(sha256) ? 2 : undefined,
        })),
      });
      await rename(partial, file);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    const { size: bytes } = await stat(file);
    return { handout, reviewer, file, bytes, items: items.length };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What a hand-out is sealed with: the key of its person, as the project keeps it. */
function sealFor({ store, name }: WritableProject, handout: string, { id, publicKey }: PersonRow) {
  return { handout, project: name, person: id, personKey: publicKey!, wrapped: store.people.wrapped(id)! };
}

/** The first moment after a day, by this machine's clock, in UTC. */
function endOf(day: string): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(year, month - 1, date + 1).toISOString();
}

const IN_INSTRUCTIONS = /image:([0-9a-f]{64})/g;

/** Real images that are shown beside the items, with their labels, and those in the instructions; no items among them. */
function examplesOf(store: Store, queue: number, items: readonly ReviewItem[]): Map<string, string | null> {
  const examples = new Map<string, string | null>();
  for (const [, sha256] of (store.queue.instructions(queue) ?? '').matchAll(IN_INSTRUCTIONS))
    examples.set(sha256!, null);
  for (const { given, predicted } of items.map((item) => item.examples))
    for (const { sha256, label } of [...given, ...predicted]) examples.set(sha256, label);
  // A gold item among the examples would show its label.
  for (const { sha256 } of items) examples.delete(sha256);
  return examples;
}

async function packedOriginal(project: WritableProject, sha256: string): Promise<PackedFile> {
  const { store, objects } = project;
  const image = store.images.byId(store.images.idOf(sha256)!)!;
  const path = originalPath(objects, image);
  if (image.format === 'dicom')
    throw new AssayError(
      'EXPORT_REFUSED',
      `${path} is a DICOM file, which names the patient: hand out previews.`,
      { sha256, path },
    );
  const file = await packed(relative('objects', sha256), path).catch(() => null);
  if (file?.sha256 === sha256) return file;
  throw new AssayError(
    'NOT_FOUND',
    `${path} is ${file ? 'not the file that was imported' : 'not there'}: put it back, or hand out previews.`,
    { sha256, path },
  );
}

/** A file of a store within a project's folder, with `/`. */
const relative = (folder: string, sha256: string, extension = ''): string =>
  addressOf(folder, sha256, extension).replaceAll('\\', '/');
