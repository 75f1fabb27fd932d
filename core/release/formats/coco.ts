import { ClipCounter } from './clip.ts';
import { targetsOf } from './coco-annotations.ts';
import { defineExport, lossLine, type ExportItem, type ExportJob, type LossCounter } from './define.ts';
import { imagePath, copyImages, factsOf, itemsWhere, survey } from './items.ts';
import { splitFolders } from './names.ts';
import { Counters, hasMask } from './outlines.ts';

type Categories = ReadonlyMap<string, number>;

/** The images of one file. Ids count from 1 in their order, so that a second pass arrives at the same ones. */
type Images = () => Iterable<ExportItem>;

function* images(of: Images): Generator<object> {
  let id = 0;
  for (const item of of()) {
    id += 1;
    const { fileName: file_name, width, height, sha256, originalPath: original_path } = item;
    yield { id, file_name, width, height, sha256, ...factsOf(item), original_path };
  }
}

function* annotations(of: Images, categories: Categories): Generator<object> {
  let [id, image_id] = [0, 0];
  for (const item of of()) {
    image_id += 1;
    for (const { category, shape } of targetsOf(item)) {
      id += 1;
      yield { id, image_id, category_id: categories.get(category)!, ...shape };
    }
  }
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

function* cocoText(job: ExportJob, of: Images, categories: Categories): Generator<string> {
  const { description, version, createdAt: date_created, creator: contributor, licence } = job.dataset;
  yield `{\n"info": ${JSON.stringify({ description, version, contributor, date_created })}`;
  yield* list('licenses', [{ id: 1, name: licence, url: '' }]);
  yield* list('images', images(of));
  yield* list('annotations', annotations(of, categories));
  yield* list(
    'categories',
    [...categories].map(([name, id]) => ({ id, name, supercategory: '' })),
  );
  yield '\n}\n';
}

/** Counts masks that cannot be written, since they are of a picture of another size. */
class OtherSizeCounter implements LossCounter {
  #masks = 0;

  add(item: ExportItem): void {
    for (const box of item.boxes ?? []) if (box.detail?.mask && !hasMask(box, item)) this.#masks += 1;
  }

  result(): string[] {
    return lossLine(
      this.#masks,
      'mask of another size than its image: only the box is written',
      'masks of another size than their image: only the box is written',
    );
  }
}

export default defineExport({
  id: 'coco',
  title: 'COCO',
  layout:
    'images/<sha256>.<extension> and one annotations/instances_<split>.json per split, images without a split in that of train; every fact as extra columns of images. Outlines, masks, keypoints and attributes as the dataset had them; boxes are clipped to the image, with the box as it was in `given_bbox`. A label without boxes has the box of the whole image and `"whole_image": true`.',
  loses: {
    withBoxes: [
      'the fractions of YOLO boxes and outlines: they are written in pixels',
      'the difference between an image without boxes and one never checked for boxes',
    ],
    withoutBoxes: [],
  },
  counter: () => new Counters(new ClipCounter('; `given_bbox` keeps each as it was'), new OtherSizeCounter()),
  usage: [
    'from pathlib import Path',
    'from pycocotools.coco import COCO',
    'splits = {file.stem.removeprefix("instances_"): COCO(file) for file in Path("annotations").glob("*.json")}',
  ],
  source: 'coco',
  async write(job) {
    const { splits, classes } = survey(job);
    const categories = new Map(classes.map((name, index) => [name, index + 1]));
    const files = splitFolders(splits);
    await copyImages(job, imagePath);
    for (const name of new Set(files.values())) {
      const of: Images = () => itemsWhere(job, ({ split }) => files.get(split) === name);
      await job.output.writeText(`annotations/instances_${name}.json`, cocoText(job, of, categories));
    }
  },
});
