import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Store } from '../../db/store.ts';
import type { EventBodies, RecordedFile } from '../../core/ledger/events.ts';
import { record } from '../../core/ledger/ledger.ts';
import type { Project, WritableProject } from '../../core/project/project.ts';
import { setTag } from '../../core/explore/tags.ts';
import { boardOf } from '../../core/review/board.ts';
import { decide, type Context } from '../../core/review/decide.ts';
import { resumeReviewer } from '../../core/review/gold.ts';
import { undoLast } from '../../core/review/undo.ts';
import type { DecisionInput } from '../../rpc/contract/reviews.ts';
import { COPY_ANSWERS, type Verdict } from '../../rpc/contract/terms.ts';

const LABELS = ['gear', 'nut', 'schräg', '../x'];
const TAGS = ['glare', 'ask vendor', 'größer'];
export const REVIEWERS = ['ada', 'Grace Hopper', 'Ōe'];
const ROLES = ['real', 'holdout', 'synthetic'] as const;

export const shaOf = (n: number): string => createHash('sha256').update(`image ${n}`).digest('hex');

/** `place`: 0 for the place where the image stands, else that many further on. */
interface Decided {
  image: number;
  verdict: number;
  label: number;
  as?: number;
  place?: number;
}

/** Where an image stands in a reviewer's order of a queue, gold or not; undefined where it does not. */
export function placeOf({ store }: Project, queue: number, by: string, sha256: string): number | undefined {
  const board = boardOf(store, queue);
  const order = board.order(by);
  const image = store.images.idOf(sha256) ?? -1;
  const index = board.indexOf(image);
  return order.goldOf(image)?.position ?? (index < 0 ? undefined : order.positionOfItem(index));
}

function conflictsIn({ store }: Project, queue: number): string[] {
  if (!store.queue.byId(queue)) return [];
  return [...boardOf(store, queue).states()]
    .filter(([, { conflict }]) => conflict)
    .map(([imageId]) => store.images.byId(imageId)!.sha256);
}

/** One random act, as plain numbers: what it means depends on the state that it meets. */
export type Act =
  | { act: 'batch'; role: number; label: number }
  | { act: 'files'; batch: number; files: { path: number; image: number; label: number; box: number }[] }
  | { act: 'run' }
  | { act: 'queue'; images: number[]; reviewers?: number; gold?: boolean }
  | { act: 'decide'; by: number; in: number; queue?: number; decisions: Decided[] }
  | { act: 'bulk'; by: number; images: number[]; label: number }
  | { act: 'resume'; by: number; reviewer: number }
  | { act: 'undo'; by: number }
  | { act: 'copies'; by: number; image: number; other: number; answer: number }
  | { act: 'tag'; by: number; images: number[]; tag: number; off: boolean }
  | { act: 'release' };

const small = (max: number): fc.Arbitrary<number> => fc.nat({ max });

/** A project with a queue of its own for two or three reviewers, where they can start at once. */
export function prologue(reviewers: number): Act[] {
  const files = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => ({ path: from + i, image: from + i, label: 0, box: 0 }));
  return [
    { act: 'batch', role: 0, label: 2 },
    { act: 'batch', role: 2, label: 2 },
    { act: 'files', batch: 0, files: files(5, 12) },
    { act: 'files', batch: 1, files: files(0, 5) },
    { act: 'run' },
    { act: 'queue', images: [0, 1, 2, 3], reviewers: reviewers - 1, gold: true },
  ];
}

/** What reviewers do, much of it on the same few images. */
export const anyReview: fc.Arbitrary<Act> = fc.oneof(
  ...[1, 2, 3, 4].map(() =>
    fc.record({
      act: fc.constant('decide' as const),
      by: small(2),
      // Mostly in the review: elsewhere nothing is answered.
      in: fc.oneof({ arbitrary: fc.constant(0), weight: 2 }, { arbitrary: small(3), weight: 1 }),
      decisions: fc.array(
        fc.record({
          image: fc.oneof({ arbitrary: small(3), weight: 4 }, { arbitrary: small(11), weight: 1 }),
          verdict: fc.oneof(small(3), small(4)),
          label: small(1),
          as: small(6),
          place: fc.oneof({ arbitrary: fc.constant(0), weight: 9 }, { arbitrary: small(2), weight: 1 }),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    }),
  ),
  fc.record({
    act: fc.constant('bulk' as const),
    by: small(2),
    images: fc.uniqueArray(small(11), { minLength: 1, maxLength: 2 }),
    label: small(1),
  }),
  fc.record({ act: fc.constant('undo' as const), by: small(2) }),
  fc.record({ act: fc.constant('resume' as const), by: small(2), reviewer: small(2) }),
);

const anyDecision = fc.record({
  act: fc.constant('decide' as const),
  by: small(2),
  in: small(3),
  queue: small(3),
  decisions: fc.array(
    fc.record({
      image: small(12),
      // Mostly answers of two classes: people who never agree settle nothing.
      verdict: fc.oneof(small(2), small(4)),
      label: small(1),
      as: small(6),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

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
    reviewers: small(2),
    gold: fc.boolean(),
  }),
  ...[1, 2, 3].map(() => anyDecision),
  fc.record({
    act: fc.constant('bulk' as const),
    by: small(2),
    images: fc.uniqueArray(small(11), { minLength: 1, maxLength: 4 }),
    label: small(3),
  }),
  fc.record({ act: fc.constant('undo' as const), by: small(2) }),
  fc.record({ act: fc.constant('resume' as const), by: small(2), reviewer: small(2) }),
  fc.record({
    act: fc.constant('copies' as const),
    by: small(2),
    image: small(3),
    other: small(3),
    answer: small(2),
  }),
  fc.record({
    act: fc.constant('tag' as const),
    by: small(2),
    images: fc.uniqueArray(small(11), { minLength: 1, maxLength: 4 }),
    tag: small(2),
    off: fc.boolean(),
  }),
  fc.constant({ act: 'release' as const }),
);

/** Does an act through the functions that the product uses. Acts that the state does not allow are refused by them. */
export function perform(project: WritableProject, step: Act): void {
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
        parameters: { share: 0.1 },
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
        stratum: 'audit' as const,
        reasons: [
          { score: 'margin', value: 0.1 + 0.2, rank: 3, of: 7, threshold: 0.5 },
          { method: 'badge' },
          { text: 'because "so"' },
        ],
        priority: 0.1,
        inclusionProbability: 0.25,
        group: known.slice(0, 1),
      }));
      const gold = step.gold
        ? [...Array(12).keys()].map(shaOf).filter((sha) => store.images.idOf(sha) && !known.includes(sha))
        : [];
      record(store, actor, 'queue.made', {
        run: run.id,
        policy: { shares: { audit: 0.15, novel: 1e-7 }, budget: { share: 0.08 }, ownConflicts: true },
        seed: 1,
        frame: 9,
        rest: 5,
        audited: known.length,
        reviewers: (step.reviewers ?? 0) + 1,
        goldRate: gold.length > 0 ? 0.5 : undefined,
        gold: gold.map((sha256) => ({ sha256, label: LABELS[0]! })),
        items,
      });
      return;
    }
    case 'decide': {
      const by = REVIEWERS[step.by]!;
      const queue = step.queue || store.queue.last()?.id || 1;
      const context = contextOf(step.in, queue);
      const open = context.kind === 'conflict' ? conflictsIn(project, queue) : [];
      const place = ({ image, place: off = 0 }: Decided): number | undefined => {
        const found = store.queue.byId(queue) && placeOf(project, queue, by, shaOf(image));
        return context.kind === 'review' && found !== undefined ? found + off : undefined;
      };
      attempt(() =>
        decide(
          project,
          by,
          context,
          step.decisions.map((decision) => ({
            ...inputOf(decision, context),
            place: place(decision),
            // A judge is shown what is in conflict.
            ...(open.length > 0 ? { sha256: open[decision.image % open.length]! } : {}),
          })),
        ),
      );
      return;
    }
    case 'bulk': {
      const ids = step.images.flatMap((image) => store.images.idOf(shaOf(image)) ?? []);
      attempt(() =>
        decide(
          project,
          REVIEWERS[step.by]!,
          { kind: 'view' },
          {
            images: Uint32Array.from(ids),
            answer: { verdict: 'relabel', label: LABELS[step.label] },
          },
        ),
      );
      return;
    }
    case 'undo':
      attempt(() => undoLast(project, REVIEWERS[step.by]!));
      return;
    case 'resume': {
      const queue = store.queue.last();
      if (queue)
        attempt(() => resumeReviewer(project, REVIEWERS[step.by]!, queue.id, REVIEWERS[step.reviewer]!));
      return;
    }
    case 'copies': {
      const [sha256, other] = [shaOf(step.image), shaOf(step.other)];
      if (store.images.idOf(sha256) === undefined || store.images.idOf(other) === undefined) return;
      // Derived rows are no act, so no rule found the pair: recorded as such an answer is.
      record(store, REVIEWERS[step.by]!, 'copies.answered', {
        answers: [
          step.answer === 2
            ? { sha256, other, answer: 'withdrawn' }
            : {
                sha256,
                other,
                answer: COPY_ANSWERS[step.answer]!,
                comment: 'seen',
                certainty: 'same-picture',
                similarity: 0.1 + 0.2,
                laid: true,
              },
        ],
      });
      return;
    }
    case 'tag': {
      const ids = step.images.flatMap((image) => store.images.idOf(shaOf(image)) ?? []);
      const tag = TAGS[step.tag]!;
      if (step.off && !store.tags.byName(tag)) return;
      setTag(project, REVIEWERS[step.by]!, { tag, off: step.off }, ids);
      return;
    }
    case 'release':
      record(store, actor, 'release.exported', {
        format: 'csv',
        folder: '/out',
        images: 2,
        manifestSha256: shaOf(2),
        options: { roles: ['real'], undecided: 'out', include: [] },
      });
  }
}

const contextOf = (at: number, queue: number): Context =>
  [{ kind: 'review', queue } as const, { kind: 'conflict', queue } as const, { kind: 'explore' } as const][
    at
  ] ?? {
    kind: 'command',
  };

/** The ways to say something: plainly, of 2 asking for a specialist, of 3 with boxes, of 4 for near-duplicates too. */
function inputOf({ image, verdict: of, label, as }: Decided, { kind }: Context): DecisionInput {
  const verdict = VERDICTS[of]!;
  const common: DecisionInput = {
    sha256: shaOf(image),
    verdict,
    label: LABELS[label],
    reason: 'seen',
    durationMs: 1000 + image,
  };
  if (as === 2) return { ...common, flag: verdict === 'skip' };
  if (as === 3 && verdict === 'relabel')
    return {
      ...common,
      boxes: [{ label: 'gear', format: 'xywh-pixel', values: [0.1, 0, 2, 3 + label] }],
    };
  if (as === 4 && (kind === 'review' || kind === 'conflict')) return { ...common, spread: true };
  return common;
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
          values: [0.1, 1e-7, i, 3] as [number, number, number, number],
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
