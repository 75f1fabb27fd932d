import type { ExportItem, ExportJob, Usage } from './define.ts';
import { writeClassFolders } from './folder.ts';
import { copyImages, itemsWhere, survey, type Survey } from './items.ts';
import { isFalseBackground, labelFile, WITHOUT_BOXES, type YoloTask } from './yolo-boxes.ts';
import { classFoldersOf, dataYaml, foldersOf } from './yolo-data.ts';

/**
 * Writes a dataset for detection or another task with objects or, where no image was looked at for boxes, class folders.
 * `keypoints`: how many each object has; null where the task has none.
 */
export async function writeYolo(
  job: ExportJob,
  task: YoloTask,
  keypoints: number | null = null,
): Promise<void> {
  const found = survey(job);
  if (found.hasBoxes) await writeObjects(job, found, task, keypoints);
  else await writeClassification(job, found);
}

async function writeClassification(job: ExportJob, { classes, splits }: Survey): Promise<void> {
  const { training, folders } = classFoldersOf(splits);
  await writeClassFolders(
    job,
    classes,
    (split) => ({ folder: folders.get(split)!, split: split ?? training }),
    // Without a folder for training, Ultralytics takes every folder at the top for a class.
    [training],
  );
}

async function writeObjects(
  job: ExportJob,
  { classes, splits }: Survey,
  task: YoloTask,
  keypoints: number | null,
): Promise<void> {
  const folders = foldersOf(splits);
  const indices = new Map(classes.map((name, index) => [name, index]));
  const imagePath = ({ split, fileName }: ExportItem): string => `images/${folders.get(split)!}/${fileName}`;
  await copyImages(job, imagePath, async (item) => {
    const text = labelFile(item, indices, task);
    if (text !== null)
      await job.output.writeText(`labels/${folders.get(item.split)!}/${item.sha256}.txt`, text);
  });
  await job.output.writeText('data.yaml', dataYaml(folders, classes, keypoints));
  const mistaken = [...itemsWhere(job, isFalseBackground)].map((item) => `${imagePath(item)}\n`);
  if (mistaken.length > 0) await job.output.writeText(WITHOUT_BOXES, mistaken.join(''));
}

const LOAD_BOXES: Usage = [
  'from ultralytics.data import YOLODataset, utils',
  'data = utils.check_det_dataset("data.yaml")',
  'dataset = {split: YOLODataset(data[split], data=data) for split in ("train", "val", "test") if data.get(split)}',
];
const LOAD_CLASSES: Usage = [
  'from pathlib import Path',
  'from torchvision.datasets import ImageFolder',
  'dataset = {split: ImageFolder(split, allow_empty=True) for split in ("train", "val", "test") if Path(split).exists()}',
];

/** Three lines that load it; `task` is Ultralytics' word for anything but detection. */
export const usageOf =
  (task?: 'segment' | 'pose') =>
  ({ dataset }: ExportJob): Usage => {
    if (!dataset.hasBoxes) return LOAD_CLASSES;
    const [imports, data, load] = LOAD_BOXES;
    return [imports, data, task ? load.replace('data=data)', `data=data, task="${task}")`) : load];
  };

const LOST = [
  'prompts, seeds and generators',
  'who decided what and when, the original names, roles and batches',
];

/** What no task of YOLO carries. */
export const LOSES = {
  withBoxes: [
    ...LOST,
    'the pixels of COCO boxes: they are written as fractions',
    'the label of an image whose boxes do not all carry it',
    'in most readers, whether an image was checked for boxes',
  ],
  withoutBoxes: [
    ...LOST,
    'that an image had no split: it is in train',
    'the order of classes for other readers, who number folders by name; class-folders.json keeps it',
  ],
};

/** The layout of all tasks; `lines` says what a label file holds. */
export const layoutOf = (lines: string): string =>
  `With boxes: data.yaml, images/<split>/<sha256>.<extension> and labels/<split>/<sha256>.txt${lines} for those that were looked at for boxes; without-boxes.txt names images with a label or boxes of which none is left. Without boxes: <split>/<label>/<sha256>.<extension>, as Ultralytics takes for classification, every class in every split; images without a split in train/, those without a label in _unlabelled/.`;
