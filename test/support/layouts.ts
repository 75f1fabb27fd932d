import { colourOf } from '../../imaging/label-map.ts';
import { image, lines, type Fixture } from './sources/define.ts';
import { colourMap } from './sources/numbers.ts';

type Files = Fixture['files'];

/** `count` images `<folder>/<n>.<extension>`. */
function images(folder: string, count = 2, extension = 'png'): Files {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${folder}/${i}.${extension}`, image(i)]),
  );
}

/** The same text for each of two images. */
function each(folder: string, extension: string, text: string | Buffer): Files {
  return { [`${folder}/0${extension}`]: text, [`${folder}/1${extension}`]: text };
}

const VOC = (name: string): string =>
  `<annotation><folder>VOC</folder><filename>${name}.png</filename><size><width>24</width><height>16</height><depth>3</depth></size><segmented>0</segmented><object><name>cat</name><pose>Unspecified</pose><truncated>0</truncated><difficult>0</difficult><bndbox><xmin>2</xmin><ymin>3</ymin><xmax>10</xmax><ymax>9</ymax></bndbox></object></annotation>`;
const CVAT = `<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version><meta><task><name>t</name><labels><label><name>cat</name></label></labels></task></meta>
<image id="0" name="0.png" width="24" height="16"><box label="cat" source="manual" occluded="0" xtl="2.00" ytl="3.00" xbr="10.00" ybr="9.00" z_order="0"></box></image>
<image id="1" name="1.png" width="24" height="16"></image></annotations>`;
const KITTI = 'Car 0.00 0 -1.58 2.00 3.00 10.00 9.00 1.65 1.67 3.64 -0.65 1.71 46.70 -1.59\n';
const NUMPY = Buffer.from('\x93NUMPY\x01\0v\0{}', 'latin1');
const json = (value: object): string => JSON.stringify(value);
const coco = (prefix = ''): string =>
  json({
    info: {},
    licenses: [],
    categories: [{ id: 1, name: 'cat' }],
    images: [0, 1].map((id) => ({ id, file_name: `${prefix}${id}.png`, width: 24, height: 16 })),
    annotations: [{ id: 1, image_id: 0, category_id: 1, bbox: [2, 3, 8, 6], area: 48, iscrowd: 0 }],
  });

/** Datasets as they lie on people's disks, by name: what tools write, what archives unpack to, what is left over. */
export const LAYOUTS: Record<string, Files> = {
  'Pascal VOC': {
    ...images('JPEGImages'),
    'Annotations/0.xml': VOC('0'),
    'Annotations/1.xml': VOC('1'),
    'ImageSets/Main/train.txt': '0\n',
    'ImageSets/Main/val.txt': '1\n',
    ...images('SegmentationClass', 1),
  },
  KITTI: {
    ...images('training/image_2'),
    ...each('training/label_2', '.txt', KITTI),
    ...each('training/calib', '.txt', 'P0: 7.2e+02 0 6.0e+02 0 0 7.2e+02 1.7e+02 0 0 0 1 0\n'),
  },
  'CVAT for images': { ...images('images'), 'annotations.xml': CVAT },
  'CVAT YOLO 1.1': {
    ...images('obj_train_data'),
    'obj_train_data/0.txt': '0 0.5 0.5 0.25 0.5\n',
    'obj_train_data/1.txt': '',
    'obj.data': 'classes = 1\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n',
    'obj.names': 'cat\n',
    'train.txt': 'data/obj_train_data/0.png\ndata/obj_train_data/1.png\n',
  },
  'YOLO with nc only': {
    ...images('images'),
    ...each('labels', '.txt', '0 0.5 0.5 0.25 0.5\n'),
    'data.yaml': 'train: images\nval: images\nnc: 1\n',
  },
  'YOLO with classes.txt': {
    ...images('images'),
    ...each('labels', '.txt', '0 0.5 0.5 0.25 0.5\n'),
    'classes.txt': 'cat\n',
  },
  'YOLO labels without names': { ...images('images'), ...each('labels', '.txt', '0 0.5 0.5 0.25 0.5\n') },
  'COCO that starts with other keys, in Annotations/': {
    ...images('images'),
    'Annotations/person_keypoints.json': coco(),
  },
  'COCO beside val2017': { ...images('val2017'), 'annotations/instances_val2017.json': coco() },
  'COCO with paths of Windows': { ...images('data/pics'), 'set.json': coco('D:\\\\set\\\\pics\\\\') },
  LabelMe: {
    ...images('.'),
    ...each(
      '.',
      '.json',
      json({
        version: '5.4.1',
        flags: {},
        shapes: [
          {
            label: 'cat',
            points: [
              [2, 3],
              [10, 9],
            ],
            shape_type: 'rectangle',
          },
        ],
        imagePath: '0.png',
        imageData: null,
        imageHeight: 16,
        imageWidth: 24,
      }),
    ),
  },
  'Label Studio': {
    ...images('images'),
    'project-1.json': json([
      {
        id: 1,
        annotations: [{ result: [{ from_name: 'label', to_name: 'image', value: {} }] }],
        data: { image: '/data/upload/0.png' },
      },
    ]),
  },
  Supervisely: {
    ...images('ds0/img'),
    'meta.json': json({ classes: [{ title: 'cat', shape: 'rectangle' }], tags: [], projectType: 'images' }),
    'ds0/ann/0.png.json': json({
      size: { height: 16, width: 24 },
      objects: [
        {
          classTitle: 'cat',
          points: {
            exterior: [
              [2, 3],
              [10, 9],
            ],
            interior: [],
          },
        },
      ],
    }),
  },
  CARLA: {
    ...images('rgb'),
    ...images('depth'),
    ...each('semantic_segmentation', '.png', colourMap(colourOf(11, 0, 0), [colourOf(14, 0, 0), 2, 3, 8, 6])),
  },
  'CARLA with boxes': {
    ...images('rgb'),
    'bounding_boxes/0.json': json([
      {
        class: 'vehicle',
        extent: { x: 1, y: 1, z: 1 },
        verts: [
          [1, 2],
          [3, 4],
        ],
      },
    ]),
  },
  Replicator: {
    'rgb_0000.png': image(0),
    'rgb_0001.png': image(1),
    'bounding_box_2d_tight_0000.npy': NUMPY,
    'bounding_box_2d_tight_labels_0000.json': json({ 0: { class: 'cat' } }),
    'semantic_segmentation_0000.png': image(2),
  },
  'Replicator without pictures': {
    'bounding_box_2d_tight_0000.npy': NUMPY,
    'bounding_box_2d_tight_labels_0000.json': json({ 0: { class: 'cat' } }),
  },
  'KittiWriter of Replicator': {
    ...images('Camera/rgb'),
    ...each('Camera/object_detection', '.txt', KITTI),
  },
  'CocoWriter of Replicator': {
    'RenderProduct/rgb_Camera_ab.0000.png': image(0),
    'RenderProduct/panoptic_Camera_ab.0000.png': image(1),
    'coco_annotations_ab.json': json({
      info: { description: 'COCO dataset created with Omniverse Replicator' },
      images: [
        { file_name: 'RenderProduct/rgb_Camera_ab.0000.png', id: 0, height: 16, width: 24, license: 0 },
      ],
      annotations: [
        {
          id: 0,
          image_id: 0,
          bbox: [2, 3, 8, 6],
          area: 48,
          bbox_mode: 1,
          category_id: 17,
          iscrowd: 0,
          segmentation: [],
        },
      ],
      categories: [{ name: 'cat', id: 17, supercategory: 'animal', color: [255, 77, 255], isthing: 1 }],
      licenses: [],
    }),
  },
  SOLO: {
    'annotation_definitions.json': json({ annotationDefinitions: [] }),
    'sequence.0/step0.camera.png': image(0),
    'sequence.0/step0.frame_data.json': json({
      frame: 0,
      captures: [
        {
          '@type': 'type.unity.com/unity.solo.RGBCamera',
          filename: 'step0.camera.png',
          annotations: [
            {
              '@type': 'type.unity.com/unity.solo.BoundingBox2DAnnotation',
              values: [{ instanceId: 1, labelId: 1, labelName: 'cat', origin: [2, 3], dimension: [8, 6] }],
            },
          ],
        },
      ],
    }),
  },
  'Unity Perception before SOLO': {
    'RGB1/rgb_2.png': image(0),
    'Dataset1/captures_000.json': json({ version: '0.0.1', captures: [{ filename: 'RGB1/rgb_2.png' }] }),
  },
  BlenderProc: { '0.hdf5': '\x89HDF\r\n\x1a\n', '1.hdf5': '\x89HDF\r\n\x1a\n' },
  BOP: {
    ...images('000000/rgb'),
    ...images('000000/depth'),
    '000000/scene_gt.json': json({ 0: [{ cam_R_m2c: [1], obj_id: 1 }] }),
    '000000/scene_gt_info.json': json({ 0: [{ bbox_visib: [2, 3, 8, 6] }] }),
  },
  'BOP of several cameras': {
    ...images('000000/rgb_cam1'),
    '000000/scene_gt_cam1.json': json({ 0: [{ cam_R_m2c: [1], obj_id: 1 }] }),
  },
  'BlenderProc’s COCO': {
    ...images('coco_data/images'),
    'coco_data/coco_annotations.json': coco('images/'),
  },
  'Open Images': {
    ...images('train'),
    'train-annotations-bbox.csv':
      'ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded\n0,xclick,/m/01yrx,1,0.1,0.5,0.2,0.6,0\n',
  },
  'WIDER FACE': {
    ...images('WIDER_train/images/0--Parade', 2, 'jpg'),
    'wider_face_split/wider_face_train_bbx_gt.txt': '0--Parade/0.jpg\n1\n2 3 8 6 0 0 0 0 0 0\n',
  },
  CamVid: {
    ...images('train'),
    ...images('train_labels'),
    'class_dict.csv': 'name,r,g,b\nAnimal,64,128,64\n',
  },
  LFW: {
    ...images('Ada_Lovelace', 2, 'jpg'),
    ...images('Mary_Somerville', 1, 'jpg'),
    'pairs.txt': '10\t300\nAda_Lovelace\t1\t2\n',
  },
  VGGFace2: {
    ...images('train/n000002', 2, 'jpg'),
    ...images('train/n000003', 2, 'jpg'),
    'meta/identity_meta.csv': 'Class_ID, Name, Sample_Num, Flag, Gender\nn000002, "A", 2, 1, f\n',
    'train_list.txt': 'n000002/0.jpg\nn000003/0.jpg\n',
  },
  Cityscapes: {
    'leftImg8bit/train/ulm/ulm_000000_000019_leftImg8bit.png': image(0),
    'gtFine/train/ulm/ulm_000000_000019_gtFine_labelIds.png': image(1),
    'gtFine/train/ulm/ulm_000000_000019_gtFine_polygons.json': json({
      objects: [
        {
          label: 'car',
          polygon: [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        },
      ],
    }),
  },
  'Cityscapes without pictures': {
    'gtFine/train/ulm/ulm_000000_000019_gtFine_polygons.json': json({ objects: [] }),
    'ulm/0.png': image(0),
  },
  'Mapillary Vistas without instances': {
    ...images('training/images', 2, 'jpg'),
    ...images('training/v2.0/labels'),
    'config_v2.0.json': json({ labels: [{ name: 'animal--bird', color: [1, 2, 3] }] }),
  },
  DOTA: {
    ...images('images'),
    ...each(
      'labelTxt',
      '.txt',
      'imagesource:GoogleEarth\ngsd:0.14\n2.0 3.0 10.0 3.0 10.0 9.0 2.0 9.0 ship 0\n',
    ),
  },
  TFRecord: { 'train.tfrecord-00000-of-00002': 'x', 'train.tfrecord-00001-of-00002': 'x' },
  HDF5: { 'train.h5': '\x89HDF\r\n\x1a\n' },
  MATLAB: { ...images('jpg', 2, 'jpg'), 'imagelabels.mat': 'MATLAB 5.0 MAT-file' },
  'NumPy and pickles': { ...images('data'), 'labels.npy': NUMPY, 'meta.pkl': '\x80\x04.' },
  WebDataset: { 'train-000000.tar': 'x', 'train-000001.tar': 'x' },
  'Parquet with images': { 'data/train-00000-of-00001.parquet': 'PAR1' },
  'FiftyOne dataset': {
    ...images('data'),
    'metadata.json': json({ name: 'x', sample_fields: [] }),
    'samples.json': json({
      samples: [{ filepath: 'data/0.png', ground_truth: { _cls: 'Detections', detections: [] } }],
    }),
  },
  'COCO-like that is no COCO': {
    ...images('images'),
    'set.json': json({
      images: [{ path: '0.png' }],
      annotations: [{ img: 0, bbox: [1, 2, 3, 4], label: 'cat' }],
    }),
  },
  'a JSON array of boxes': {
    ...images('images'),
    'boxes.json': json([{ image: '0.png', label: 'cat', bbox: [1, 2, 3, 4] }]),
  },
  'results of a detector': {
    ...images('images'),
    'results.json': json([{ image_id: 0, category_id: 1, bbox: [1, 2, 3, 4], score: 0.9 }]),
  },
  'archives that were not unpacked': { 'images.zip': 'PK\x03\x04', 'labels.zip': 'PK\x03\x04' },
  'CSV with one row per box': {
    ...images('images'),
    'boxes.csv':
      'filename,width,height,class,xmin,ymin,xmax,ymax\n0.png,24,16,cat,2,3,10,9\n0.png,24,16,dog,1,1,5,5\n1.png,24,16,cat,0,0,4,4\n',
  },
  'CSV of Excel: semicolons and Windows-1252': {
    ...images('.'),
    'labels.csv': Buffer.from('path;label\r\n0.png;caf\xe9\r\n1.png;th\xe9\r\n', 'latin1'),
  },
  'CSV without header': { ...images('images'), 'labels.csv': 'images/0.png,cat\nimages/1.png,dog\n' },
  'class folders with captions and previews of a network drive': {
    ...images('cat'),
    ...images('dog'),
    'cat/0.txt': 'a photo of a cat, high quality',
    'cat/@eaDir/0.png/SYNOPHOTO_THUMB_M.jpg': image(0),
    'dog/Thumbs.db': 'x',
    'dog/scan.exr': 'x',
  },
  'JPEG under other names': {
    'cat/0.jfif': image(0),
    'cat/1.JPE': image(1),
    'dog/2.pjpeg': image(2),
    'dog/3.jpg_large': image(3),
    'dog/4f2a9c': image(4),
    'dog/notes': 'no image',
  },
  'generator output with settings beside': {
    ...images('.'),
    ...each('.', '.json', json({ prompt: 'a cat', seed: 4, steps: 20, sampler: 'euler', class: 'x' })),
  },
  'a lone folder of images': { ...images('images') },
  'images and masks': { ...images('images'), ...images('masks') },
  'left and right': { ...images('left'), ...images('right') },
  'classes below images/': { ...images('images/cat'), ...images('images/dog') },
  'classes below a folder of the dataset’s name': {
    ...images('chest_xray/train/NORMAL'),
    ...images('chest_xray/train/PNEUMONIA'),
    ...images('chest_xray/test/NORMAL', 1),
  },
  'classes below folders that are no known splits': {
    ...images('training_set/cats'),
    ...images('training_set/dogs'),
    ...images('test_set/cats'),
    ...images('test_set/dogs'),
  },
  'some folders named like splits': { ...images('train'), ...images('test1') },
  'ids and classes in a table': {
    ...images('train'),
    'labels.csv': 'id,breed\n0,pug\n1,boxer\n',
  },
  'facts of images beside class folders': {
    ...images('a1'),
    ...images('b1', 1),
    'HAM_metadata.csv': 'lesion_id,image_id,dx,dx_type,age\nL1,0,nv,histo,60\nL2,1,mel,histo,\n',
  },
  'facts of images in one folder': {
    ...images('images'),
    'project-1.csv': 'annotation_id,choice,id,image\n1,cat,1,/data/upload/1/0.png\n',
  },
  'names of images beside class folders': {
    ...images('cat'),
    ...images('dog'),
    'list.csv': 'file\ncat/0.png\n',
  },
  'names of images only': { ...images('images'), 'list.csv': 'file,text\nimages/0.png,a dog\n' },
  'prompts beside class folders': {
    ...images('cat'),
    'metadata.csv': 'file_name,prompt,camera\ncat/0.png,a cat,x\n',
  },
  'ids and labels in a table': {
    ...images('1'),
    'train/000a.jpg': image(2),
    'train/000b.jpg': image(3),
    'train.csv': 'id,label\n000a,pug\n000b,boxer\n',
  },
  'ids that are no images': {
    ...images('train'),
    'train.csv': 'id,label\n0,pug\n7,boxer\n',
  },
  'a form for predictions on other images': {
    ...images('train'),
    'sampleSubmission.csv': 'id,label\n7,0\n',
  },
  'a table of codes beside one folder': {
    ...images('train_images'),
    'train.csv': 'id_code,diagnosis\n0,2\n1,0\n',
  },
  'CUB-200': {
    ...images('images/001.Auk'),
    'images.txt': '1 001.Auk/0.png\n2 001.Auk/1.png\n',
    'image_class_labels.txt': '1 1\n2 1\n',
    'bounding_boxes.txt': '1 2.0 3.0 8.0 6.0\n2 2.0 3.0 8.0 6.0\n',
  },
  'a table under other names': { ...images('train'), 'train.csv': 'pic,species\n0.png,pug\n1.png,boxer\n' },
  'classes as columns of a table': {
    ...images('images'),
    'truth.csv': 'image,MEL,NV\n0,1.0,0.0\n1,0.0,1.0\n',
  },
  'a form for predictions': {
    ...images('train'),
    ...images('test1', 3),
    'sampleSubmission.csv': 'id,label\n2,0\n',
  },
  'labels and a form for predictions': {
    'train/a.png': image(0),
    'train/b.png': image(1),
    'test/c.png': image(2),
    'train.csv': 'image_id,label\na,pug\nb,boxer\n',
    'sample_submission.csv': 'image_id,label\nc,pug\n',
  },
  'facts of images as JSON Lines': {
    ...images('images'),
    'set.jsonl': lines({ image: '0.png', species: 'cat' }, { image: '1.png', species: 'dog', prompts: 2 }),
  },
  'ids and labels as JSON Lines': {
    ...images('images'),
    'set.jsonl': lines({ id: 0, label: 'cat' }, { id: '1', label: 'dog' }),
  },
  'tables in folders that are no splits': {
    ...images('a'),
    'a/boxes.csv': 'filename,class,xmin,ymin,xmax,ymax\n0.png,cat,1,2,3,4\n',
    ...images('b'),
  },
  'tables in the folders of splits': {
    ...images('train'),
    'train/_annotations.csv': 'filename,class,xmin,ymin,xmax,ymax\n0.png,cat,1,2,3,4\n',
    ...images('valid'),
    'valid/_annotations.csv': 'filename,class,xmin,ymin,xmax,ymax\n0.png,cat,1,2,3,4\n',
  },
  'anomalies of MVTec': {
    ...images('bottle/train/good'),
    ...images('bottle/test/broken'),
    ...images('cable/train/good'),
    ...images('cable/test/cut'),
    'bottle/ground_truth/broken/0_mask.png': image(3),
  },
  'splits, then images': { ...images('train/images'), ...images('val/images', 1) },
  'classes, then images': { ...images('train/n01/images'), ...images('train/n02/images') },
  'class folders below splits': { ...images('train/cat'), ...images('train/dog'), ...images('val/cat', 1) },
  'class folders and a list of class names': {
    ...images('cat'),
    ...images('dog'),
    'train.csv': 'image,label\ncat/0.png,cat\n',
    'weights.pt': 'x',
  },
  'JSON Lines': {
    ...images('.'),
    'set.jsonl': lines({ image: '0.png', label: 'cat' }, { image: '1.png', label: 'dog' }),
  },
  'Pascal VOC and COCO': {
    ...images('JPEGImages'),
    'Annotations/0.xml': VOC('0'),
    'Annotations/1.xml': VOC('1'),
    'instances.json': coco(),
  },
};
