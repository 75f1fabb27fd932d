import type { DecodeOutcome } from '../../imaging/types.ts';
import { FILE_FIELDS } from '../../rpc/contract/fields.ts';
import type { Box } from '../base/boxes.ts';
import type { RecordedFile } from '../ledger/events.ts';
import type { ClassMapping } from './sources/class-map.ts';
import type { SourceEntry } from './sources/define.ts';

/** What an import records of one file. */
export function recordedFile(
  entry: SourceEntry,
  outcome: DecodeOutcome,
  times: { bytes: number; modifiedMs: number } | null,
  copied: boolean,
  mapping: ClassMapping,
): RecordedFile {
  const label = mapping.of(entry.label);
  return {
    path: entry.path,
    bytes: (outcome.ok ? outcome.bytes : times?.bytes) ?? undefined,
    modifiedMs: times?.modifiedMs,
    image: outcome.ok
      ? {
          sha256: outcome.sha256,
          format: outcome.format,
          width: outcome.width,
          height: outcome.height,
          copied,
        }
      : undefined,
    failure: outcome.ok ? undefined : { code: outcome.code, detail: outcome.detail },
    label: label ?? undefined,
    sourceLabel: label === entry.label ? undefined : (entry.label ?? undefined),
    ...Object.fromEntries(FILE_FIELDS.flatMap((id) => (entry[id] === null ? [] : [[id, entry[id]]]))),
    boxes: entry.boxes ? recordedBoxes(entry.boxes, mapping) : undefined,
  };
}

function recordedBoxes(boxes: Box[], mapping: ClassMapping): RecordedFile['boxes'] {
  return boxes.flatMap((box) => {
    const label = mapping.of(box.label);
    return label === null ? [] : [{ label, format: box.format, values: box.values.map(String) }];
  });
}
