import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { probe } from '../../imaging/probe.ts';
import type { ImportPreview } from '../../rpc/contract/imports.ts';
import { toRelative } from '../base/boxes.ts';
import { offerFound } from '../project/found-files.ts';
import { fitBoxes } from './fit-boxes.ts';
import { previewOutline } from './preview-outline.ts';
import type { SourceEntry } from './sources/define.ts';

const OF_CLASS = 3;
const MOST_CLASSES = 24;
/** The window gets the files as they are: larger ones would take too long. */
const MOST_BYTES = 12 * 1024 * 1024;
/** More boxes than this on a small picture are a blur. */
const MOST_BOXES = 60;

/** The first three pictures of each class of a preview, of at most 24 classes in the order in which they come. */
export class PreviewPictures {
  readonly #byClass = new Map<string | null, SourceEntry[]>();

  /** Takes an image of these classes, its label or those of its boxes, for the one that has the fewest pictures. */
  add(entry: SourceEntry, names: readonly string[]): void {
    const has = (name: string | null): number => this.#byClass.get(name)?.length ?? 0;
    const [name = null] = names.toSorted((a, b) => has(a) - has(b));
    const known = this.#byClass.get(name);
    if (known) {
      if (known.length < OF_CLASS) known.push(entry);
    } else if (this.#byClass.size < MOST_CLASSES) this.#byClass.set(name, [entry]);
  }

  /** Offers them to the project's windows, each with its boxes and outlines; what is no readable picture is left out. */
  async offer(folder: string, root: string): Promise<ImportPreview['pictures']> {
    const pictures = [];
    for (const [label, entries] of this.#byClass)
      for (const entry of entries) {
        const path = join(root, entry.path);
        const image = await probe(path);
        if (!image || (await stat(path)).size > MOST_BYTES) continue;
        const boxes = fitBoxes(entry.boxes ?? [], entry.stated, image).boxes.slice(0, MOST_BOXES);
        pictures.push({
          file: path,
          label,
          path: entry.path,
          boxes: boxes.map((box) => {
            const [x, y, width, height] = toRelative(box, image.width, image.height);
            const rings = previewOutline(box, image);
            return { label: box.label, x: x - width / 2, y: y - height / 2, width, height, rings };
          }),
        });
      }
    const ids = offerFound(
      folder,
      pictures.map(({ file }) => file),
    );
    return pictures.map(({ label, path, boxes }, i) => ({ id: ids[i]!, label, path, boxes }));
  }
}
