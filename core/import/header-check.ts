import { join } from 'node:path';
import { probe } from '../../imaging/probe.ts';
import { fitBoxes } from './fit-boxes.ts';
import { FitTally } from './fit-tally.ts';
import type { SourceEntry } from './sources/define.ts';

/** Somebody waits, and a dataset that states sizes otherwise than its pictures have them mostly does so from the start. */
const MOST = 200;

/** Compares the boxes of a dataset's first images with the headers of the files, for a preview. */
export class HeaderCheck {
  readonly #root: string;
  readonly #tally = new FitTally();
  #read = 0;
  #more = false;

  constructor(root: string) {
    this.#root = root;
  }

  async add({ path, boxes, stated }: SourceEntry): Promise<void> {
    if (!boxes?.some(({ format }) => stated || format === 'xywh-pixel')) return;
    this.#more = this.#read === MOST;
    if (this.#more) return;
    const image = await probe(join(this.#root, path));
    if (!image) return;
    this.#read += 1;
    this.#tally.add({ path, image, ...fitBoxes(boxes, stated, image) });
  }

  /** What the import would say, of the images that were read. */
  notes(): string[] {
    const of = this.#more ? `Of the first ${MOST} images with boxes: ` : '';
    return this.#tally.notes().map((note) => of + note);
  }
}
