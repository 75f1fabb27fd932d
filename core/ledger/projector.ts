import { toDotPath } from 'zod/v4/core';
import type { EventRow } from '../../db/queries/events.ts';
import type { PersonRow } from '../../db/queries/people.ts';
import type { WritableStore } from '../../db/store.ts';
import { FILE_FIELDS, valuesOf } from '../../rpc/contract/fields.ts';
import type { PersonState } from '../../rpc/contract/people.ts';
import { AssayError } from '../../rpc/errors.ts';
import { toBoxes } from '../base/boxes.ts';
import { holding } from './holding.ts';
import { canonicalJson } from './canonical.ts';
import { leftRows } from './left-rows.ts';
import {
  EVENTS,
  type CollectedDecision,
  type EventBodies,
  type EventKind,
  type RecordedDecision,
  type RecordedFile,
} from './events.ts';

type Applier<K extends EventKind> = (store: WritableStore, body: EventBodies[K], event: EventRow) => void;

/** The only code that writes the state tables, for new acts and for a replay. */
const APPLIERS: { [K in EventKind]: Applier<K> } = {
  'project.created': (store, body, event) => store.batches.insertProject(body.uid, body.name, event.at),

  // Nothing follows from it: it says why the record goes on from here.
  'record.accepted': () => {},

  // Nothing follows from it: it says that the times around it do not tell the order.
  'clock.set-back': () => {},

  // The event is its own state: core/project/model.ts reads the newest one.
  'model.chosen': () => {},

  'batch.created': (store, body, event) => {
    for (const name of body.classes) store.batches.ensureLabel(name);
    const id = store.batches.insert({
      name: body.name,
      role: body.role,
      root: body.root,
      source: body.source,
      generator: body.generator ?? null,
      generatorVersion: body.generatorVersion ?? null,
      generation: body.generation ?? null,
      seq: event.seq,
    });
    for (const parent of body.parents) store.batches.insertParent(id, batchId(store, parent));
  },

  'import.surveyed': (store, body) => {
    store.batches.replaceLeft(batchId(store, body.batch), leftRows(body));
  },

  'files.imported': (store, body, event) => {
    const batch = batchId(store, body.batch);
    for (const file of body.files) applyFile(store, batch, file, event.seq);
  },

  'run.finished': (store, body, event) =>
    void store.scores.insertRun({ ...body, parameters: canonicalJson(body.parameters), seq: event.seq }),

  'queue.made': (store, body, event) => {
    const { run, policy, items, gold = [], risk: _, ...facts } = body;
    const id = store.queue.insert({
      ...facts,
      policy: canonicalJson(policy),
      runId: run,
      seq: event.seq,
      reviewers: body.reviewers ?? 1,
      endsIn: body.endsIn ?? 'label',
      blind: body.blind ? 1 : 0,
      goldRate: body.goldRate ?? 0,
      goldThreshold: body.goldThreshold ?? 0.8,
      // Keys keep the recorded order, which is canonical except in queues of earlier versions.
      filter: body.filter ? JSON.stringify(body.filter) : null,
      lastLabelId: store.batches.lastLabelId(),
    });
    for (const [position, { sha256, label }] of gold.entries())
      store.queue.insertGold(id, position, imageId(store, sha256), store.batches.ensureLabel(label));
    for (const [position, item] of items.entries()) {
      store.queue.insertItem(id, position, imageId(store, item.sha256), {
        ...item,
        reasons: canonicalJson(item.reasons),
      });
      for (const member of item.group) store.queue.insertMember(id, position, imageId(store, member));
    }
  },

  'queue.reranked': (store, body, event) => {
    mustExist(store.queue.byId(body.queue) !== undefined, `the queue ${body.queue}`);
    for (const { sha256, place, priority, reasons } of body.items) {
      const to = { place, priority, reasons: canonicalJson(reasons) };
      const isItem = store.queue.move(body.queue, imageId(store, sha256), to);
      mustExist(isItem, `the item ${sha256} of queue ${body.queue}`);
    }
    store.queue.markRanked(body.queue, event.seq);
  },

  'queue.described': (store, { queue, name, due, assignees, instructions }) => {
    mustExist(store.queue.byId(queue) !== undefined, `the queue ${queue}`);
    store.queue.describe(queue, {
      name: name ?? null,
      due: due ?? null,
      assignees: JSON.stringify(assignees.map(({ reviewer, answers = null }) => ({ reviewer, answers }))),
      instructions: instructions ?? null,
    });
  },

  'reranking.set': (store, body) => store.batches.setRerankAfter(body.after),

  'policy.saved': (store, body, event) =>
    store.policies.put(body.name, canonicalJson(body.policy), event.seq),

  'policy.removed': (store, body) => mustExist(store.policies.remove(body.name), `the policy ${body.name}`),

  'decisions.made': (store, { decisions }, event) => {
    const standing = applyDecisions(store, decisions, {
      reviewer: event.actor,
      seq: event.seq,
      at: event.at,
    });
    store.decisions.insertAct(event.seq, event.actor, standing);
  },

  'handout.made': (store, { items, expires, ...body }, event) => {
    mustExist(store.queue.byId(body.queue) !== undefined, `the queue ${body.queue}`);
    store.handouts.insert({ ...body, expires: expires ?? null, seq: event.seq });
    for (const [position, { sha256, label, answers }] of items.entries()) {
      const image = imageId(store, sha256);
      const labelId = label === undefined ? null : store.batches.ensureLabel(label);
      store.handouts.insertItem(body.handout, position, image, labelId);
      if (answers === undefined) continue;
      const isItem = store.queue.askFor(body.queue, image, answers);
      mustExist(isItem, `the item ${sha256} of queue ${body.queue}`);
      settle(store, image);
    }
  },

  'handout.recalled': (store, { handout }, event) =>
    mustExist(store.handouts.recall(handout, event.seq), `the hand-out ${handout}`),

  // The event is its own state: core/project/handout-of.ts reads it.
  'handout.contents': () => {},

  // No act of the reviewer on this machine, so that it is not taken back as one.
  'answers.collected': (store, { handout, reviewer, events, head, decisions }, event) => {
    mustExist(store.handouts.take(handout, events, head, event.seq), `the hand-out ${handout}`);
    applyDecisions(store, decisions, { reviewer, seq: event.seq, handout });
  },

  'copies.answered': (store, body, event) => {
    for (const { sha256, other, answer, ...said } of body.answers) {
      const [image, original] = [imageId(store, sha256), imageId(store, other)];
      if (answer === 'withdrawn') {
        store.copies.remove(image, original);
        continue;
      }
      store.copies.put({
        imageId: image,
        otherImageId: original,
        answer,
        reviewer: event.actor,
        at: event.at,
        comment: said.comment ?? null,
        certainty: said.certainty ?? 'same-picture',
        similarity: said.similarity ?? 0,
        laid: said.laid ? 1 : 0,
        seq: event.seq,
      });
    }
  },

  // The event is its own state: core/review/reject-reason.ts reads the newest one.
  'reject-reasons.set': () => {},

  // So is this one: core/explore/saved-views.ts.
  'views.set': () => {},

  'images.tagged': (store, { tag, images }, event) => {
    const id = store.tags.change(tag, event.seq);
    for (const sha256 of images) store.tags.put(id, imageId(store, sha256));
  },

  'images.untagged': (store, { tag, images }, event) => {
    mustExist(store.tags.byName(tag) !== undefined, `the tag ${tag}`);
    const id = store.tags.change(tag, event.seq);
    for (const sha256 of images) store.tags.take(id, imageId(store, sha256));
    store.tags.dropEmpty(id);
  },

  // The event is its own state: core/review/new-classes.ts reads the newest one.
  'new-classes.set': () => {},

  'class.added': (store, { name }) => void store.batches.ensureLabel(name),

  'reviewer.resumed': (store, body, event) =>
    store.decisions.insertResume(body.queue, body.reviewer, event.actor, event.at, event.seq),

  'release.exported': (store, body, event) =>
    store.decisions.insertRelease({
      ...body,
      options: canonicalJson(body.options),
      mix: body.mix ? canonicalJson(body.mix) : null,
      seq: event.seq,
    }),

  'release.withdrawn': (store, { manifestSha256, folder }) =>
    mustExist(store.decisions.removeRelease(manifestSha256, folder), `the release ${manifestSha256}`),

  'mix-policy.set': (store, { target, floor, generations, unreviewed }, event) =>
    store.mixes.putPolicy({
      target,
      floor,
      generations: generations ? canonicalJson(generations) : null,
      unreviewed: unreviewed ? 1 : 0,
      seq: event.seq,
    }),

  'costs.set': (store, { currency, inputs, released = [] }, event) => {
    if (currency !== undefined) store.costs.putCurrency(currency, event.seq);
    for (const input of released) store.costs.remove(input);
    for (const { source, ...one } of inputs)
      store.costs.put({ ...one, source: source ?? null, seq: event.seq });
  },

  'round.added': (store, { name, mix, model, holdout, ...counts }, event) => {
    mustExist(store.mixes.isKnown(mix), `the mix ${mix}`);
    store.rounds.insert({
      ...counts,
      name,
      mixSha256: mix,
      model: model?.name ?? null,
      modelSha256: model?.sha256 ?? null,
      holdout: holdout ? canonicalJson(holdout) : null,
      seq: event.seq,
    });
  },

  // The event is its own state: core/strategy/plan/target.ts reads it.
  'plan-target.set': () => {},

  // The events are their own state: core/strategy/suitability/record.ts reads them.
  'suitability.answered': () => {},

  'experiment.recorded': (store, { digest, results, predictions }, event) =>
    store.experiments.insert({
      digest,
      results,
      name: predictions?.name ?? null,
      sha256: predictions?.sha256 ?? null,
      seq: event.seq,
    }),

  'accounts.enabled': (store, { id, name, roles, identity, publicKey, idleMinutes }, event) => {
    store.people.turnOn(idleMinutes);
    insertPerson(store, { id, name, roles, identity }, event.actor, 'active');
    store.people.insertKey(id, publicKey, event.seq);
  },

  'person.invited': (store, { codeHash, codeUntil, ...person }, event) =>
    insertPerson(store, person, event.actor, 'invited', { codeHash, codeUntil }),

  'person.enrolled': (store, { publicKey }, event) => {
    const { id } = personOf(store, event.actor);
    store.people.insertKey(id, publicKey, event.seq);
    store.people.change(id, {
      state: 'active',
      codeHash: null,
      codeUntil: null,
      failures: 0,
      failedAt: null,
      signedInAt: event.at,
    });
  },

  'person.changed': (store, { person, name, roles }) =>
    store.people.change(personOf(store, person).id, {
      ...(name !== undefined && { name }),
      ...(roles && { roles: canonicalJson(roles) }),
    }),

  'person.reset': (store, { person, codeHash, codeUntil }, event) => {
    const { id } = personOf(store, person);
    store.people.endKey(id, event.seq);
    store.people.change(id, {
      state: 'reset',
      codeHash,
      codeUntil,
      resetBy: event.actor,
      maySign: 0,
      failures: 0,
      failedAt: null,
    });
  },

  'signing.allowed': (store, { person }) =>
    store.people.change(personOf(store, person).id, { maySign: 1, resetBy: null }),

  'person.unlocked': (store, { person }) =>
    store.people.change(personOf(store, person).id, { state: 'active', failures: 0, failedAt: null }),

  'person.revoked': (store, { person }, event) => {
    const { id } = personOf(store, person);
    store.people.endKey(id, event.seq);
    store.people.change(id, { state: 'revoked', codeHash: null, codeUntil: null });
  },

  // The password is in no event; that it was changed follows from this one alone.
  'password.changed': () => {},

  'person.signed-in': (store, _, event) =>
    store.people.change(personOf(store, event.actor).id, {
      failures: 0,
      failedAt: null,
      signedInAt: event.at,
    }),

  'sign-in.refused': (store, { person, failures, locked }, event) =>
    store.people.change(personOf(store, person).id, {
      failures,
      failedAt: event.at,
      ...(locked && { state: 'locked' }),
    }),

  'competence.recorded': (store, { person, ...said }, event) => {
    const [kind, body] = Object.entries(said).find(([, each]) => each !== undefined)!;
    store.people.insertCompetence({
      person: personOf(store, person).id,
      kind: kind as keyof typeof said,
      body: canonicalJson(body),
      at: event.at,
      recordedBy: event.actor,
      seq: event.seq,
    });
  },

  'competence.withdrawn': (store, { competence, reason }) => {
    mustExist(store.people.competenceById(competence) !== undefined, `the competence ${competence}`);
    store.people.withdraw(competence, reason);
  },

  'requirements.set': (store, body) => store.people.setRequirements(canonicalJson(body)),

  'guideline.published': (store, { sha256, text }, event) =>
    store.people.insertGuideline({ seq: event.seq, sha256, text, at: event.at, publishedBy: event.actor }),

  'record.signed': (store, { record, time, event: eventSeq, ...body }, event) =>
    store.signatures.insert({
      ...body,
      seq: event.seq,
      eventSeq,
      kind: record.kind,
      record: String(record.image ?? record.release ?? ''),
      signer: personOf(store, event.actor).id,
      comment: body.comment ?? null,
      at: time,
    }),
};

/**
 * Writes the state rows that an event explains. Throws `PROJECT_DAMAGED`, naming event and path, on a kind that this
 * build does not know and on a body that does not fit its schema.
 */
export function project(store: WritableStore, event: EventRow): void {
  if (!Object.hasOwn(EVENTS, event.kind))
    throw new AssayError('PROJECT_DAMAGED', `Event ${event.seq} has the unknown kind ${event.kind}.`, {
      seq: event.seq,
    });
  const kind = event.kind as EventKind;
  const body = EVENTS[kind].safeParse(JSON.parse(event.body));
  if (!body.success) {
    const { path, message } = body.error.issues[0]!;
    throw new AssayError(
      'PROJECT_DAMAGED',
      `Event ${event.seq}, ${kind}, does not fit its schema at ${toDotPath(path) || 'its top'}: ${message}.`,
      { seq: event.seq, path: toDotPath(path) },
    );
  }
  const apply = APPLIERS[kind] as (store: WritableStore, body: unknown, event: EventRow) => void;
  apply(store, body.data, event);
}

/**
 * Writes decisions, which take their own time where they have one, and what holds for their images from then on. Returns
 * how many of them stand.
 */
function applyDecisions(
  store: WritableStore,
  decisions: readonly (RecordedDecision & Partial<Pick<CollectedDecision, 'number' | 'at'>>)[],
  of: { reviewer: string; seq: number; at?: string; handout?: string },
): number {
  const label = (name: string | undefined): number | null =>
    name === undefined ? null : store.batches.ensureLabel(name);
  let standing = 0;
  const takenBack = new Map<number, number>();
  for (const decision of decisions) {
    const image = imageId(store, decision.sha256);
    const purpose = decision.purpose ?? 'review';
    const id = store.decisions.insert({
      imageId: image,
      queueId: decision.queue ?? null,
      verdict: decision.verdict,
      labelId: label(decision.label),
      reason: decision.reason ?? null,
      comment: decision.comment ?? null,
      undoes: decision.undoes ?? null,
      reviewer: of.reviewer,
      at: (decision.at ?? of.at)!,
      seq: of.seq,
      purpose,
      durationMs: decision.durationMs ?? null,
      flagged: decision.flagged ? 1 : 0,
      spread: decision.spread ? 1 : 0,
      boxed: decision.boxes ? 1 : 0,
      shownLabelId: label(decision.shown),
      knownLabelId: label(decision.known),
      grid: decision.grid ?? null,
    });
    if (of.handout !== undefined) store.handouts.insertAnswer(of.handout, decision.number!, id);
    for (const [position, box] of (decision.boxes ?? []).entries())
      store.decisions.insertBox(
        id,
        position,
        store.batches.ensureLabel(box.label),
        box.format,
        box.values,
        box.detail ?? null,
      );
    if (decision.undoes === undefined) standing++;
    else {
      const seq = store.decisions.seqOf(decision.undoes);
      // Its own act is not there yet.
      if (seq === of.seq) standing--;
      else takenBack.set(seq, (takenBack.get(seq) ?? 0) + 1);
    }
    if (purpose !== 'gold') settle(store, image);
  }
  for (const [seq, count] of takenBack) store.decisions.takeFromAct(seq, count);
  return standing;
}

function applyFile(store: WritableStore, batch: number, file: RecordedFile, seq: number): void {
  const known = file.image && store.images.idOf(file.image.sha256);
  const image = file.image
    ? (known ??
      store.images.insert({
        sha256: file.image.sha256,
        bytes: file.bytes ?? 0,
        format: file.image.format,
        width: file.image.width,
        height: file.image.height,
        orientation: file.image.orientation ?? 1,
        copied: file.image.copied ? 1 : 0,
        thumbSha256: file.image.thumb ?? null,
      }))
    : null;
  // A broken file that was repaired on disk replaces its own failure.
  store.images.dropFailure(batch, file.path);
  const id = store.images.insertFile({
    batchId: batch,
    path: file.path,
    bytes: file.bytes ?? null,
    modifiedMs: file.modifiedMs ?? null,
    imageId: image,
    labelId: file.label === undefined ? null : store.batches.ensureLabel(file.label),
    ...valuesOf(FILE_FIELDS, file),
    boxed: file.boxes ? 1 : 0,
    failureCode: file.failure?.code ?? null,
    failureDetail: file.failure?.detail ?? null,
    seq,
  });
  for (const [position, box] of (file.boxes ?? []).entries()) {
    store.images.insertBox(
      id,
      position,
      store.batches.ensureLabel(box.label),
      box.format,
      box.values,
      box.detail ?? null,
    );
  }
  if (image !== null) {
    if (known !== undefined && file.image?.copied) store.images.markCopied(image);
    store.images.settleHome(image);
  }
}

/** Records which decision holds for an image. */
function settle(store: WritableStore, image: number): void {
  const held = holding(store.decisions.judgements(image), ({ id }) => toBoxes(store.decisions.boxes(id)));
  store.decisions.settle(image, held?.id ?? null);
}

function insertPerson(
  store: WritableStore,
  { id, name, roles, identity }: { id: string; name: string; roles: string[]; identity: string },
  by: string,
  state: PersonState,
  code: { codeHash: string; codeUntil: string } | null = null,
): void {
  store.people.insert({
    id,
    name,
    roles: canonicalJson(roles),
    identityHow: identity,
    identityBy: by,
    state,
    codeHash: code?.codeHash ?? null,
    codeUntil: code?.codeUntil ?? null,
  });
}

function personOf(store: WritableStore, id: string): PersonRow {
  const person = store.people.byId(id);
  mustExist(person !== undefined, `the person ${id}`);
  return person!;
}

/** Refuses an event that names what no event before it made. */
function mustExist(isThere: boolean, what: string): void {
  if (!isThere) throw new AssayError('PROJECT_DAMAGED', `The ledger names ${what}, which it never made.`);
}

function batchId(store: WritableStore, name: string): number {
  const batch = store.batches.byName(name);
  if (!batch)
    throw new AssayError('PROJECT_DAMAGED', `The ledger names the batch ${name}, which it never made.`);
  return batch.id;
}

function imageId(store: WritableStore, sha256: string): number {
  const id = store.images.idOf(sha256);
  if (id === undefined)
    throw new AssayError('PROJECT_DAMAGED', `The ledger names the image ${sha256}, which it never imported.`);
  return id;
}
