import { counted, percent } from '../../rpc/format.ts';
import type { Attention, ProjectStatus } from '../../rpc/contract/projects.ts';
import type { Project } from '../project/project.ts';
import { percentAtMost } from '../audit/rest.ts';
import { leaksOf } from '../measure/flagged.ts';
import { certaintyCounts, type PairFilter } from '../../rpc/contract/copies.ts';
import { auditLooks } from '../audit/evidence.ts';
import { pausedReviewers } from '../review/gold.ts';
import { boardOf } from '../review/board.ts';

/** Pairs that an entry shows. */
const SHOWN_PAIRS = 4;
/** Above this bound on the errors in unreviewed images, think twice before a release. */
const GOOD_ENOUGH = 0.05;

/**
 * To-do list, most urgent first: blockers of everything else, then waiting people, then open work, then warnings before
 * a release.
 */
export function attentionOf(project: Project, status: ProjectStatus): Attention[] {
  const { store } = project;
  const { images, counts: all, run, flagged, realShare, estimate } = status;
  const found: Attention[] = [];
  const add = (kind: Attention['kind'], count: number, text: string, shown?: PairFilter): void => {
    if (count === 0) return;
    const pairs = shown && run ? store.copies.page(run.id, shown, 0, SHOWN_PAIRS).rows : [];
    found.push({
      kind,
      count,
      text,
      ...(pairs.length > 0 && { pairs: pairs.map(({ sha256, otherSha256 }) => [sha256, otherSha256]) }),
    });
  };

  if (images.real === 0)
    add('import-seed', 1, 'Import labelled real images: labels and novelty are judged against them.');
  if (images.synthetic === 0) add('import-batch', 1, 'Import a batch of synthetic images to check.');
  if (all.images > 0 && images.synthetic > 0) {
    const unscored = Math.max(0, all.images - (run?.images ?? 0));
    add(
      'score',
      unscored,
      `${counted(unscored, 'image has', 'images have')} no scores yet: score the project.`,
    );
  }

  const queue = store.queue.last();
  let open = 0;
  if (queue) {
    const board = boardOf(store, queue.id);
    const { counts, items } = board;
    const paused = pausedReviewers(project, queue.id);
    add(
      'paused-reviewer',
      paused.length,
      `${paused.join(', ')} ${paused.length === 1 ? 'is' : 'are'} paused: too many gold items were answered wrongly.`,
    );
    add(
      'conflicts',
      counts.conflicts,
      `Reviewers disagree on ${counted(counts.conflicts, 'image', 'images')}: judge between them.`,
    );
    add(
      'questions',
      counts.questions,
      `A specialist is asked about ${counted(counts.questions, 'image', 'images')}: answer the questions.`,
    );
    open = items.length - counts.done - counts.conflicts - counts.questions;
    add('review', open, `${counted(open, 'queued image waits', 'queued images wait')} for an answer.`);
    if (queue.runId < (run?.id ?? 0) && images.synthetic > 0)
      add('make-queue', 1, 'There are newer scores than the queue was filled from: fill a new one.');
    const undecided = auditLooks(store, queue.id).filter(
      ({ stratum, imageId }) => stratum === 'audit' && !board.state(imageId).closed,
    ).length;
    if (open === undecided)
      add(
        'audit',
        undecided,
        `${counted(undecided, 'audit item is', 'audit items are')} open: they speak for the images that nobody is shown.`,
      );
    else if (open === 0 && estimate && estimate.unseenUpper > GOOD_ENOUGH * estimate.unseen)
      add(
        'audit',
        estimate.unseenUpper,
        `Up to ${percentAtMost(estimate.unseenUpper / estimate.unseen)} of the images that nobody reviewed may be wrong: queue more of them.`,
      );
  } else if (run && images.synthetic > 0) {
    add('make-queue', 1, 'Fill the queue with the images that people should look at.');
  }

  const leaks = leaksOf(project);
  const surely = Object.values(leaks.copies).reduce((sum, count) => sum + count, 0);
  add(
    'leaks',
    surely,
    `${counted(surely, 'file is a copy', 'files are copies')} of hold-out images (${certaintyCounts(leaks.copies)}): a release leaves them out.`,
    { rules: ['holdout-leak'], roles: ['synthetic'] },
  );
  const accepted = run ? store.copies.acceptedButSettled(run.id) : 0;
  add(
    'accepted-copies',
    accepted,
    `${counted(accepted, 'accepted image is', 'accepted images are')} left out of releases as copies: say whether they are.`,
    { accepted: true },
  );
  add(
    'real-copies',
    leaks.real,
    `${counted(leaks.real, 'real image is the same picture as a hold-out image', 'real images are the same pictures as hold-out images')}: say whether to leave ${leaks.real === 1 ? 'it' : 'them'} out.`,
    { rules: ['holdout-leak'], roles: ['real'] },
  );
  const possible = leaks.possible + leaks.possibleOfReal;
  add(
    'possible-copies',
    possible,
    `${counted(possible, 'image is', 'images are')} close to ${leaks.possible === 0 ? 'a real image' : leaks.possibleOfReal === 0 ? 'a hold-out image' : 'a hold-out or real image'}, perhaps neighbouring shots: say which are copies.`,
    { rules: ['possible-copy'], answers: ['open'] },
  );
  add('broken', flagged.broken, `${counted(flagged.broken, 'file', 'files')} could not be read.`);
  if (realShare.verdict === 'alarm' || realShare.verdict === 'low')
    add(
      'mix',
      images.synthetic,
      `Only ${percent(realShare.share ?? 0, 0)} of the images are real: models trained on little real data drift.`,
    );
  const { mix, round, watch } = status;
  if (mix !== null && mix.belowFloor !== null)
    add(
      'below-floor',
      1,
      `The newest training mix holds as few as ${mix.leastReal} real images in a batch of ${mix.batchSize}, below the floor of ${percent(mix.floor)}. ${mix.by} gave the reason: ${mix.belowFloor}`,
    );
  if (watch?.alarm) add('collapse', watch.alarm.measures.length, watch.sentence);
  if (round !== null)
    add('collapse', round.alarms.length, `Training round ${round.name}: ${round.alarms.join(' ')}`);
  // One batch has no past.
  if (run && watch && watch.batches > 1 && !watch.alarm)
    add(
      'measure',
      watch.unmeasured.length,
      `${counted(watch.unmeasured.length, 'batch is', 'batches are')} not measured yet: whether the generator collapses is not known.`,
    );
  const last = store.overview.lastSeqs();
  if (queue && open === 0 && last.decision > last.release)
    add(
      'export',
      all.decided,
      `${counted(all.decided, 'image is', 'images are')} decided since: write a release.`,
    );
  return found;
}
