import type { Contract } from '../../rpc/contract/index.ts';
import type { TaskKind } from '../../rpc/contract/jobs.ts';
import { PERMISSIONS, type Permission, type PersonRole } from '../../rpc/contract/people.ts';

/** What each role is allowed. */
const GRANTS: Record<PersonRole, readonly Permission[]> = {
  annotator: ['look', 'review'],
  specialist: ['look', 'review', 'judge', 'sign'],
  lead: ['look', 'review', 'judge', 'manage', 'sign'],
  administrator: ['look', 'administer'],
};

/** What a person with these roles is allowed. */
export function permissionsOf(roles: readonly PersonRole[]): Permission[] {
  return PERMISSIONS.filter((permission) => roles.some((role) => GRANTS[role].includes(permission)));
}

/** `anyone`: also whoever has not signed in. Such calls tell nothing of the images, or are how people sign in. */
export type Needed = Permission | 'anyone';

/** Every call of the contract, by its path. */
export type Procedure = {
  [G in keyof Contract]: `${G}.${Extract<keyof Contract[G], string>}`;
}[keyof Contract];

/**
 * What every call needs, in projects with accounts. A call that is not in this table does not compile, and would be
 * refused. Those marked `task` need what the task needs, `decide` what their context needs.
 */
export const AUTHORITY: Record<Procedure, Needed | 'task' | 'decide'> = {
  'projects.open': 'anyone',
  'projects.close': 'anyone',
  'projects.create': 'anyone',
  'projects.status': 'look',
  'projects.overview': 'look',
  'projects.checkpoint': 'anyone',
  'projects.acceptRecord': 'administer',
  'imports.preview': 'manage',
  'scores.list': 'anyone',
  'scores.ofImage': 'look',
  'scores.alignment': 'look',
  'scores.labels': 'look',
  'scores.labelModel': 'look',
  'images.query': 'look',
  'images.rows': 'look',
  'images.indexOf': 'look',
  'images.mask': 'look',
  'images.facets': 'look',
  'images.histogram': 'look',
  'images.scoreCodes': 'look',
  'images.detail': 'look',
  'images.artefactMap': 'look',
  'maps.info': 'look',
  'maps.clusters': 'look',
  'policies.list': 'look',
  'policies.save': 'manage',
  'policies.remove': 'manage',
  'policies.compare': 'look',
  'queue.reranking': 'look',
  'queue.setReranking': 'manage',
  'queue.words': 'look',
  'queue.describe': 'manage',
  'queue.methods': 'anyone',
  'queue.forecast': 'look',
  'queue.list': 'look',
  'queue.show': 'look',
  'audit.report': 'look',
  'audit.plan': 'look',
  'reviews.decide': 'decide',
  'reviews.undo': 'review',
  'reviews.session': 'review',
  'reviews.places': 'review',
  'reviews.items': 'review',
  'reviews.objectExamples': 'review',
  'reviews.grid': 'review',
  'reviews.conflicts': 'judge',
  'reviews.agreement': 'judge',
  'reviews.agreementImages': 'judge',
  'reviews.askNext': 'judge',
  'reviews.gold': 'manage',
  'reviews.rejectReasons': 'look',
  'reviews.setRejectReasons': 'manage',
  'reviews.classes': 'look',
  'reviews.setNewClasses': 'manage',
  'reviews.addClass': 'review',
  'reviews.classExamples': 'look',
  'reviews.resume': 'manage',
  'handouts.list': 'manage',
  'handouts.recall': 'manage',
  'handouts.open': 'anyone',
  'handouts.of': 'look',
  'handouts.answers': 'review',
  'copies.list': 'look',
  'copies.answer': 'judge',
  'releases.preview': 'look',
  'releases.list': 'look',
  'mixes.list': 'look',
  'mixes.preview': 'look',
  'mixes.policy': 'look',
  'mixes.setPolicy': 'manage',
  'costs.report': 'look',
  'costs.table': 'look',
  'costs.save': 'look',
  'costs.settings': 'look',
  'costs.set': 'manage',
  'experiments.list': 'look',
  'experiments.get': 'look',
  'experiments.page': 'look',
  'experiments.save': 'look',
  'rounds.list': 'look',
  'rounds.add': 'manage',
  'suitability.show': 'look',
  'suitability.page': 'look',
  'suitability.save': 'look',
  'suitability.answer': 'judge',
  'watch.show': 'look',
  'answers.show': 'judge',
  'answers.table': 'judge',
  'plans.show': 'look',
  'plans.table': 'look',
  'plans.save': 'look',
  'plans.setTarget': 'manage',
  'jobs.run': 'task',
  'jobs.start': 'task',
  // Handlers tell only of jobs of projects that the caller may look at (core/handlers/jobs.ts).
  'jobs.list': 'anyone',
  'jobs.get': 'anyone',
  'jobs.watch': 'anyone',
  'jobs.cancel': 'anyone',
  'jobs.clear': 'look',
  'catalog.formats': 'anyone',
  'catalog.models': 'anyone',
  'catalog.addModel': 'anyone',
  'catalog.checkModel': 'anyone',
  'catalog.devices': 'anyone',
  'catalog.goldenVector': 'anyone',
  // A file is found by a key that nobody can guess, and that only those who may look are given.
  'files.locate': 'anyone',
  'files.list': 'anyone',
  'settings.get': 'anyone',
  'settings.set': 'anyone',
  'settings.recent': 'anyone',
  'settings.forget': 'anyone',
  'settings.watchRecent': 'anyone',
  'tags.list': 'look',
  'tags.set': 'review',
  'tags.undo': 'review',
  'views.list': 'look',
  'views.save': 'review',
  'views.remove': 'review',
  'people.access': 'anyone',
  'people.list': 'look',
  'people.turnOn': 'anyone',
  'people.signIn': 'anyone',
  'people.attach': 'anyone',
  'people.signOut': 'anyone',
  'people.active': 'anyone',
  'people.enrol': 'anyone',
  'people.changePassword': 'look',
  'people.invite': 'administer',
  'people.change': 'administer',
  'people.reset': 'administer',
  'people.allowSigning': 'administer',
  'people.unlock': 'administer',
  'people.revoke': 'administer',
  'people.addCredential': 'administer',
  'people.addTraining': 'manage',
  'people.addCalibration': 'manage',
  'people.withdraw': 'administer',
  'people.setRequirements': 'manage',
  'people.guidelines': 'look',
  'people.publishGuideline': 'manage',
  'signatures.list': 'look',
  'signatures.preview': 'look',
  'signatures.sign': 'sign',
  'signatures.writeBeside': 'sign',
  'trail.query': 'look',
  'trail.facets': 'look',
  'trail.event': 'look',
};

/** What every task needs, in projects with accounts. */
export const TASK_AUTHORITY: Record<TaskKind, Needed | 'decide'> = {
  import: 'manage',
  score: 'manage',
  embed: 'manage',
  queue: 'manage',
  rerank: 'review',
  decide: 'decide',
  redrawn: 'judge',
  'decide-view': 'judge',
  undo: 'review',
  tag: 'review',
  'tag-view': 'review',
  'undo-tag': 'review',
  handout: 'manage',
  collect: 'manage',
  release: 'manage',
  mix: 'manage',
  'check-batches': 'anyone',
  experiment: 'manage',
  'experiment-export': 'manage',
  'experiment-add': 'manage',
  verify: 'anyone',
  'verify-release': 'anyone',
  dossier: 'manage',
  layout: 'look',
  report: 'look',
  watch: 'look',
  'sample-set': 'anyone',
  'sample-project': 'anyone',
};

/** What a call needs, and on which project and in whose name: of a task, what the task says. */
export interface Claim {
  needed: Needed;
  project: string | null;
  by: string | null;
}

/** What a call claims, by its path and the input that came, which nothing has checked yet. */
export function claimOf(path: string, input: unknown): Claim {
  const authority = AUTHORITY[path as Procedure];
  if (authority === undefined) throw new Error(`no authority is stated for ${path}`);
  const call = fieldsOf(input);
  // What the contract takes is within the task: what else stands beside it must not speak for it.
  const said = authority === 'task' ? fieldsOf(call['input']) : call;
  // An unknown task is refused by the contract, whoever asks for it.
  const wanted = authority === 'task' ? (TASK_AUTHORITY[call['kind'] as TaskKind] ?? 'manage') : authority;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value.trim() : null);
  return {
    needed: wanted === 'decide' ? neededToDecide(said) : wanted,
    project: text(said['project']),
    by: text(said['by']),
  };
}

/** Answers to a queue are a reviewer's; whatever settles an image otherwise is a judgement. */
function neededToDecide(input: Record<string, unknown>): Permission {
  return fieldsOf(input['context'])['kind'] === 'review' ? 'review' : 'judge';
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
