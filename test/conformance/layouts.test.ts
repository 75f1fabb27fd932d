import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { detectOrNamed } from '../../core/import/detect.ts';
import { Reading } from '../../core/import/sources/reading.ts';
import { DecodePool } from '../../imaging/decode-pool.ts';
import { leftWords } from '../../rpc/contract/imports.ts';
import { LAYOUTS } from '../support/layouts.ts';
import { writeFixture } from '../support/sources/write.ts';

interface Understood {
  source: string;
  /** Labels of the whole images and of boxes with their numbers, of some images. */
  images: Record<string, unknown[]>;
  left?: string[];
}
/** Read by a source that refuses it as a whole: nothing is guessed. */
interface Faulty {
  source: string;
  throws: RegExp;
}
type Expected = Faulty | Understood | { refused: RegExp } | { asks: RegExp; choices: string[] };

const BOX = 'cat 2 3 8 6';
const BOTH = ['class-folders', 'flat-folder'];

/** For every layout: how it is read, or what the refusal names. */
const EXPECTED: Record<string, Expected> = {
  'Pascal VOC': {
    source: 'voc',
    images: { 'JPEGImages/0.png': ['cat', BOX], 'JPEGImages/1.png': ['cat', BOX] },
    left: ['1 mask file'],
  },
  KITTI: {
    source: 'kitti',
    images: { 'training/image_2/0.png': ['Car', 'Car 2 3 8 6'] },
    left: ['2 files .txt'],
  },
  'CVAT for images': {
    source: 'cvat-xml',
    images: { 'images/0.png': ['cat', BOX], 'images/1.png': [null] },
  },
  'Pascal VOC and COCO': {
    asks: /read in several ways.*coco: .*voc: /s,
    choices: ['coco', 'voc', 'class-folders'],
  },
  'YOLO with classes.txt': {
    source: 'yolo',
    images: {
      'images/0.png': ['cat', 'cat 0.5 0.5 0.25 0.5'],
      'images/1.png': ['cat', 'cat 0.5 0.5 0.25 0.5'],
    },
  },
  'CVAT YOLO 1.1': {
    source: 'yolo',
    images: { 'obj_train_data/0.png': ['cat', 'cat 0.5 0.5 0.25 0.5'], 'obj_train_data/1.png': [null] },
  },
  'YOLO with nc only': {
    source: 'yolo',
    images: { 'images/0.png': ['class_0', 'class_0 0.5 0.5 0.25 0.5'] },
  },
  'YOLO labels without names': { refused: /one file for each image.*labels\/0\.txt.*classes\.txt/ },
  'COCO that starts with other keys, in Annotations/': {
    source: 'coco',
    images: { 'images/0.png': ['cat', BOX], 'images/1.png': [null] },
  },
  'COCO beside val2017': { source: 'coco', images: { 'val2017/0.png': ['cat', BOX] } },
  'COCO with paths of Windows': { source: 'coco', images: { 'data/pics/0.png': ['cat', BOX] } },
  'some folders named like splits': { asks: /only some.*"train" beside "test1"/, choices: BOTH },
  'ids and classes in a table': {
    refused:
      /^No column of labels\.csv is called label\. Its columns are id, breed\. Rename the one that holds the class, perhaps breed, to label\. For images without labels .*--source csv-manifest/,
  },
  'facts of images beside class folders': {
    asks: /folders that can be classes, and HAM_metadata\.csv\. No column of HAM_metadata\.csv is called label\. Its columns are lesion_id, image_id, dx, dx_type, age\. Rename .*perhaps dx, to label\. .*--source class-folders.*--source csv-manifest/,
    choices: ['class-folders', 'csv-manifest'],
  },
  'facts of images in one folder': {
    refused: /Its columns are annotation_id, choice, id, image\. Rename .* perhaps choice, to label/,
  },
  'names of images beside class folders': {
    asks: /Its only column is file\. Add a column label/,
    choices: ['class-folders', 'csv-manifest'],
  },
  'names of images only': {
    source: 'csv-manifest',
    images: { 'images/0.png': [null] },
    left: ['1 value in the column "text"', '1 image that no annotation file lists'],
  },
  'prompts beside class folders': {
    source: 'hf-imagefolder',
    images: { 'cat/0.png': [null] },
    left: ['1 value in the column "camera"', '1 image that no annotation file lists'],
  },
  'ids and labels in a table': {
    source: 'csv-manifest',
    images: { 'train/000a.jpg': ['pug'], 'train/000b.jpg': ['boxer'] },
    left: ['2 images that no annotation file lists'],
  },
  'ids that are no images': {
    refused: /train\.csv\. No column of train\.csv is called path\. Its columns are id, label\. Not every id/,
  },
  'a form for predictions on other images': {
    refused: /By its name, sampleSubmission\.csv is a form for predictions\./,
  },
  'a table of codes beside one folder': {
    refused: /columns are id_code, diagnosis[\s\S]*Rename/,
  },
  'CUB-200': { refused: /look like CUB-200/ },
  'a table under other names': {
    refused:
      /Its columns are pic, species\. Rename the one that names the images to path\. Rename .*perhaps species, to label/,
  },
  'classes as columns of a table': {
    refused: /Its columns are image, MEL, NV\. MEL, NV hold only 0 and 1\. .*_classes\.csv/,
  },
  'a form for predictions': {
    asks: /one table could be the labels\..*sampleSubmission\.csv: Its columns are id, label\. It names 1 of 5 images\. .*form for predictions\.\nOr choose Folder of images/s,
    choices: ['flat-folder'],
  },
  'labels and a form for predictions': {
    asks: /several tables.*sample_submission\.csv: .* It names 1 of 3 images\..*train\.csv: Its columns are image_id, label\. It names 2 of 3 images\.\n/s,
    choices: ['flat-folder'],
  },
  'facts of images as JSON Lines': {
    refused: /set\.jsonl is called label\. Its columns are image, species, prompts\. .*perhaps species/,
  },
  'ids and labels as JSON Lines': {
    source: 'jsonl-manifest',
    images: { 'images/0.png': ['cat'], 'images/1.png': ['dog'] },
  },
  'tables in the folders of splits': {
    source: 'split-tables',
    images: { 'train/0.png': ['cat', 'cat 1 2 2 2'], 'valid/0.png': ['cat', 'cat 1 2 2 2'] },
    left: ['2 images that no annotation file lists'],
  },
  'tables in folders that are no splits': { refused: /a\/boxes\.csv.*import the folder of each/ },
  LabelMe: { refused: /LabelMe.*0\.json, 1\.json.*labelme2coco/ },
  'Label Studio': { refused: /Label Studio.*project-1\.json.*as COCO/ },
  Supervisely: { refused: /Supervisely.*meta\.json.*as COCO/ },
  CARLA: {
    source: 'carla',
    images: { 'rgb/0.png': [null, 'Sky 0 0 24 16', 'Car 2 3 8 6'] },
    left: ['2 files that look like masks or depth maps of the images beside them'],
  },
  'CARLA with boxes': { refused: /CARLA.*bounding_boxes\/0\.json/ },
  Replicator: { source: 'replicator', throws: /bounding_box_2d_tight_0000\.npy: the file is cut off/ },
  'Replicator without pictures': { refused: /Replicator.*bounding_box_2d_tight_0000\.npy.*rgb=True/ },
  'CocoWriter of Replicator': {
    source: 'coco',
    images: { 'RenderProduct/rgb_Camera_ab.0000.png': ['cat', BOX] },
    left: [
      '1 value in the column "supercategory"',
      '1 value in the column "color"',
      '1 value in the column "isthing"',
      '1 image that no annotation file lists',
    ],
  },
  'KittiWriter of Replicator': {
    source: 'kitti',
    images: { 'Camera/rgb/0.png': ['Car', 'Car 2 3 8 6'], 'Camera/rgb/1.png': ['Car', 'Car 2 3 8 6'] },
  },
  SOLO: { source: 'solo', images: { 'sequence.0/step0.camera.png': ['cat', BOX] } },
  'Unity Perception before SOLO': { refused: /before SOLO.*captures_000\.json.*datasetinsights/ },
  BlenderProc: { refused: /HDF5.*0\.hdf5, 1\.hdf5.*write_coco_annotations/ },
  BOP: {
    source: 'bop',
    images: { '000000/rgb/0.png': ['1', '1 2 3 8 6'] },
    left: [
      '2 files that look like masks or depth maps of the images beside them',
      '1 image that no annotation file lists',
    ],
  },
  'BOP of several cameras': { refused: /BOP of several cameras.*scene_gt_cam1\.json.*Keep one camera/ },
  'BlenderProc’s COCO': { source: 'coco', images: { 'coco_data/images/0.png': ['cat', BOX] } },
  'Open Images': { refused: /Open Images.*train-annotations-bbox\.csv/ },
  'WIDER FACE': { refused: /WIDER FACE.*wider_face_train_bbx_gt\.txt.*Datumaro/ },
  CamVid: { refused: /CamVid.*class_dict\.csv/ },
  LFW: { refused: /LFW.*pairs\.txt.*--source class-folders/ },
  VGGFace2: { refused: /VGGFace2.*identity_meta\.csv.*--source class-folders/ },
  Cityscapes: {
    source: 'cityscapes',
    images: {
      'leftImg8bit/train/ulm/ulm_000000_000019_leftImg8bit.png': ['car', 'car 1 2 4 4'],
    },
  },
  'Cityscapes without pictures': {
    refused: /Cityscapes without pictures.*gtFine_polygons\.json.*leftImg8bit/,
  },
  'Mapillary Vistas without instances': { refused: /Mapillary.*config_v2\.0\.json.*instances/ },
  DOTA: { refused: /DOTA.*labelTxt\/0\.txt/ },
  TFRecord: { refused: /TFRecord.*train\.tfrecord-00000-of-00002/ },
  HDF5: { refused: /HDF5.*train\.h5/ },
  MATLAB: { refused: /MATLAB.*imagelabels\.mat.*loadmat/ },
  'NumPy and pickles': { refused: /labels\.npy/ },
  WebDataset: { refused: /tar archive.*train-000000\.tar.*Unpack/ },
  'Parquet with images': { refused: /Parquet.*train-00000-of-00001\.parquet/ },
  'FiftyOne dataset': { refused: /FiftyOne.*samples\.json.*COCODetectionDataset/ },
  'COCO-like that is no COCO': {
    source: 'coco',
    throws: /set\.json, line 1: an annotation without `image_id`/,
  },
  'a JSON array of boxes': {
    source: 'jsonl-manifest',
    throws: /boxes\.json: the numbers in `bbox` can be read in several ways.*bbox_xywh/,
  },
  'results of a detector': { refused: /results of a detector.*results\.json/ },
  'archives that were not unpacked': {
    refused: /not unpacked.*images\.zip, labels\.zip\. Unpack it first\.$/,
  },
  'CSV with one row per box': {
    source: 'csv-manifest',
    images: { 'images/0.png': [null, BOX, 'dog 1 1 4 4'], 'images/1.png': ['cat', 'cat 0 0 4 4'] },
  },
  'CSV of Excel: semicolons and Windows-1252': {
    source: 'csv-manifest',
    images: { '0.png': ['café'], '1.png': ['thé'] },
  },
  'CSV without header': {
    source: 'csv-manifest',
    images: { 'images/0.png': ['cat'], 'images/1.png': ['dog'] },
  },
  'class folders with captions and previews of a network drive': {
    source: 'class-folders',
    images: { 'cat/0.png': ['cat'], 'dog/1.png': ['dog'] },
    left: ['2 previews that a network drive made', '1 caption', '1 file .exr'],
  },
  'JPEG under other names': {
    source: 'class-folders',
    images: {
      'cat/0.jfif': ['cat'],
      'cat/1.JPE': ['cat'],
      'dog/2.pjpeg': ['dog'],
      'dog/3.jpg_large': ['dog'],
      'dog/4f2a9c': ['dog'],
    },
    left: ['1 file without extension'],
  },
  'generator output with settings beside': {
    source: 'flat-folder',
    images: { '0.png': [null], '1.png': [null] },
    left: ['2 files .json'],
  },
  'a lone folder of images': { source: 'flat-folder', images: { 'images/0.png': [null] } },
  'images and masks': { asks: /"images", "masks"/, choices: BOTH },
  'left and right': { asks: /"left", "right".*import one of the folders/, choices: BOTH },
  'classes below images/': {
    asks: /one folder, "images", and in it "cat", "dog".*import .*images;/,
    choices: BOTH,
  },
  'classes below a folder of the dataset’s name': {
    asks: /one folder, "chest_xray", and in it "test", "train".*import .*chest_xray;/,
    choices: BOTH,
  },
  'classes below folders that are no known splits': {
    asks: /folders "test_set", "training_set" in which the same folders lie: "cats", "dogs"/,
    choices: BOTH,
  },
  'anomalies of MVTec': {
    asks: /folders "bottle", "cable" in which the same folders lie: "test", "train"/,
    choices: BOTH,
  },
  'splits, then images': {
    source: 'flat-folder',
    images: { 'train/images/0.png': [null], 'val/images/0.png': [null] },
  },
  'classes, then images': { source: 'class-folders', images: { 'train/n01/images/0.png': ['n01'] } },
  'class folders below splits': { source: 'class-folders', images: { 'val/cat/0.png': ['cat'] } },
  'class folders and a list of class names': {
    source: 'csv-manifest',
    images: { 'cat/0.png': ['cat'] },
    left: ['3 images that no annotation file lists'],
  },
  'JSON Lines': { source: 'jsonl-manifest', images: { '0.png': ['cat'], '1.png': ['dog'] } },
};

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'assay-layouts-'));
});
const maps = new DecodePool({ workers: 1 });
afterAll(async () => {
  await maps.close();
  await rm(scratch, { recursive: true, force: true });
});

test('every layout has its expectation', () => {
  expect(Object.keys(EXPECTED).sort()).toEqual(Object.keys(LAYOUTS).sort());
});

/** The layouts whose expectation has this fact. */
function having<K extends string>(fact: K): [string, Extract<Expected, Record<K, unknown>>][] {
  return Object.entries(EXPECTED).flatMap(([name, expected]) =>
    fact in expected ? [[name, expected as Extract<Expected, Record<K, unknown>>]] : [],
  );
}

async function detected(name: string) {
  const root = await writeFixture(join(scratch, name.replace(/\W+/g, '-')), { files: LAYOUTS[name]! });
  const { verdict, source, why, possible } = await detectOrNamed(root, 'auto');
  const reading = new Reading(root, { strict: true, maps });
  const images: Record<string, unknown[]> = {};
  const list = async (): Promise<void> => {
    for await (const { path, label, boxes } of source!.list(root, reading))
      images[path] = [label, ...(boxes ?? []).map((box) => [box.label, ...box.values].join(' '))];
  };
  const choices = possible.map(({ id }) => id);
  return { said: [verdict, source?.id ?? why], choices, reading, images, list };
}

test.each(having('images'))('%s is read rightly', async (name, expected) => {
  const { said, list, images, reading } = await detected(name);
  expect(said).toEqual(['understood', expected.source]);
  await list();
  expect(images).toMatchObject(expected.images);
  expect(reading.result().left.map(leftWords)).toEqual(expected.left ?? []);
});

test.each(having('throws'))('%s is refused by its source', async (name, expected) => {
  const { said, list } = await detected(name);
  expect(said).toEqual(['understood', expected.source]);
  await expect(list()).rejects.toThrow(expected.throws);
});

test.each(having('refused'))('%s is refused', async (name, expected) => {
  const { said } = await detected(name);
  expect(said).toEqual(['not-understood', expect.stringMatching(expected.refused)]);
});

test.each(having('asks'))('%s is asked about', async (name, expected) => {
  const { said, choices } = await detected(name);
  expect(said).toEqual(['ambiguous', expect.stringMatching(expected.asks)]);
  expect(choices).toEqual(expected.choices);
});
