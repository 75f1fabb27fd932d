import { toPixels } from '../../base/boxes.ts';
import { defineExport, type ExportItem, type ExportJob } from './define.ts';
import { imagePath, copyImages, itemsOf, factsOf, survey } from './items.ts';
import { uniqueNames, wordName } from './names.ts';

type Categories = ReadonlyMap<string, number>;

/** Ids count from 1 in item order, so that a second pass arrives at the same ones. */
function* images(job: ExportJob, split: string | null): Generator<object> {
  let id = 0;
  for (const item of itemsOf(job, split)) {
    id += 1;
    const { fileName: file_name, width, height, sha256, originalPath: original_path } = item;
    yield { id, file_name, width, height, sha256, ...factsOf(item), original_path };
  }
}

/** One annotation per box; without boxes, one annotation without bbox carries the label. */
function* annotations(job: ExportJob, split: string | null, categories: Categories): Generator<object> {
  let [id, image_id] = [0, 0];
  for (const item of itemsOf(job, split)) {
    image_id += 1;
    for (const { category, shape } of targets(item)) {
      id += 1;
      yield { id, image_id, category_id: categories.get(category)!, ...shape };
    }
  }
}

function targets({ boxes, label, width, height }: ExportItem): { category: string; shape: object }[] {
  if (!boxes) return label === null ? [] : [{ category: label, shape: {} }];
  return boxes.map((box) => {
    const bbox = toPixels(box, width, height);
    return { category: box.label, shape: { bbox, area: bbox[2] * bbox[3], iscrowd: 0, segmentation: [] } };
  });
}

function* list(key: string, values: Iterable<object>): Generator<string> {
  yield `,\n${JSON.stringify(key)}: [`;
  let separator = '\n';
  for (const value of values) {
    yield separator + JSON.stringify(value);
    separator = ',\n';
  }
  yield '\n]';
}

function* cocoText(job: ExportJob, split: string | null, categories: Categories): Generator<string> {
  const { description, version, createdAt: date_created, creator: contributor, licence } = job.dataset;
  yield `{\n"info": ${JSON.stringify({ description, version, contributor, date_created })}`;
  yield* list('licenses', [{ id: 1, name: licence, url: '' }]);
  yield* list('images', images(job, split));
  yield* list('annotations', annotations(job, split, categories));
  yield* list(
    'categories',
    [...categories].map(([name, id]) => ({ id, name, supercategory: '' })),
  );
  yield '\n}\n';
}

export default defineExport({
  id: 'coco',
  title: 'COCO',
  layout:
    'images/<sha256>.<extension>, annotations/instances.json or one instances_<split>.json per split; every fact as extra columns of images.',
  loses: [
    'the fractions of YOLO boxes: they are written in pixels',
    'in a dataset with boxes, the difference between an image without boxes and one never checked for boxes',
  ],
  source: 'coco',
  async write(job) {
    const { splits, classes } = survey(job);
    const categories = new Map(classes.map((name, index) => [name, index + 1]));
    const names = uniqueNames(
      splits.filter((split) => split !== null),
      wordName,
      '_',
    );
    await copyImages(job, imagePath);
    for (const split of splits) {
      const name = split === null ? 'instances' : `instances_${names.get(split)!}`;
      await job.output.writeText(`annotations/${name}.json`, cocoText(job, split, categories));
    }
  },
});
