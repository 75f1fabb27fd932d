import type { SignedCheckpoint } from '../../rpc/contract/projects.ts';
import { AssayError } from '../../rpc/errors.ts';
import { workstationKey } from '../base/workstation-key.ts';
import { keepCheckpoint, requireKnownRecord } from '../ledger/anchor.ts';
import { growthProof, parseCheckpoint, projectKey, type Checkpoint } from '../ledger/checkpoint.ts';
import { verifierKey } from '../ledger/signed-note.ts';
import type { Project } from './project.ts';

/**
 * Signs and keeps a checkpoint of a project as it is now, to be given away. `since`: the text of an earlier one, to prove
 * that the record grew out of it. Throws `RECORD_DIFFERS` where it did not, or where the record is not the one that is
 * known, `INVALID_INPUT` where `since` is no checkpoint, and what `keepCheckpoint` throws.
 */
export function giveCheckpoint(project: Project, since: string | null): SignedCheckpoint {
  const { folder, store } = project;
  requireKnownRecord(folder, store);
  const earlier = since === null ? null : parseCheckpoint(since);
  if (since !== null && !earlier)
    throw new AssayError(
      'INVALID_INPUT',
      'The earlier checkpoint is none: give the text as assay checkpoint printed it.',
    );
  const note = keepCheckpoint(project.isWritable() ? folder : null, store);
  const now = parseCheckpoint(note)!;
  return {
    note,
    growth: earlier && growthText(project, earlier, now, note),
    key: verifierKey(projectKey(now.origin, workstationKey())),
    events: now.size,
    head: now.head,
  };
}

/** The request for a cosignature of https://c2sp.org/tlog-witness, which holds all that shows the growth. */
function growthText({ folder, store }: Project, earlier: Checkpoint, now: Checkpoint, note: string): string {
  const proof = growthProof(store, earlier, now);
  if (proof)
    return `old ${earlier.size}\n${proof.map((each) => `${each.toString('base64')}\n`).join('')}\n${note}`;
  throw new AssayError(
    'RECORD_DIFFERS',
    `The record of ${folder} did not grow out of that checkpoint of ${earlier.size} events: it is of another project, or the events were cut short or written anew. See assay verify ${folder}.`,
    { folder },
  );
}
