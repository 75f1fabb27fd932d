import { hash } from 'node:crypto';
import type { CompetenceRow, GuidelineRow } from '../../db/queries/people.ts';
import type { Store } from '../../db/store.ts';
import {
  GUARDED_TASKS,
  RequirementsSchema,
  type Competence,
  type GuardedTask,
  type Guideline,
  type Requirements,
} from '../../rpc/contract/people.ts';
import { AssayError } from '../../rpc/errors.ts';
import { listed, percent } from '../../rpc/format.ts';

import { record } from '../ledger/ledger.ts';
import type { Project, WritableProject } from '../project/project.ts';
import { cohensKappa } from '../review/agreement.ts';
import { boardOf } from '../review/board.ts';
import { checking, goldAnswers } from '../review/gold.ts';
import { personRow } from './person-row.ts';

const WORK: Record<GuardedTask, string> = {
  review: 'Reviewing',
  judge: 'Judging conflicts and answering questions',
  sign: 'Signing',
};

/** What people have to have on record for each task. */
export function requirementsOf(store: Store): Requirements {
  return RequirementsSchema.parse(JSON.parse(store.people.access()?.requirements ?? '{}'));
}

/** What is on record of everybody, oldest first. */
export function listCompetence(store: Store): Competence[] {
  return store.people.competence().map(toCompetence);
}

function toCompetence(row: CompetenceRow): Competence {
  const { id, person, kind, at, recordedBy, withdrawn } = row;
  const nulls = { documentSha256: null, validUntil: null, score: null, kappa: null };
  return { id, person, kind, at, by: recordedBy, withdrawn, ...nulls, ...JSON.parse(row.body) } as Competence;
}

/**
 * What keeps a person from a task, as a sentence that names what is missing and who can mend it; null where nothing does.
 * A credential counts to the end of its last day, in the local time of this machine.
 */
export function blockOf(store: Store, person: string, task: GuardedTask, now = new Date()): string | null {
  const { training, calibration, credentials } = requirementsOf(store)[task];
  const held = store.people
    .competenceOf(person)
    .map(toCompetence)
    .filter(({ withdrawn }) => withdrawn === null);
  const missing: string[] = [];
  for (const wanted of credentials) {
    const same = held.filter((one) => one.kind === 'credential' && isSame(one.credential, wanted));
    if (same.some((one) => one.kind === 'credential' && isInDate(one.validUntil, now))) continue;
    const last = same
      .flatMap((one) => (one.kind === 'credential' && one.validUntil ? [one.validUntil] : []))
      .sort()
      .at(-1);
    missing.push(
      last === undefined
        ? `the credential ${wanted}, which is not on record`
        : `the credential ${wanted}, which ended on ${last}`,
    );
  }
  if (training) {
    const guideline = store.people.guidelineInForce();
    const isTrained = held.some((one) => one.kind === 'training' && one.guideline === guideline?.sha256);
    if (guideline && !isTrained)
      missing.push(
        `training on the guideline of ${guideline.at.slice(0, 10)} (${guideline.sha256.slice(0, 8)})`,
      );
  }
  if (calibration !== null) {
    const newest = held.findLast((one) => one.kind === 'calibration');
    const accuracy = newest?.kind === 'calibration' ? newest.accuracy : null;
    if (accuracy === null)
      missing.push(`a calibration with ${percent(calibration, 0)} right answers, which is not on record`);
    else if (accuracy < calibration)
      missing.push(
        `a calibration with ${percent(calibration, 0)} right answers; the newest has ${percent(accuracy, 0)}`,
      );
  }
  if (missing.length === 0) return null;
  return `${WORK[task]} takes ${listed(missing)}. A QA lead or an administrator can put it on record under People.`;
}

/** What keeps a person from each task; tasks that nothing keeps them from are left out. */
export function blocksOf(store: Store, person: string): Partial<Record<GuardedTask, string>> {
  return Object.fromEntries(
    GUARDED_TASKS.flatMap((task) => {
      const block = blockOf(store, person, task);
      return block === null ? [] : [[task, block]];
    }),
  );
}

const isSame = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

function isInDate(validUntil: string | null, now: Date): boolean {
  if (validUntil === null) return true;
  const [year, month, day] = validUntil.split('-').map(Number) as [number, number, number];
  return now < new Date(year, month - 1, day + 1);
}

export function addCredential(
  { store }: WritableProject,
  by: string,
  person: string,
  credential: {
    credential: string;
    issuer: string;
    number: string;
    documentSha256: string | null;
    validUntil: string | null;
  },
): { seq: number } {
  const { id } = personRow(store, person);
  refuseOwn(by, id, 'a credential');
  return {
    seq: record(store, by, 'competence.recorded', {
      person: id,
      credential: {
        ...credential,
        documentSha256: credential.documentSha256 ?? undefined,
        validUntil: credential.validUntil ?? undefined,
      },
    }),
  };
}

export function addTraining(
  { store }: WritableProject,
  by: string,
  person: string,
  { guideline, score }: { guideline: string; score: number | null },
): { seq: number } {
  const { id } = personRow(store, person);
  refuseOwn(by, id, 'a training');
  if (!store.people.guidelines().some(({ sha256 }) => sha256 === guideline))
    throw new AssayError('NOT_FOUND', `No guideline with the hash ${guideline.slice(0, 12)} was published.`);
  return {
    seq: record(store, by, 'competence.recorded', {
      person: id,
      training: { guideline, score: score ?? undefined },
    }),
  };
}

/**
 * Puts on record how a person answered the gold items of a queue: the share of right answers, and Cohen's kappa of their
 * labels against the known ones, where a reject is a label of its own. Only answers since they opened
 * their account count. Throws `NOT_READY` without one.
 */
export function addCalibration(
  { store }: WritableProject,
  by: string,
  person: string,
  queue: number,
): { seq: number; items: number; accuracy: number; kappa: number | null } {
  const { id } = personRow(store, person);
  refuseOwn(by, id, 'a calibration');
  // Answers under a typed name that was the same prove nothing of this person.
  const since = store.people.enrolledSeq(id);
  const answers = checking(store, goldAnswers(boardOf(store, queue), id)).filter(({ seq }) => seq > since);
  if (answers.length === 0)
    throw new AssayError(
      'NOT_READY',
      `${id} has not answered a gold item of queue ${queue} yet: fill a queue with gold items, and let them answer it.`,
    );
  const pairs = answers.map(
    ({ verdict, labelId, knownLabelId }) =>
      [verdict === 'reject' ? 'rejected' : String(labelId), String(knownLabelId)] as const,
  );
  const accuracy = pairs.filter(([said, known]) => said === known).length / pairs.length;
  const kappa = cohensKappa(pairs).kappa;
  const seq = record(store, by, 'competence.recorded', {
    person: id,
    calibration: { queue, items: pairs.length, accuracy, kappa: kappa ?? undefined },
  });
  return { seq, items: pairs.length, accuracy, kappa };
}

/** What counted of a person counts no longer. Throws `NOT_FOUND` and `NOT_READY`. */
export function withdrawCompetence(
  { store }: WritableProject,
  by: string,
  competence: number,
  reason: string,
): { seq: number } {
  const row = store.people.competenceById(competence);
  if (!row) throw new AssayError('NOT_FOUND', `Nothing with the number ${competence} is on record.`);
  if (row.withdrawn !== null)
    throw new AssayError('NOT_READY', `Number ${competence} was withdrawn already: ${row.withdrawn}.`);
  return { seq: record(store, by, 'competence.withdrawn', { competence, reason }) };
}

export function setRequirements({ store }: WritableProject, by: string, to: Requirements): Requirements {
  if (!store.people.access())
    throw new AssayError('NOT_READY', 'Requirements need accounts: turn them on first.');
  const body = ({ calibration, ...rest }: Requirements['review']) => ({
    ...rest,
    calibration: calibration ?? undefined,
  });
  record(store, by, 'requirements.set', {
    review: body(to.review),
    judge: body(to.judge),
    sign: body(to.sign),
  });
  return requirementsOf(store);
}

/** Every guideline that was ever in force, newest first. */
export function listGuidelines({ store }: Project): Guideline[] {
  return store.people.guidelines().map(toGuideline);
}

/** Puts a guideline in force from here on. Throws `ALREADY_EXISTS` where it is in force. */
export function publishGuideline({ store }: WritableProject, by: string, text: string): Guideline {
  const sha256 = hash('sha256', text);
  if (store.people.guidelineInForce()?.sha256 === sha256)
    throw new AssayError('ALREADY_EXISTS', 'This guideline is in force already, word for word.');
  record(store, by, 'guideline.published', { sha256, text });
  return toGuideline(store.people.guidelineInForce()!);
}

function toGuideline({ publishedBy, ...row }: GuidelineRow): Guideline {
  return { ...row, by: publishedBy };
}

function refuseOwn(by: string, person: string, what: string): void {
  if (by === person)
    throw new AssayError(
      'NOT_ALLOWED',
      `${by} cannot put ${what} of their own on record: somebody else has to.`,
    );
}
