import { counted, percent, uncapitalised } from '../../rpc/format.ts';
import { targetWords } from '../../rpc/contract/plans.ts';
import { SUITABILITY_QUESTIONS, questionNumber } from '../../rpc/contract/suitability.ts';
import { END_WORDS } from '../../rpc/contract/terms.ts';
import type { EventRow } from '../../db/queries/events.ts';
import { EVENTS, type EventBodies, type EventKind } from '../ledger/events.ts';
import { targetOf } from '../strategy/plan/target.ts';

/** What an event says, for the trail. */
interface EventWords {
  /** A sentence without its actor. */
  text: string;
  /** Hashes of the images that it is about. */
  images: string[];
}

type Words<K extends EventKind> = (body: EventBodies[K]) => EventWords;

const said = (text: string, images: string[] = []): EventWords => ({ text, images });

const WORDS: { [K in EventKind]: Words<K> } = {
  'project.created': ({ name }) => said(`created the project ${name}`),
  'clock.set-back': ({ before }) => said(`found the clock set back: it had shown ${before}`),
  'record.accepted': ({ givenUp }) =>
    said(`accepted the record as it is, against ${counted(givenUp.length, 'known checkpoint')}`),
  'model.chosen': ({ modelId, images }) => said(`chose the model ${modelId} for ${counted(images, 'image')}`),
  'batch.created': ({ name, role, root }) => said(`began the ${role} batch ${name} from ${root}`),
  'import.surveyed': ({ batch, left, skipped }) =>
    said(
      `listed what the batch ${batch} leaves behind: ${counted(left.reduce((sum, { count }) => sum + count, 0) + skipped, 'thing')}`,
    ),
  'files.imported': ({ batch, files }) =>
    said(
      `imported ${counted(files.length, 'file')} into ${batch}`,
      files.flatMap(({ image }) => (image ? [image.sha256] : [])),
    ),
  'run.finished': ({ modelId, images }) => said(`scored ${counted(images, 'image')} with ${modelId}`),
  'queue.made': ({ items, endsIn }) =>
    said(
      `filled a queue with ${counted(items.length, 'item')}${endsIn === 'distribution' ? `, to end in ${END_WORDS[endsIn].title}` : ''}`,
      items.map(({ sha256 }) => sha256),
    ),
  'queue.reranked': ({ queue, items }) =>
    said(`ranked queue ${queue} again: ${counted(items.length, 'item')} moved`),
  'queue.described': ({ queue, name }) =>
    said(`set what people are told of queue ${queue}${name ? `, ${name}` : ''}`),
  'reranking.set': ({ after }) =>
    said(after === 0 ? 'turned ranking again off' : `set ranking again after ${counted(after, 'answer')}`),
  'policy.saved': ({ name }) => said(`saved the policy ${name}`),
  'policy.removed': ({ name }) => said(`removed the policy ${name}`),
  'decisions.made': ({ decisions, context }) =>
    said(
      decisions.length === 1
        ? oneDecision(decisions[0]!)
        : `made ${counted(decisions.length, 'decision')}${context ? ` (${context})` : ''}`,
      [...new Set(decisions.map(({ sha256 }) => sha256))],
    ),
  'handout.made': ({ queue, reviewer, items }) =>
    said(
      `handed ${counted(items.length, 'item')} of queue ${queue} out to ${reviewer}`,
      items.map(({ sha256 }) => sha256),
    ),
  'handout.recalled': ({ handout, reason }) =>
    said(`recalled the hand-out ${handout.slice(0, 8)}${reason ? `: ${reason}` : ''}`),
  'handout.contents': ({ name, queue, reviewer }) =>
    said(`made this hand-out of queue ${queue} of ${name}, for ${reviewer}`),
  'answers.collected': ({ reviewer, handout, decisions, left }) =>
    said(
      `took ${counted(decisions.length, 'answer')} of ${reviewer} from the hand-out ${handout.slice(0, 8)}${left.length > 0 ? `, and left ${left.length}` : ''}`,
      [...new Set([...decisions, ...left].map(({ sha256 }) => sha256))],
    ),
  'copies.answered': ({ answers }) =>
    said(
      `said of ${counted(answers.length, 'pair')} whether one is a copy: ${[...new Set(answers.map(({ answer }) => answer))].join(', ')}`,
      answers.flatMap(({ sha256, other }) => [sha256, other]),
    ),
  'reject-reasons.set': ({ reasons }) => said(`set ${counted(reasons.length, 'reason')} for a reject`),
  'views.set': ({ views }) => said(`set the saved views: ${counted(views.length, 'view')}`),
  'images.tagged': ({ tag, images }) =>
    said(`put the tag ${tag} on ${counted(images.length, 'image')}`, images),
  'images.untagged': ({ tag, images }) =>
    said(`took the tag ${tag} off ${counted(images.length, 'image')}`, images),
  'new-classes.set': ({ allowed }) =>
    said(allowed ? 'let reviewers add classes' : 'closed the list of classes for reviewers'),
  'class.added': ({ name }) => said(`added the class ${name}`),
  'reviewer.resumed': ({ queue, reviewer }) => said(`let ${reviewer} go on in queue ${queue}`),
  'release.exported': ({ format, images, folder }) =>
    said(`released ${counted(images, 'image')} as ${format} to ${folder}`),
  'release.withdrawn': ({ folder, reason }) => said(`took back the release at ${folder}: ${reason}`),
  'mix-policy.set': ({ target, floor, generations, unreviewed }) =>
    said(
      `set the mix: ${percent(target)} real, no batch below ${percent(floor)}, ${generations ? `generations ${generations.join(', ')}` : 'all generations'}, synthetic images that nobody looked at ${unreviewed ? 'in' : 'out'}`,
    ),
  'round.added': ({ name, model, mix, realShare, newRealImages }) =>
    said(
      `added the training round ${name}: ${model?.name ?? 'a model'} on the mix ${mix.slice(0, 8)}, ${percent(realShare)} real, ${counted(newRealImages, 'new real image')}`,
    ),
  'experiment.recorded': ({ digest, predictions }) =>
    said(
      `measured ratios of real to synthetic images${predictions ? ` with ${predictions.name}` : ''}: results ${digest.slice(0, 8)}`,
    ),
  'costs.set': ({ currency, inputs, released = [] }) =>
    said(
      `set inputs of the cost model: ${[
        ...(currency === undefined ? [] : [`amounts in ${currency}`]),
        ...inputs.map(({ input, low, high }) => `${input} ${low === high ? low : `${low} to ${high}`}`),
        ...released.map((input) => `${input} no longer`),
      ].join(', ')}`,
    ),
  'plan-target.set': (body) => said(`set the target of what to generate: ${targetWords(targetOf(body))}`),
  'suitability.answered': ({ question, answer, reason }) =>
    said(
      `answered question ${questionNumber(question)} on the task, ${uncapitalised(SUITABILITY_QUESTIONS[question].title)}: ${answer}. Reason: ${reason}`,
    ),
  'accounts.enabled': ({ name, roles }) => said(`turned accounts on, as ${name} (${roles.join(', ')})`),
  'person.invited': ({ id, name, roles, identity }) =>
    said(`invited ${name} as ${id} (${roles.join(', ')}); identity: ${identity}`),
  'person.enrolled': () => said('opened their account and set a password'),
  'person.changed': ({ person, name, roles }) =>
    said(
      `changed ${person}: ${[name && `name ${name}`, roles && `roles ${roles.join(', ')}`].filter(Boolean).join('; ')}`,
    ),
  'person.reset': ({ person, reason }) => said(`reset the account of ${person}: ${reason}`),
  'signing.allowed': ({ person }) => said(`let ${person} sign again`),
  'person.unlocked': ({ person }) => said(`unlocked the account of ${person}`),
  'person.revoked': ({ person, reason }) => said(`closed the account of ${person} for good: ${reason}`),
  'password.changed': () => said('changed their password'),
  'person.signed-in': () => said('signed in'),
  'sign-in.refused': ({ person, failures, locked }) =>
    said(
      `A wrong password or code was given for ${person}, ${counted(failures, 'time')} in a row${locked ? '; the account is locked' : ''}`,
    ),
  'competence.recorded': ({ person, credential, training, calibration }) =>
    said(
      credential
        ? `put the credential ${credential.credential} of ${person} on record, from ${credential.issuer}`
        : training
          ? `put on record that ${person} was trained on the guideline ${training.guideline.slice(0, 8)}`
          : `put on record how ${person} answered ${counted(calibration!.items, 'gold item')} of queue ${calibration!.queue}`,
    ),
  'competence.withdrawn': ({ competence, reason }) =>
    said(`withdrew number ${competence} of the competence on record: ${reason}`),
  'requirements.set': () => said('set what tasks take'),
  'guideline.published': ({ sha256 }) => said(`published the guideline ${sha256.slice(0, 8)}`),
  'record.signed': ({ record: { kind, image, release }, meaning, name }) =>
    said(
      `signed ${kind === 'release' ? `release ${release}` : kind === 'decision' ? 'the decision on an image' : 'the dataset'} as ${name}: ${meaning}`,
      image === undefined ? [] : [image],
    ),
};

function oneDecision({
  verdict,
  label,
  reason,
  comment,
  flagged,
  purpose,
}: EventBodies['decisions.made']['decisions'][number]): string {
  const what =
    verdict === 'relabel'
      ? `relabelled an image ${label ?? ''}`.trim()
      : verdict === 'accept'
        ? 'accepted an image'
        : verdict === 'reject'
          ? `rejected an image${reason ? ` (${reason})` : ''}`
          : verdict === 'undo'
            ? 'took back a decision'
            : flagged
              ? 'asked a specialist about an image'
              : 'skipped an image';
  return `${purpose === 'adjudication' ? 'judged: ' : ''}${what}${comment ? `: “${comment}”` : ''}`;
}

/** What an event says, in plain words. Its body must fit its schema, as every event that was replayed does. */
export function wordsOf({ kind, body }: Pick<EventRow, 'kind' | 'body'>): EventWords {
  const known = kind as EventKind;
  return (WORDS[known] as Words<EventKind>)(EVENTS[known].parse(JSON.parse(body)));
}
