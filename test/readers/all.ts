import { cocoByDatumaro, cocoByFiftyone, cocoByPycocotools, cocoBySupervision } from './coco.ts';
import { croissant } from './croissant.ts';
import { hfImagefolder, parquet } from './hf.ts';
import type { Judge } from './judges.ts';
import { csvByPandas, csvByPyarrow, jsonl } from './manifests.ts';
import {
  foldersByTorchvision,
  yoloByFiftyone,
  yoloBySupervision,
  yoloByUltralytics,
  yoloClassesByTorchvision,
  yoloClassesByUltralytics,
} from './yolo.ts';

/** Every reader of every release format. */
export const JUDGES: Judge[] = [
  hfImagefolder,
  parquet,
  croissant,
  jsonl,
  csvByPandas,
  csvByPyarrow,
  cocoByPycocotools,
  cocoBySupervision,
  cocoByDatumaro,
  cocoByFiftyone,
  yoloByUltralytics,
  yoloByFiftyone,
  yoloBySupervision,
  yoloClassesByUltralytics,
  yoloClassesByTorchvision,
  foldersByTorchvision,
];
