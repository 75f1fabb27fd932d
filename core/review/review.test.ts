import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyReview, perform, prologue, REVIEWERS, type Act } from '../../test/support/acts.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { misfiled, naiveAudit, naiveVerdicts } from '../../test/support/naive-review.ts';
import type { EventBodies } from '../ledger/events.ts';
import { verifyProjection } from '../ledger/verify.ts';
import { Project } from '../project/project.ts';
import { boardOf, QueueBoard } from './board.ts';
import { auditLooks } from '../audit/evidence.ts';

/** Everything that a board can be asked, of a board. */
function said(board: QueueBoard): unknown {
  const byImage = [...board.states()].sort(([a], [b]) => a - b);
  return {
    counts: board.counts,
    // A state that went back to nothing is the same as none.
    states: byImage.filter(([imageId]) => board.entries(imageId).length > 0),
    reviewers: REVIEWERS.map((by) => {
      const { total } = board.order(by);
      const places = Array.from({ length: total }, (_, position) => board.order(by).at(position));
      return {
        total,
        places,
        remaining: board.remaining(by),
        next: board.next(by),
        own: places.map(({ imageId }) => board.own(by, imageId)?.id),
      };
    }),
  };
}

const contextsOf = ({ store }: Project): string[] =>
  [...store.events.all()].flatMap(({ kind, body }) =>
    kind === 'decisions.made' ? [(JSON.parse(body) as EventBodies['decisions.made']).context!] : [],
  );

/** Everybody says the same of one item, and somebody another thing of a second: there is something to judge. */
const opening = (reviewers: number): Act[] =>
  Array.from({ length: reviewers }, (_, by) => ({
    act: 'decide',
    by,
    in: 0,
    decisions: [
      { image: 0, verdict: 1, label: 1 },
      { image: 1, verdict: by === 0 ? 2 : 1, label: 1 },
    ],
  }));

describe('two or three reviewers of one queue, with gold, conflicts, adjudication and undo', () => {
  test.each([2, 3])('%d of them: what holds is what the plainest reading of the events says', (reviewers) => {
    let settled = 0;
    let looked = 0;
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(anyReview, { minLength: 10, maxLength: 50 }), (acts) => {
        const project = Project.create(join(temporaryFolder(), 'p'), 'ada');
        for (const act of [...prologue(reviewers), ...opening(reviewers)]) perform(project, act);
        const kept = boardOf(project.store, null);
        for (const act of acts) {
          perform(project, act);
          // Kept in step act by act.
          boardOf(project.store, null);
        }
        const held = [...project.store.images.homes()].flatMap(({ id, sha256 }) => {
          const verdict = project.store.decisions.verdict(id);
          return verdict ? [[sha256, verdict.decisionId] as const] : [];
        });
        settled += held.length;
        expect(new Map(held)).toEqual(naiveVerdicts(project));
        expect(misfiled(project)).toEqual([]);
        const looks = auditLooks(project.store, kept.queue.id).flatMap(({ imageId, stratum, finding }) =>
          stratum === 'audit' && finding
            ? [[project.store.images.byId(imageId)!.sha256, finding] as const]
            : [],
        );
        expect(new Map(looks)).toEqual(naiveAudit(project, kept.queue.id));
        looked += looks.length;
        for (const context of contextsOf(project)) seen.add(context);
        expect(verifyProjection(project.store)).toBeNull();
        expect(said(kept)).toEqual(said(new QueueBoard(project.store, kept.queue)));
        const { counts, items } = kept;
        expect(counts.done + counts.conflicts + counts.questions).toBe(counts.closed);
        for (const count of Object.values(counts)) expect(count).toBeGreaterThanOrEqual(0);
        expect(counts.answers).toBeLessThanOrEqual(items.length * reviewers);
        for (const by of REVIEWERS) {
          const open = Array.from({ length: kept.order(by).total }, (_, position) => position).filter(
            (position) =>
              !kept.settledElsewhere(by, position) &&
              !kept.hasAnswered(by, kept.order(by).at(position).imageId),
          );
          expect(kept.remaining(by)).toBe(open.length);
          expect(open.length === 0 ? [kept.order(by).total] : open).toContain(kept.next(by));
        }
        project.close();
      }),
      { numRuns: 20 },
    );
    expect(settled).toBeGreaterThan(20);
    expect(looked).toBeGreaterThan(20);
    expect([...seen].sort()).toEqual(['command', 'conflict', 'explore', 'review', 'view']);
  });
});
