import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyReview, perform, prologue, REVIEWERS } from '../../test/support/acts.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { naiveVerdicts } from '../../test/support/naive-review.ts';
import { verifyProjection } from '../ledger/verify.ts';
import { Project } from '../project/project.ts';
import { QueueBoard } from './board.ts';
import { boardOf } from './boards.ts';

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

describe('two or three reviewers of one queue, with gold, conflicts, adjudication and undo', () => {
  test.each([2, 3])('%d of them: what holds is what the plainest reading of the events says', (reviewers) => {
    let settled = 0;
    fc.assert(
      fc.property(fc.array(anyReview, { minLength: 10, maxLength: 50 }), (acts) => {
        const project = Project.create(join(temporaryFolder(), 'p'), 'ada');
        for (const act of prologue(reviewers)) perform(project, act);
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
        expect(verifyProjection(project.store)).toBeNull();
        expect(said(kept)).toEqual(said(new QueueBoard(project.store, kept.queue)));
        const { counts, items } = kept;
        expect(counts.done + counts.conflicts).toBe(counts.closed);
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
  });
});
