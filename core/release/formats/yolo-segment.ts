import { isCrowd, toPixels } from '../../base/boxes.ts';
import { defineExport, lossLine, type ExportItem, type LossCounter } from './define.ts';
import { Counters, DetailCounter, joined, ringsOf } from './outlines.ts';
import type { YoloTask } from './yolo-boxes.ts';
import { YoloCounter } from './yolo-counter.ts';
import { layoutOf, LOSES, usageOf, writeYolo } from './yolo-layout.ts';

/** The outline of each object as one ring, in fractions; the corners of its box where it has none. */
const SEGMENT: YoloTask = {
  numbers(box, clipped, item) {
    const [x, y, w, h] = toPixels(clipped, item.width, item.height);
    const rings = ringsOf(box, item) ?? [[x, y, x + w, y, x + w, y + h, x, y + h]];
    const sides = [item.width, item.height];
    return joined(rings).map((value, i) => {
      const side = sides[i % 2]!;
      return Math.min(1, Math.max(0, value / side));
    });
  },
};

class OutlineCounter implements LossCounter {
  #boxes = 0;
  #joined = 0;
  #masks = 0;

  add(item: ExportItem): void {
    for (const box of item.boxes ?? []) {
      if (isCrowd(box)) continue;
      const rings = ringsOf(box, item);
      if (!rings) this.#boxes += 1;
      else if (rings.length > 1) this.#joined += 1;
      if (rings && box.detail?.mask) this.#masks += 1;
    }
  }

  result(): string[] {
    return [
      ...lossLine(
        this.#boxes,
        'object without an outline that fits its image: the corners of its box are written',
        'objects without an outline that fits their image: the corners of their boxes are written',
      ),
      ...lossLine(
        this.#masks,
        'mask: written as its border along the pixels',
        'masks: written as their borders along the pixels',
      ),
      ...lossLine(
        this.#joined,
        'outline of several parts, or with holes: written as one, joined by lines that enclose nothing',
        'outlines of several parts, or with holes: each written as one, joined by lines that enclose nothing',
      ),
    ];
  }
}

export default defineExport({
  id: 'yolo-segment',
  title: 'YOLO, outlines',
  layout: layoutOf(' with the outline of each object, or the corners of its box,'),
  resaves: 'Ultralytics',
  loses: LOSES,
  counter: (hasBoxes) =>
    new Counters(new YoloCounter(hasBoxes, SEGMENT), new OutlineCounter(), new DetailCounter('outline')),
  usage: usageOf('segment'),
  oneLabel: true,
  source: 'yolo',
  write: (job) => writeYolo(job, SEGMENT),
});
