import { EXPORTED_FIELDS, keyOf } from '../../../rpc/contract/fields.ts';
import type { ExportItem } from './define.ts';

/** The columns that table formats write, in this order, with their values; `path` is below the manifest's folder. */
export function toRecord(item: ExportItem, path: string): Record<string, string | number | null> {
  return {
    path,
    file_name: item.fileName,
    sha256: item.sha256,
    ...factsOf(item),
    original_path: item.originalPath,
    format: item.format,
    bytes: item.bytes,
    width: item.width,
    height: item.height,
  };
}

/** All that is known of an image beside its file: label and how it came to be, origin, generation. */
export function factsOf(item: ExportItem): Record<string, string | number | null> {
  return {
    label: item.label,
    given_label: item.givenLabel,
    origin: item.origin,
    reviewer: item.reviewer,
    decided_at: item.decidedAt,
    role: item.role,
    batch: item.batch,
    ...Object.fromEntries(EXPORTED_FIELDS.map((id) => [keyOf(id), item[id]])),
  };
}
