import { isCrowd, pointsInPixels, toRelative, type Box } from '../../base/boxes.ts';
import { visibilityOf } from '../../base/detail.ts';
import { checkpoint } from './items.ts';
import { defineExport, lossLine, type ExportItem, type ExportJob, type LossCounter } from './define.ts';
import { Counters, DetailCounter } from './outlines.ts';
import { DETECT, type YoloTask } from './yolo-boxes.ts';
import { YoloCounter } from './yolo-counter.ts';
import { layoutOf, LOSES, usageOf, writeYolo } from './yolo-layout.ts';

/** How many keypoints most objects have, of those that have any; null where none has. */
class KeypointSurvey {
  readonly #objects = new Map<number, number>();

  add({ boxes }: ExportItem): void {
    for (const { detail } of boxes ?? []) {
      const count = detail?.keypoints?.length;
      if (count !== undefined) this.#objects.set(count, (this.#objects.get(count) ?? 0) + 1);
    }
  }

  /** The larger number of two that are as common. */
  usual(): number | null {
    const [first] = [...this.#objects].sort(([a, of], [b, others]) => others - of || b - a);
    return first?.[0] ?? null;
  }
}

/** Boxes with `count` keypoints each, as x, y and visibility; zeros where an object has none, or another number of them. */
const poseOf = (count: number): YoloTask => ({
  numbers(box, clipped, item) {
    const { width, height } = item;
    return [
      ...toRelative(clipped, width, height),
      ...(pointsOf(box, item, count) ?? Array<number>(3 * count).fill(0)),
    ];
  },
});

function pointsOf(box: Box, item: ExportItem, count: number): number[] | null {
  const keypoints = box.detail?.keypoints;
  if (keypoints?.length !== count) return null;
  return keypoints.flatMap((given) => {
    const point = fraction(given[0], given[1], box, item);
    return isInside(point) ? [...point, visibilityOf(given)] : [0, 0, 0];
  });
}

function fraction(x: number, y: number, box: Box, item: ExportItem): [number, number] {
  if (box.format === 'cxcywh-relative') return [x, y];
  const [px, py] = pointsInPixels([x, y], box, item) as [number, number];
  return [px / item.width, py / item.height];
}

/** Ultralytics drops an image with a keypoint outside of it. */
const isInside = (point: readonly number[]): boolean => point.every((value) => value >= 0 && value <= 1);

class KeypointCounter implements LossCounter {
  readonly #survey = new KeypointSurvey();
  /** Objects by their number of keypoints. */
  readonly #objects = new Map<number, number>();
  #outside = 0;

  add(item: ExportItem): void {
    this.#survey.add(item);
    for (const box of item.boxes ?? []) {
      if (isCrowd(box)) continue;
      const keypoints = box.detail?.keypoints ?? [];
      this.#objects.set(keypoints.length, (this.#objects.get(keypoints.length) ?? 0) + 1);
      this.#outside += keypoints.filter(([x, y]) => !isInside(fraction(x, y, box, item))).length;
    }
  }

  result(): string[] {
    const usual = this.#survey.usual();
    if (usual === null) return ['No object has keypoints: only boxes are written'];
    const others = [...this.#objects].reduce((sum, [count, of]) => (count === usual ? sum : sum + of), 0);
    return [
      ...lossLine(
        others,
        `object without keypoints, or with another number of them than ${usual}: written without`,
        `objects without keypoints, or with another number of them than ${usual}: written without`,
      ),
      ...lossLine(
        this.#outside,
        'keypoint outside of its image: written as not marked',
        'keypoints outside of their images: written as not marked',
      ),
    ];
  }
}

async function write(job: ExportJob): Promise<void> {
  const found = new KeypointSurvey();
  for (const item of job.items) {
    checkpoint(job.signal);
    found.add(item);
  }
  const count = found.usual();
  await writeYolo(job, count === null ? DETECT : poseOf(count), count);
}

export default defineExport({
  id: 'yolo-pose',
  title: 'YOLO, keypoints',
  layout: layoutOf(' with the box and the keypoints of each object'),
  resaves: 'Ultralytics',
  loses: {
    ...LOSES,
    withBoxes: [...LOSES.withBoxes, 'the names of keypoints, and which of them are mirrored'],
  },
  counter: (hasBoxes) =>
    new Counters(new YoloCounter(hasBoxes, DETECT), new KeypointCounter(), new DetailCounter('keypoints')),
  usage: usageOf('pose'),
  oneLabel: true,
  source: 'yolo',
  write,
});
