import { defineExport } from './define.ts';
import { Counters, DetailCounter } from './outlines.ts';
import { DETECT } from './yolo-boxes.ts';
import { YoloCounter } from './yolo-counter.ts';
import { layoutOf, LOSES, usageOf, writeYolo } from './yolo-layout.ts';

export default defineExport({
  id: 'yolo',
  title: 'YOLO',
  layout: layoutOf(''),
  resaves: 'Ultralytics',
  loses: LOSES,
  counter: (hasBoxes) => new Counters(new YoloCounter(hasBoxes, DETECT), new DetailCounter()),
  usage: usageOf(),
  oneLabel: true,
  source: 'yolo',
  write: (job) => writeYolo(job, DETECT),
});
