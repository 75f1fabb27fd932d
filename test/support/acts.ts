import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Store } from '../../db/store.ts';
import type { EventBodies, RecordedFile } from '../../core/ledger/events.ts';
import { record } from '../../core/ledger/ledger.ts';
import type { Project } from '../../core/project.ts';
import { decide, undoLast } from '../../core/review/decide.ts';
import type { Verdict } from '../../rpc/contract/terms.ts';

const LABELS = ['gear', 'nut', 'schräg', '../x'];
const REVIEWERS = ['ada', 'Grace Hopper'];
const ROLES = ['real', 'holdout', 'synthetic'] as const;

const shaOf = (n: number): string => createHash('sha256').update(`image ${n}`).digest('hex');

/** One random act, as plain numbers: what it means depends on the state that it meets. */
export type Act =
  | { act: 'batch'; role: number; label: number }
  | { act: 'files'; batch: number; files: { path: number; image: number; label: number; box: number }[] }
  | { act: 'run' }
  | { act: 'queue'; images: number[] }
  | { act: 'decide'; by: number; decisions: { image: number; verdict: number; label: number }[] }
  | { act: 'undo'; by: number }
  | { act: 'release' };

const small = (max: number): fc.Arbitrary<number> => fc.nat({ max });

export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constant('batch' as const), role: small(2), label: small(3) }),
  fc.record({
    act: fc.constant('files' as const),
    batch: small(3),
    files: fc.array(fc.record({ path: small(20), image: small(12), label: small(4), box: small(3) }), {
      minLength: 1,
      maxLength: 6,
    }),
  }),
  fc.constant({ act: 'run' as const }),
  fc.record({
    act: fc.constant('queue' as const),
    images: fc.uniqueArray(small(12), { minLength: 1, maxLength: 5 }),
  }),
  fc.record({
    act: fc.constant('decide' as const),
    by: small(1),
    decisions: fc.array(fc.record({ image: small(12), verdict: small(4), label: small(3) }), {
      minLength: 1,
      maxLength: 5,
    }),
  }),
  fc.record({ act: fc.constant('undo' as const), by: small(1) }),
  fc.constant({ act: 'release' as const }),
);

/** Does an act through the functions that the product uses. Acts that the state does not allow are refused by them. */
export function perform(project: Project, step: Act): void {
  const { store } = project;
  const actor = REVIEWERS[0]!;
  switch (step.act) {
    case 'batch': {
      const batches = store.batches.all();
      const body: EventBodies['batch.created'] = {
        name: `batch ${batches.length}`,
        role: ROLES[step.role]!,
        root: '/nowhere',
        source: 'flat-folder',
        generation: step.label,
        parents: batches.slice(0, step.label).map((batch) => batch.name),
        classes: LABELS.slice(0, step.label),
      };
      record(store, actor, 'batch.created', body);
      return;
    }
    case 'files': {
      const batch = store.batches.all()[step.batch];
      if (!batch) return;
      const files = step.files
        .filter((file, i) => step.files.findIndex((other) => other.path === file.path) === i)
        .flatMap((file) => recordable(store, batch.id, file));
      if (files.length > 0) record(store, actor, 'files.imported', { batch: batch.name, files });
      return;
    }
    case 'run':
      record(store, actor, 'run.finished', {
        model: shaOf(0),
        modelId: 'm 1',
        device: 'cpu',
        parameters: '{}',
        images: 1,
        digest: shaOf(1),
      });
      return;
    case 'queue': {
      const run = store.scores.runs().at(-1);
      const known = step.images.map(shaOf).filter((sha) => store.images.idOf(sha) !== undefined);
      if (!run || known.length === 0) return;
      const items = known.map((sha256) => ({
        sha256,
        stratum: 'audit',
        reasons: ['because "so"'],
        priority: '0.1',
        inclusionProbability: '0.25',
        group: known.slice(0, 1),
      }));
      record(store, actor, 'queue.made', {
        run: run.id,
        policy: '{}',
        seed: 1,
        frame: 9,
        rest: 5,
        audited: known.length,
        items,
      });
      return;
    }
    case 'decide':
    case 'undo':
      attempt(() => {
        if (step.act === 'undo') undoLast(project, REVIEWERS[step.by]!);
        else
          decide(
            project,
            REVIEWERS[step.by]!,
            step.decisions.map(({ image, verdict, label }) => ({
              sha256: shaOf(image),
              verdict: VERDICTS[verdict]!,
              label: LABELS[label],
              reason: 'seen',
            })),
          );
      });
      return;
    case 'release':
      record(store, actor, 'release.exported', {
        format: 'csv',
        folder: '/out',
        images: 2,
        manifestSha256: shaOf(2),
        options: '{}',
      });
  }
}

const VERDICTS: Verdict[] = ['accept', 'relabel', 'reject', 'skip', 'undo'];

function recordable(
  store: Store,
  batch: number,
  file: { path: number; image: number; label: number; box: number },
): RecordedFile[] {
  const path = `f${file.path}.png`;
  const known = store.images.known(batch, path);
  if (known && known.sha256 !== null) return [];
  const common = { path, bytes: 10 + file.image, modifiedMs: 1, label: LABELS[file.label] };
  if (file.image === 12) return known ? [] : [{ ...common, failure: { code: 'DAMAGED', detail: 'torn' } }];
  const boxes =
    file.box === 0
      ? undefined
      : Array.from({ length: file.box - 1 }, (_, i) => ({
          label: 'gear',
          format: 'xywh-pixel',
          values: ['0.1', '1e-7', String(i), '3'],
        }));
  return [
    {
      ...common,
      image: { sha256: shaOf(file.image), format: 'png', width: 4, height: 5, copied: file.label === 1 },
      boxes,
    },
  ];
}

/** Refusals are part of the game; anything else is a defect. */
function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    if ((error as { code?: string }).code !== 'DECISION_REFUSED') throw error;
  }
}
