import { join } from 'node:path';
import { openStore, type Store, type WritableStore } from '../../db/store.ts';
import type { ReviewItem } from '../../rpc/contract/reviews.ts';
import type { Pictures } from '../../rpc/contract/terms.ts';
import { detailText } from '../base/detail.ts';
import { rowsDigest, runAttests, runDigest } from '../ledger/digests.ts';
import type { RecordedFile } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import type { PersonRow } from '../../db/queries/people.ts';
import type { QueueRow } from '../../db/queries/queue.ts';
import type { Project } from '../project/project.ts';
import { NOBODY } from '../people/person-row.ts';
import { verdictOfHint } from '../review/object-hints.ts';
import { rejectReasonsOf } from '../review/reject-reason.ts';

/** Files in one event, as imports write them. */
const FILES_PER_EVENT = 128;

/** What a hand-out is made of. */
export interface Contents {
  /** UUID of the project that it becomes. */
  handout: string;
  reviewer: string;
  pictures: Pictures;
  expires: string | null;
  /** Hex. */
  workstation: string;
  /** As its reviewer would be shown them, in their order; gold items look like any other. */
  items: readonly ReviewItem[];
  /** Real images that are shown beside them, with their labels; and those that the instructions show, without. */
  examples: ReadonlyMap<string, string | null>;
  /** The person whose account it has, where the project has accounts. */
  person: PersonRow | null;
}

/**
 * Writes the database of a hand-out: a small project of its own, with one queue that holds its items, and nothing of
 * the project that its reviewer is not to see: no known labels, no scores but the reasons of its items and what is said of their objects, no answers, no
 * files, batches or people. Where the queue is blind, not even labels. Its record when it is done.
 */
export function writeContents(
  { store: home, name }: Project,
  queue: QueueRow,
  folder: string,
  contents: Contents,
): { events: number; head: string } {
  const store = openStore(join(folder, 'project.db'), 'create');
  try {
    store.transaction(() => {
      record(store, NOBODY, 'project.created', {
        uid: contents.handout,
        name: `${name}, queue ${queue.id}, ${contents.reviewer}`,
      });
      writeImages(home, store, contents);
      writeRun(home, store, queue, contents);
      writeQueue(home, store, queue, contents);
      if (contents.person) writeAccount(home, store, name, contents.person);
      // The last event that is handed out: what follows are answers.
      record(store, contents.person?.id ?? NOBODY, 'handout.contents', {
        project: home.batches.project()!.uid,
        name,
        queue: queue.id,
        reviewer: contents.reviewer,
        pictures: contents.pictures,
        expires: contents.expires ?? undefined,
        workstation: contents.workstation,
      });
    });
    const last = store.events.last()!;
    return { events: last.seq, head: last.hash };
  } finally {
    store.close();
  }
}

function writeImages(home: Store, store: WritableStore, { items, examples, pictures }: Contents): void {
  const fileOf = (sha256: string, copied: boolean, more: Partial<RecordedFile>): RecordedFile => {
    const { bytes, format, width, height } = home.images.byId(home.images.idOf(sha256)!)!;
    return { path: `${sha256}.${format}`, bytes, image: { sha256, format, width, height, copied }, ...more };
  };
  // One class list, in the order of the project: a class has the same number in both.
  const batches: [name: string, role: 'real' | 'synthetic', files: RecordedFile[]][] = [
    [
      'items',
      'synthetic',
      items.map(({ sha256, givenLabel, boxes }) =>
        fileOf(sha256, pictures === 'originals', {
          label: givenLabel ?? undefined,
          boxes:
            boxes.length > 0
              ? boxes.map(({ label, format, values, shape }) => ({
                  label,
                  format,
                  values,
                  detail: detailText(shape && { polygons: shape.rings, keypoints: shape.keypoints }),
                }))
              : undefined,
        }),
      ),
    ],
    [
      'examples',
      'real',
      [...examples].map(([sha256, label]) => fileOf(sha256, false, { label: label ?? undefined })),
    ],
  ];
  for (const [name, role, files] of batches) {
    record(store, NOBODY, 'batch.created', {
      name,
      role,
      root: 'handed out',
      source: 'handout',
      parents: [],
      classes: home.batches.labels().map((label) => label.name),
    });
    for (let at = 0; at < files.length; at += FILES_PER_EVENT)
      record(store, NOBODY, 'files.imported', {
        batch: name,
        files: files.slice(at, at + FILES_PER_EVENT),
        // Nothing is measured here.
        facts: rowsDigest([]),
      });
  }
}

/** The run that its queue is of: the prediction of each item, and the vectors by which examples are found near it. */
function writeRun(home: Store, store: WritableStore, queue: QueueRow, { items, examples }: Contents): void {
  const run = home.scores.run(queue.runId)!;
  for (const sha256 of [
    ...items.filter(({ hidden }) => !hidden).map((item) => item.sha256),
    ...examples.keys(),
  ]) {
    const vector = home.facts.embedding(run.model, home.images.idOf(sha256)!);
    if (vector) store.facts.insertEmbedding(run.model, store.images.idOf(sha256)!, vector);
  }
  for (const { sha256, predicted } of items)
    if (predicted)
      store.scores.insertPrediction(
        1,
        store.images.idOf(sha256)!,
        store.batches.labelId(predicted.label)!,
        predicted.probability,
      );
  for (const { sha256, objects } of items)
    for (const hint of objects)
      store.objects.insertVerdict(
        1,
        verdictOfHint(hint, store.images.idOf(sha256)!, (label) => store.batches.labelId(label)!),
      );
  const images = items.length + examples.size;
  record(store, NOBODY, 'run.finished', {
    model: run.model,
    modelId: run.modelId,
    device: run.device,
    parameters: {},
    images,
    digest: runDigest(store, 1),
    ...runAttests(store, 1, [run.model], images),
  });
}

function writeQueue(home: Store, store: WritableStore, queue: QueueRow, { items, reviewer }: Contents): void {
  record(store, NOBODY, 'queue.made', {
    run: 1,
    policy: { everything: true },
    seed: 0,
    frame: items.length,
    rest: 0,
    audited: 0,
    reviewers: 1,
    blind: queue.blind === 1,
    items: items.map(({ sha256, reasons }) => ({
      sha256,
      // Which were drawn at random, and how likely, is not told.
      stratum: 'chosen' as const,
      reasons: reasons.map(({ reason }) => reason),
      priority: 0,
      inclusionProbability: 1,
      group: [],
    })),
  });
  // Its order stays as it was handed out.
  record(store, NOBODY, 'reranking.set', { after: 0 });
  record(store, NOBODY, 'queue.described', {
    queue: 1,
    name: queue.name ?? undefined,
    due: queue.due ?? undefined,
    assignees: [{ reviewer }],
    instructions: home.queue.instructions(queue.id) ?? undefined,
  });
  record(store, NOBODY, 'reject-reasons.set', {
    reasons: rejectReasonsOf(home).map(({ id }) => id),
  });
}

/** The account of its reviewer, with the key that their password opens: they sign in here as there. */
function writeAccount(home: Store, store: WritableStore, name: string, person: PersonRow): void {
  record(store, person.id, 'accounts.enabled', {
    id: person.id,
    name: person.name,
    roles: ['annotator'],
    identity: `as in ${name}`,
    publicKey: person.publicKey!,
    idleMinutes: home.people.access()!.idleMinutes,
  });
  store.people.putWrapped(person.id, home.people.wrapped(person.id)!);
}
