import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { openCore } from '../support/core.ts';
import { temporaryFolder } from '../support/folders.ts';
import { makeImage } from '../support/images.ts';
import { jsonOf, READERS, runReadme } from './read.ts';

interface Seen {
  label: string;
  pixels: number[];
  box?: number[];
  keypoints: number[] | null;
  [fact: string]: unknown;
}
type By = 'given' | 'coco' | 'segment' | 'pose' | 'cvat' | 'maps' | 'voc' | 'kitti';

/** Outlines of one part and of two, masks as text and as runs, one with a hole, keypoints, and a plain box. */
const OBJECTS = [
  {
    bbox: [2, 2, 8, 6],
    segmentation: [[2, 2, 10, 2, 6.5, 8]],
    area: 24.5,
    attributes: { occluded: true, material: 'steel' },
  },
  {
    bbox: [1, 1, 12, 9],
    segmentation: [
      [1, 1, 5, 1, 5, 5, 1, 5],
      [9, 6, 13, 6, 13, 10],
    ],
  },
  { bbox: [3, 4, 6, 7], segmentation: ringMask() },
  { bbox: [0, 0, 2, 16], segmentation: { size: [16, 24], counts: [0, 32, 352] }, area: 32, score: 0.5 },
  { bbox: [4, 4, 8, 8], area: 64, keypoints: [5, 5.5, 2, 0, 0, 0, 9, 10, 1], num_keypoints: 2 },
  { bbox: [1, 2, 3, 4], area: 12 },
];

/** A square of 6 x 7 with a hole of 2 x 2, in an image of 24 x 16. */
function ringMask(): { size: number[]; counts: number[] } {
  const counts: number[] = [];
  let [value, run] = [0, 0];
  for (let x = 0; x < 24; x++)
    for (let y = 0; y < 16; y++) {
      const isIn = x >= 3 && x < 9 && y >= 4 && y < 11 && !(x >= 5 && x < 7 && y >= 6 && y < 8);
      if (Number(isIn) === value) run += 1;
      else {
        counts.push(run);
        [value, run] = [Number(isIn), 1];
      }
    }
  return { size: [16, 24], counts: [...counts, run] };
}

async function writeSet(folder: string): Promise<void> {
  mkdirSync(folder);
  const names = OBJECTS.map((_, i) => `${i}.png`);
  for (const [i, name] of names.entries()) writeFileSync(join(folder, name), (await makeImage(i)).bytes);
  const images = names.map((file_name, i) => ({ id: i + 1, file_name, width: 24, height: 16 }));
  const annotations = OBJECTS.map((object, i) => ({
    id: i + 1,
    image_id: i + 1,
    category_id: (i % 2) + 1,
    iscrowd: 0,
    // pycocotools wants an area and an outline of each object.
    area: 50,
    segmentation: [[1, 2, 4, 2, 4, 6, 1, 6]],
    ...object,
  }));
  // Beside the last object, and none of its own.
  const crowd = {
    iscrowd: 1,
    area: 32,
    bbox: [0, 0, 2, 16],
    segmentation: { size: [16, 24], counts: [0, 32, 352] },
  };
  const region = { id: OBJECTS.length + 1, image_id: OBJECTS.length, category_id: 1, ...crowd };
  const categories = ['cat', 'dog'].map((name, i) => ({ id: i + 1, name }));
  writeFileSync(
    join(folder, 'a.json'),
    JSON.stringify({ images, annotations: [...annotations, region], categories }),
  );
}

test.skipIf(READERS === null)('outlines, masks and keypoints of a release are those of its set', async () => {
  const folder = temporaryFolder();
  const { core, close } = openCore();
  onTestFinished(close);
  const [set, project] = [join(folder, 'set'), join(folder, 'p')];
  await writeSet(set);
  await core.projects.create({ project, by: 'Ada', model: 'patch256' });
  await runTask(core, 'import', { project, by: 'Ada', from: set, role: 'real' });
  const formats = ['coco', 'yolo-segment', 'yolo-pose', 'cvat', 'masks', 'voc', 'kitti'];
  const releases = formats.map((format) => join(folder, format));
  for (const [i, format] of formats.entries())
    await runTask(core, 'release', { project, by: 'Ada', format, to: releases[i]!, undecided: 'in' });

  // The training split twice: without one for validation, `val` repeats it.
  const images = 'sum(len(split) for split in dataset.values())';
  expect(await runReadme(releases[2]!, images)).toBe(2 * OBJECTS.length);
  expect(await runReadme(releases[4]!, 'len(pairs)')).toBe(OBJECTS.length);
  const read = (await jsonOf('outlines', [set, ...releases])) as Record<By, Record<string, Seen[]>>;
  expect(read.coco).toEqual(read.given);
  const objects = (by: By) => Object.fromEntries(Object.entries(read[by]).map(([sha, [one]]) => [sha, one!]));
  const given = objects('given');
  expect(Object.keys(given)).toHaveLength(OBJECTS.length);
  for (const by of ['segment', 'cvat'] as const) {
    expect(Object.keys(objects(by))).toHaveLength(OBJECTS.length);
    for (const [sha256, { label, pixels }] of Object.entries(objects(by)))
      expect([by, label, pixels]).toEqual([by, given[sha256]!.label, given[sha256]!.pixels]);
  }
  // Along slanted lines pycocotools takes other pixels than those whose centres are inside.
  const drawn = Object.entries(objects('maps')).filter(([, { label }]) => label !== null);
  const overlaps = drawn.map(([sha256, { label, pixels }]) => {
    const { label: named, pixels: all } = given[sha256]!;
    expect(label).toBe(named);
    return pixels.filter((at) => all.includes(at)).length / new Set([...pixels, ...all]).size;
  });
  expect(overlaps.filter((overlap) => overlap === 1)).toHaveLength(3);
  expect(Math.min(...overlaps)).toBeGreaterThan(0.8);
  // Of the plain box nobody knows the pixels: it is to be ignored, but for those in the crowd beside it.
  expect(drawn).toHaveLength(OBJECTS.length - 1);
  const plain = Object.values(objects('maps')).find(({ label }) => label === null)!;
  expect(plain.pixels).toEqual([2, 3, 4, 5].flatMap((y) => [2, 3].map((x) => y * 24 + x)));
  for (const [sha256, [one, ...rest]] of Object.entries(read.kitti)) {
    expect(one).toEqual({ label: given[sha256]!.label, box: given[sha256]!.box });
    expect(rest.map(({ label }) => label)).toEqual(read.given[sha256]!.slice(1).map(() => 'DontCare'));
  }
  expect(Object.keys(read.kitti)).toHaveLength(OBJECTS.length);
  for (const [sha256, found] of Object.entries(read.voc)) {
    const boxes = found.filter(({ box }) => box !== undefined);
    expect(boxes).toEqual([{ label: given[sha256]!.label, box: given[sha256]!.box }]);
    const masks = found.filter(({ label, pixels }) => pixels !== undefined && label !== 'ignored');
    const wanted = read.maps[sha256]!.filter(({ label }) => label !== null);
    expect(masks.slice(0, wanted.length)).toEqual(wanted);
  }
  // Readers that take every box for an object get none of a crowd.
  for (const by of ['segment', 'pose', 'cvat'] as const)
    expect(Object.values(read[by]).map((found) => found.length)).toEqual(OBJECTS.map(() => 1));
  const told = Object.values(objects('cvat')).filter(
    ({ attributes }) => Object.keys(attributes as object).length > 0,
  );
  expect(told.map(({ attributes }) => attributes)).toEqual([{ occluded: true, material: 'steel' }]);
  const marked = Object.values(given).find(({ keypoints }) => keypoints !== null)!;
  const pose = Object.values(objects('pose')).map(({ keypoints }) => keypoints!);
  expect(pose).toHaveLength(OBJECTS.length);
  const none = Array<number>(9).fill(0);
  expect(pose.filter((one) => one.some((value) => value !== 0))).toEqual([marked.keypoints]);
  expect(pose.filter((one) => one.every((value) => value === 0))).toEqual(
    Array(OBJECTS.length - 1).fill(none),
  );
});
