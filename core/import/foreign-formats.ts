/** A format of annotations that no source reads. A file is of it if its path and its text fit; one may be left out. */
export interface ForeignFormat {
  name: string;
  /** Fits the path below the folder, with `/`. */
  path?: RegExp;
  /** Fits the first 64 KiB. */
  text?: RegExp;
  /** What reads or converts it, as a sentence. */
  remedy: string;
}

const COCO = 'converts it to COCO, which Assay reads';

/** The more specific of two that fit comes first. */
export const FOREIGN_FORMATS: readonly ForeignFormat[] = [
  {
    name: 'NVIDIA Omniverse Replicator, without pictures or labels of them',
    path: /(?:^|\/)(?:bounding_box_[23]d_\w*|(?:semantic|instance)_segmentation(?:_labels)?(?:_mapping)?|skeleton_data)_\d+\.(?:npy|json|png)$/i,
    remedy:
      'Write the set with rgb=True and bounding_box_2d_tight, semantic_segmentation or instance_segmentation, and keep their JSON files.',
  },
  {
    name: 'Unity Perception before SOLO',
    path: /(?:^|\/)(?:captures_\d+|(?:annotation|sensor|metric)_definitions)\.json$/i,
    remedy: `Unity’s datasetinsights ${COCO}; Perception 0.11 and newer write SOLO, which Assay reads too.`,
  },
  {
    name: 'BOP of several cameras, or without scene_gt.json',
    path: /(?:^|\/)scene_(?:gt|gt_info|camera)(?:_\w+)?\.json$/i,
    remedy:
      'Keep one camera, with its files under the names scene_gt.json, scene_gt_info.json, rgb and mask_visib.',
  },
  {
    name: 'Cityscapes without pictures *_leftImg8bit.png',
    path: /(?:^|\/)[^/]+_(?:labelIds|labelTrainIds|instanceIds|instanceTrainIds|gtFine_color|gtCoarse_color|gtFine_polygons|gtCoarse_polygons|panoptic)\.(?:png|json)$/,
    remedy: 'Put the folder leftImg8bit with the pictures beside gtFine, under their own names.',
  },
  {
    name: 'Mapillary Vistas without maps of instances',
    path: /(?:^|\/)(?:config_v[\d.]+\.json$|v[\d.]+\/(?:polygons|instances|labels|panoptic)\/)/,
    remedy:
      'Import the folder that holds config_v2.0.json and training, with the folders images and instances in it.',
  },
  {
    name: 'CamVid (masks by colour)',
    path: /(?:^|\/)(?:label_colors\.txt|class_dict\.csv)$|_L\.png$/,
    remedy: `Datumaro (format camvid) ${COCO}.`,
  },
  {
    name: 'LFW lists of pairs or people',
    path: /(?:^|\/)(?:pairs|people|matchpairs|mismatchpairs|lfw-names)(?:Dev)?(?:Train|Test)?\.(?:txt|csv)$/i,
    remedy:
      'Its folders are the people: with Class folders (--source class-folders) they become the classes.',
  },
  {
    name: 'VGGFace2',
    path: /(?:^|\/)(?:identity_meta\.csv|loose_(?:bb|landmark)_\w+\.csv|bb_landmark\/|(?:train|test)_list\.txt)/i,
    remedy:
      'Its folders are the people: with Class folders (--source class-folders) they become the classes.',
  },
  {
    name: 'WIDER FACE',
    path: /(?:^|\/)wider_face_\w+\.(?:txt|mat)$/i,
    remedy: `Datumaro (format wider_face) ${COCO}.`,
  },
  {
    name: 'WIDER FACE',
    text: /^[^\n]+\.jpe?g\r?\n\d+\r?\n(?:\d+ ){9}\d/i,
    remedy: `Datumaro (format wider_face) ${COCO}.`,
  },
  {
    name: 'Open Images',
    path: /\.csv$/i,
    text: /^"?ImageID"?,.*\b(?:LabelName|XMin|Confidence)\b/,
    remedy: `FiftyOne (OpenImagesV7Dataset) ${COCO}.`,
  },
  {
    name: 'CelebA',
    path: /(?:^|\/)list_(?:attr|bbox|landmarks|eval)\w*\.(?:txt|csv)$/i,
    remedy: 'Write a CSV with the columns path and label from it.',
  },
  {
    name: 'DOTA (rotated boxes)',
    path: /\.txt$/i,
    text: /^(?:imagesource:|gsd:)|^(?:-?[\d.]+ ){8}[A-Za-z][\w-]* [0-2]\s*$/m,
    remedy: `The DOTA development kit ${COCO}; the rotation is lost.`,
  },
  {
    name: 'LabelMe',
    path: /\.json$/i,
    text: /"shapes"\s*:[\s\S]*"(?:imagePath|imageData|shape_type)"|"(?:imagePath|imageData)"\s*:[\s\S]*"shapes"\s*:/,
    remedy: `labelme2coco ${COCO}.`,
  },
  {
    name: 'VGG Image Annotator',
    path: /\.(?:json|csv)$/i,
    text: /"shape_attributes"|"_via_\w+"|region_shape_attributes/,
    remedy: 'Export from VIA as COCO.',
  },
  {
    name: 'Label Studio',
    path: /\.json$/i,
    text: /"from_name"\s*:|"rectanglelabels"|"polygonlabels"|"annotation_id"[\s\S]*"annotator"/,
    remedy: 'Export from Label Studio as COCO, YOLO or Pascal VOC.',
  },
  {
    name: 'Supervisely',
    path: /\.json$/i,
    text: /"classTitle"|"projectType"|"geometryType"/,
    remedy: 'Export from Supervisely as COCO.',
  },
  {
    name: 'a FiftyOne dataset',
    path: /(?:^|\/)(?:samples|metadata|frames)\.json$/i,
    text: /"_cls"|"filepath"\s*:|"sample_fields"/,
    remedy: 'Export from FiftyOne as COCODetectionDataset or YOLOv5Dataset.',
  },
  {
    name: 'BDD100K or Scalabel',
    path: /\.json$/i,
    text: /"(?:box2d|box3d|poly2d)"\s*:/,
    remedy: `Scalabel’s to_coco ${COCO}.`,
  },
  {
    name: 'CUB-200',
    path: /(?:^|\/)(?:image_class_labels|train_test_split|bounding_boxes|part_locs)\.txt$/i,
    remedy: 'Write a CSV with the columns path, label and split from it.',
  },
  {
    name: 'CARLA',
    path: /(?:^|\/)(?:[^/]*carla[^/]*|\d+_(?:bboxes?|boxes|objects|labels)|bounding_boxes?)(?:\/[^/]+)?\.(?:json|txt|csv|xml)$/i,
    remedy: 'Let the script that records from CARLA write COCO, KITTI or Pascal VOC.',
  },
  {
    name: 'results of a detector (predictions, no annotations)',
    path: /\.json$/i,
    text: /^\s*\[\s*\{(?=[^}]*"image_id")(?=[^}]*"score")/,
    remedy: 'Import the dataset that they were made on; its own JSON names the images.',
  },
  {
    name: 'ImageNet lists',
    path: /(?:^|\/)(?:ILSVRC\w*_ground_truth\.txt|LOC_\w+\.(?:csv|txt)|LOC_synset_mapping\.txt)$/,
    remedy: 'Write a CSV with the columns path and label from it.',
  },
  {
    name: 'TFRecord',
    path: /\.(?:tfrecords?|record)(?:-\d+-of-\d+)?(?:\.gz)?$/i,
    remedy: 'Write its records out as images with a CSV or COCO file, with tensorflow_datasets.',
  },
  {
    name: 'HDF5 (BlenderProc and others)',
    path: /\.(?:h5|hdf5|he5)$/i,
    remedy: 'Write its images out as PNG; BlenderProc does so with write_coco_annotations.',
  },
  {
    name: 'a WebDataset or another tar archive',
    path: /\.(?:tar|tgz|tar\.\w{2,3})$/i,
    remedy: 'Unpack it first.',
  },
  { name: 'an archive that was not unpacked', path: /\.(?:zip|7z|rar)$/i, remedy: 'Unpack it first.' },
  {
    name: 'Parquet',
    path: /\.parquet$/i,
    remedy:
      'If its rows hold the images, write them out with the datasets library: save each image, and a metadata.csv with file_name and label.',
  },
  {
    name: 'Arrow',
    path: /\.(?:arrow|feather)$/i,
    remedy:
      'Load it with the datasets library and save each image, and a metadata.csv with file_name and label.',
  },
  {
    name: 'MATLAB',
    path: /\.mat$/i,
    remedy: 'Read it with scipy.io.loadmat and write a CSV with the columns path and label.',
  },
  {
    name: 'NumPy',
    path: /\.np[yz]$/i,
    remedy: 'Read it with numpy.load and write a CSV with the columns path and label.',
  },
  {
    name: 'Python pickles',
    path: /\.(?:pkl|pickle)(?:\.gz)?$/i,
    remedy: 'Assay never opens pickles, which can run programs. Write a CSV with the columns path and label.',
  },
  {
    name: 'a database of images (LMDB, RecordIO, IDX, CIFAR)',
    path: /\.(?:mdb|lmdb|rec|idx|lst)$|-ubyte(?:\.gz)?$|(?:^|\/)(?:data|test)_batch(?:_\d|\.bin|$)/i,
    remedy: 'Write its images out as PNG, with a CSV of the columns path and label.',
  },
];
