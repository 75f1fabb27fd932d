import { type ExportItem, type ExportJob, type Usage, defineExport } from './define.ts';
import { writeClassFolders } from './folder.ts';
import { copyImages, itemsWhere, survey, type Survey } from './items.ts';
import { isFalseBackground, labelFile, WITHOUT_BOXES } from './yolo-boxes.ts';
import { classFoldersOf, dataYaml, foldersOf } from './yolo-data.ts';
import { YoloCounter } from './yolo-counter.ts';

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

async function writeDetection(job: ExportJob, { classes, splits }: Survey): Promise<void> {
  const folders = foldersOf(splits);
  const indices = new Map(classes.map((name, index) => [name, index]));
  const imagePath = ({ split, fileName }: ExportItem): string => `images/${folders.get(split)!}/${fileName}`;
  await copyImages(job, imagePath, async (item) => {
    const text = labelFile(item, indices);
    if (text !== null)
      await job.output.writeText(`labels/${folders.get(item.split)!}/${item.sha256}.txt`, text);
  });
  await job.output.writeText('data.yaml', dataYaml(folders, classes));
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

const LOST = [
  'prompts, seeds and generators',
  'who decided what and when, the original names, roles and batches',
];

export default defineExport({
  id: 'yolo',
  title: 'YOLO',
  layout:
    'With boxes: data.yaml, images/<split>/<sha256>.<extension> and labels/<split>/<sha256>.txt for those that were looked at for boxes; without-boxes.txt names images with a label or boxes of which none is left. Without boxes: <split>/<label>/<sha256>.<extension>, as Ultralytics takes for classification, every class in every split; images without a split in train/, those without a label in _unlabelled/.',
  resaves: 'Ultralytics',
  loses: {
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
  },
  counter: (hasBoxes) => new YoloCounter(hasBoxes),
  usage: ({ dataset }) => (dataset.hasBoxes ? LOAD_BOXES : LOAD_CLASSES),
  oneLabel: true,
  source: 'yolo',
  async write(job) {
    const found = survey(job);
    if (found.hasBoxes) await writeDetection(job, found);
    else await writeClassification(job, found);
  },
});
