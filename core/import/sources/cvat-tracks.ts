import { addShape, isShape } from './cvat-shapes.ts';
import { entry, type SourceEntry } from './define.ts';
import { ImageBoxes } from './image-boxes.ts';
import type { ImageNames } from './image-names.ts';
import type { Reading } from './reading.ts';
import { splitInPath } from './splits.ts';
import { unreadable } from './untrusted.ts';
import { finite, type XmlElement } from './xml.ts';

/** Names that CVAT and ffmpeg give to the images of a video's frames. */
const NAMES: readonly ((frame: number) => string)[] = [
  (frame) => `frame_${String(frame).padStart(6, '0')}`,
  (frame) => `frame_${frame}`,
  (frame) => String(frame).padStart(6, '0'),
  (frame) => String(frame),
];

/**
 * Reads the tracks of CVAT for video as boxes of its frames. Throws `SOURCE_UNREADABLE` where the frames are not there as
 * images, since nothing else can be imported; boxes of single frames that are not there are skipped.
 */
export async function* readTracks(
  tracks: readonly XmlElement[],
  file: string,
  names: ImageNames,
  places: readonly string[],
  reading: Reading,
): AsyncGenerator<SourceEntry> {
  const frames = new Map<number, { boxes: ImageBoxes; line: number }>();
  for (const track of tracks) {
    for (const shape of track.children) {
      if (!isShape(shape) || shape.attributes['outside'] === '1') continue;
      const frame = finite(shape.attributes['frame']);
      if (!Number.isInteger(frame)) {
        reading.skip(file, shape.line, 'the shape has no frame.', track.attributes['id']);
        continue;
      }
      const found = frames.get(frame) ?? { boxes: new ImageBoxes(reading, file), line: shape.line };
      frames.set(frame, found);
      addShape(shape, found.boxes, {
        size: null,
        reading,
        file,
        track: { label: track.attributes['label'] ?? '', id: track.attributes['id'] },
      });
    }
  }
  const sorted = [...frames].sort(([a], [b]) => a - b);
  const paths = new Map<number, string>();
  for (const [frame] of sorted)
    for (const name of NAMES) {
      const path = await names.find(name(frame), places);
      if (path === null) continue;
      paths.set(frame, path);
      break;
    }
  if (paths.size === 0)
    throw unreadable(
      file,
      tracks[0]!.line,
      'these are tracks of a video, and its frames are not there as images (frame_000000.png and so on). Export the task with its images, or as "CVAT for images 1.1".',
    );
  for (const [frame, { boxes, line }] of sorted) {
    const path = paths.get(frame);
    if (path === undefined) {
      reading.skip(file, line, `there is no image of frame ${frame}.`);
      continue;
    }
    yield entry(path, { ...boxes.of(path), split: splitInPath(path) });
  }
}
