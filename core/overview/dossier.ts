import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { MEANING_WORDS } from '../../rpc/contract/signatures.ts';
import { PERSON_ROLE_WORDS } from '../../rpc/contract/people.ts';
import { AssayError } from '../../rpc/errors.ts';
import { counted, percent } from '../../rpc/format.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { escapeHtml, facts, grid, head, paragraph, row, section } from '../base/html.ts';
import { APP_VERSION } from '../base/version.ts';
import { verifyChain } from '../ledger/verify.ts';
import { listPeople } from '../people/accounts.ts';
import { listCompetence, listGuidelines } from '../people/competence.ts';
import { listSignatures, verifySignatures } from '../people/signatures.ts';
import { giveCheckpoint } from '../project/checkpoint.ts';
import type { Project } from '../project/project.ts';
import type { DossierSummary } from '../../rpc/contract/ledger.ts';
import type { SuitabilityRecord } from '../../rpc/contract/suitability.ts';
import { wordsOf } from './event-words.ts';
import { projectStatus } from './status.ts';
import { suitabilityParts } from '../strategy/suitability/page.ts';
import { suitabilityRecord } from '../strategy/suitability/record.ts';

const REPORT_EVERY = 1000;

/**
 * Writes the dossier of a project for an auditor: one page of HTML that needs nothing else, to be read in any browser and
 * printed from it. The file appears complete or not at all; one of that name is replaced. Throws `SOURCE_UNREADABLE` where
 * it cannot be written.
 */
export async function writeDossier(project: Project, to: string, task: TaskContext): Promise<DossierSummary> {
  const file = resolve(to);
  const partial = `${file}.partial`;
  const digest = createHash('sha256');
  let bytes = 0;
  try {
    await mkdir(dirname(file), { recursive: true });
    const suitability = await suitabilityRecord(project, task.signal);
    const hashed = function* (): Generator<string> {
      for (const part of partsOf(project, suitability, task)) {
        digest.update(part);
        bytes += Buffer.byteLength(part);
        yield part;
      }
    };
    await writeFile(partial, hashed(), { mode: 0o600, flush: true });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof AssayError || task.signal.aborted) throw error;
    throw new AssayError(
      'SOURCE_UNREADABLE',
      `The dossier could not be written to ${file} (${(error as Error).message}): choose another place.`,
      { file },
      error,
    );
  }
  return { file, bytes, sha256: digest.digest('hex'), events: project.store.events.last()!.seq };
}

function* partsOf(project: Project, suitability: SuitabilityRecord, task: TaskContext): Generator<string> {
  const { store } = project;
  const status = projectStatus(project);
  const { uid } = store.batches.project()!;
  const chain = verifyChain(store);
  const signed = verifySignatures(store);
  const people = listPeople(store);
  const checkpoint = giveCheckpoint(project, null);
  yield head(`Dossier: ${status.project.name}`);
  yield section('Scope', [
    facts([
      ['Project', `${status.project.name} (${uid})`],
      ['Made', status.project.createdAt],
      ['Record', `${counted(status.events, 'event')}, the last with the hash ${status.head}`],
      [
        'Chain, checked when this was written',
        chain.difference ?? 'every link and every hash of the chain holds',
      ],
      [
        'Signatures, checked when this was written',
        signed.difference ?? (signed.signatures === 0 ? 'there are none' : `all ${signed.signatures} hold`),
      ],
      ['Written', `${new Date().toISOString()} by Assay ${APP_VERSION}`],
      ...(status.alarm === null
        ? []
        : [['ALARM', `${status.alarm.message} ${status.alarm.details}`] as [string, string]]),
    ]),
    grid(
      ['Batch', 'Role', 'Files', 'Broken', 'Generator', 'Generation', 'Trained on'],
      status.batches.map(({ name, role, files, broken, generator, generation, parents }) => [
        name,
        role,
        files,
        broken,
        generator ?? '',
        generation ?? '',
        parents.join(', '),
      ]),
    ),
    paragraph(`${counted(status.classes.length, 'class', 'classes')}: ${status.classes.join(', ')}.`),
  ]);
  yield section('Suitability of the task', suitabilityParts(suitability));
  yield section('People and competence', [
    people.length === 0
      ? paragraph(
          'This project has no accounts. The names in its record were typed, and prove nothing about who typed them.',
        )
      : grid(
          ['Id', 'Name', 'Roles', 'State', 'Identity', 'May sign', 'Public key'],
          people.map(({ id, name, roles, state, identity, maySign, publicKey }) => [
            id,
            name,
            roles.map((role) => PERSON_ROLE_WORDS[role].title).join(', '),
            state,
            `${identity.how} (${identity.by})`,
            maySign ? 'yes' : 'no',
            publicKey ?? '',
          ]),
        ),
    grid(
      ['Person', 'Kind', 'What', 'Put on record', 'By', 'Withdrawn'],
      listCompetence(store).map((one) => [
        one.person,
        one.kind,
        one.kind === 'credential'
          ? `${one.credential}, ${one.issuer}, ${one.number}${one.validUntil ? `, until ${one.validUntil}` : ''}`
          : one.kind === 'training'
            ? `guideline ${one.guideline}`
            : `queue ${one.queue}: ${percent(one.accuracy, 0)} of ${one.items} right${one.kappa === null ? '' : `, kappa ${one.kappa.toFixed(2)}`}`,
        one.at,
        one.by,
        one.withdrawn ?? '',
      ]),
    ),
  ]);
  yield section('Guidelines', [
    grid(
      ['In force from', 'By', 'sha256'],
      listGuidelines(project).map(({ at, by, sha256 }) => [at, by, sha256]),
    ),
    ...listGuidelines(project).map(
      ({ sha256, text }) =>
        `<details><summary>${escapeHtml(sha256)}</summary><pre>${escapeHtml(text)}</pre></details>`,
    ),
  ]);
  const { counts, decisions } = status;
  yield section('From images to decisions', [
    facts([
      ...Object.entries(status.images).map(
        ([role, images]) => [`Images, ${role}`, images] as [string, number],
      ),
      ...Object.entries(counts)
        .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
        .map(([name, count]) => [`Count: ${name}`, count] as [string, number]),
      ['Accepted', decisions.accept],
      ['Relabelled', decisions.relabel],
      ['Rejected', decisions.reject],
      ['Entries, what was taken back among them', decisions.entries],
      [
        'Real images among those for training',
        status.realShare.share === null ? '–' : percent(status.realShare.share, 1),
      ],
    ]),
  ]);
  yield section('Adjudications', [
    grid(
      ['Image', 'Judge', 'Verdict', 'Class', 'Rationale', 'When'],
      store.decisions
        .adjudications()
        .map(({ sha256, reviewer, verdict, label, comment, at }) => [
          sha256,
          reviewer,
          verdict,
          label ?? '',
          comment ?? '',
          at,
        ]),
    ),
  ]);
  yield section('Error that is left', [paragraph(status.estimateText)]);
  yield section('Releases', [
    grid(
      ['Number', 'Format', 'Images', 'sha256 of its manifest', 'Written to'],
      store.decisions
        .releases()
        .map(({ id, format, images, manifestSha256, folder }) => [
          id,
          format,
          images,
          manifestSha256,
          folder,
        ]),
    ),
  ]);
  yield section('Signatures', [
    grid(
      ['Signer', 'Meaning', 'Of', 'Version', 'Local time', 'UTC', 'Comment', 'Stands', 'Holds'],
      listSignatures(project).map((one) => [
        `${one.name} (${one.signer})`,
        MEANING_WORDS[one.meaning].title,
        one.record.kind === 'release'
          ? `release ${one.record.release}`
          : one.record.kind === 'decision'
            ? `decision on ${one.record.image}`
            : 'all decisions',
        one.version,
        one.local,
        one.at,
        one.comment ?? '',
        one.stands ? 'yes' : 'no: another version stands',
        one.holds ? 'yes' : 'NO',
      ]),
    ),
  ]);
  yield section('How to verify this', [
    paragraph(
      'With Assay: assay verify <project>. Without it: docs/ledger.md of Assay says how to read the record, and is all that a verifier needs. Keep the checkpoint below away from the project: a record that was cut short or written anew since does not lead to it.',
    ),
    `<pre>${escapeHtml(checkpoint.note)}</pre>`,
    paragraph(`The key that signed it: ${checkpoint.key}`),
    paragraph(
      'What this cannot show: whether a person is who the record says (people checked that, as stated above), and whether the clock of the machine was right.',
    ),
  ]);
  yield `<section><h2>Trail</h2><p>Every event, oldest first. Search with the browser.</p><table><thead><tr>${['Number', 'Time', 'Person', 'What', 'Images', 'Hash'].map((name) => `<th>${name}</th>`).join('')}</tr></thead><tbody>\n`;
  let done = 0;
  for (const event of store.events.all()) {
    const { text, images } = wordsOf(event);
    yield row([event.seq, event.at, event.actor, text, images.length || '', event.hash.slice(0, 16)]);
    if (++done % REPORT_EVERY > 0) continue;
    task.signal.throwIfAborted();
    task.progress({ stage: 'writing the trail', done, total: status.events, unit: 'events' });
  }
  yield '</tbody></table></section></body></html>\n';
}
