import { basename, extname, resolve } from 'node:path';
import type { RedrawnSummary } from '../../rpc/contract/redrawn.ts';
import type { DecisionInput } from '../../rpc/contract/reviews.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import type { HomeRow } from '../../db/queries/images.ts';
import { isCrowd, pointsInPixels, toBoxes, toPixels, type Box } from '../base/boxes.ts';
import { cleanName } from '../base/class-name.ts';
import { isSameMask } from '../base/mask.ts';
import { findSource } from '../import/detect.ts';
import { Reading } from '../import/sources/reading.ts';
import { rootFolder } from '../import/sources/source-files.ts';
import type { WritableProject } from '../project/project.ts';
import { decide } from './decide.ts';

/** Tools write two decimals: what moved by less in pixels, nobody moved. */
const LEAST_MOVE = 0.011;

/**
 * Takes the export of an annotation tool for images that a release gave it, under the names of the release: one decision
 * for each image whose objects are others now, in one event, with the tool's form named in the comment. An object that
 * nobody touched keeps its exact numbers and all that is known of it. Throws what reading the dataset throws, and
 * `DECISION_REFUSED` for a class that the project does not have; then nothing is recorded.
 */
export async function takeRedrawn(
  project: WritableProject,
  { by, from, source: id }: { by: string; from: string; source: string },
  task: TaskContext,
): Promise<RedrawnSummary> {
  const { store } = project;
  const at = resolve(from);
  const source = await findSource(at, id);
  const reading = new Reading(await rootFolder(at));
  const notTaken: RedrawnSummary['notTaken'] = [];
  const decisions: DecisionInput[] = [];
  let unchanged = 0;
  let images = 0;
  for await (const { path, boxes, stated } of source.list(at, reading)) {
    task.signal.throwIfAborted();
    if (++images % 100 === 0) task.progress({ stage: 'reading', done: images, total: null, unit: 'images' });
    const leave = (why: RedrawnSummary['notTaken'][number]['why']): void => void notTaken.push({ path, why });
    const sha256 = basename(path, extname(path));
    const [image] = /^[0-9a-f]{64}$/.test(sha256) ? store.images.startingWith(sha256) : [];
    if (!/^[0-9a-f]{64}$/.test(sha256)) leave('no-hash');
    else if (!image) leave('unknown');
    else if (!boxes) leave('unlooked');
    else if (stated && (stated.width !== image.width || stated.height !== image.height)) leave('other-size');
    else {
      const held = heldBoxes(project, image);
      // Tools have no place for regions of crowds: they stay as they are.
      const before = held.filter((box) => !isCrowd(box));
      const now = boxes.map((box) => before.find((one) => isUntouched(one, box, image)) ?? box);
      if (
        now.length === before.length &&
        now.every((box) => before.includes(box)) &&
        new Set(now).size === now.length
      )
        unchanged += 1;
      else
        decisions.push({
          sha256,
          verdict: 'relabel',
          boxes: [...now, ...held.filter((box) => isCrowd(box))],
          comment: `Drawn anew: ${source.title}, ${basename(at)}`,
        });
    }
  }
  const seq = decisions.length === 0 ? null : decide(project, by, { kind: 'command' }, decisions).seq;
  return { source: source.title, changed: decisions.length, unchanged, notTaken, seq, ...reading.result() };
}

/** The boxes that an image has now: those of the decision that holds, else the given ones. */
function heldBoxes({ store }: WritableProject, image: HomeRow): Box[] {
  const verdict = store.decisions.verdict(image.id);
  return toBoxes(
    verdict?.boxed === 1 ? store.decisions.boxes(verdict.decisionId) : store.images.homeBoxes(image.id),
  );
}

/** Whether a box that came back is one that went out, but for rounding: the same class, place, outline and mask. */
function isUntouched(before: Box, now: Box, image: HomeRow): boolean {
  const { width, height } = image;
  if (cleanName(before.label) !== cleanName(now.label)) return false;
  const [was, is] = [before.detail, now.detail];
  if (was?.mask && is?.mask) return isSameMask(was.mask, is.mask);
  const [ring, other] = [was?.polygons?.flat(), is?.polygons?.flat()];
  if (ring && other) return isNear(pointsInPixels(ring, before, image), pointsInPixels(other, now, image));
  // Of an outline that the tool has no place for only the box came back.
  if (other || is?.mask) return false;
  return isNear(toPixels(before, width, height), toPixels(now, width, height));
}

function isNear(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => Math.abs(value - b[i]!) <= LEAST_MOVE);
}
