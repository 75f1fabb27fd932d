import { join } from 'node:path';
import { probe } from '../../imaging/probe.ts';
import { fitBoxes } from './fit-boxes.ts';
import { FitTally } from './fit-tally.ts';
import { PictureTally } from './picture-tally.ts';
import type { Source, SourceEntry } from './sources/define.ts';

/** Somebody waits, and a dataset that states sizes otherwise than its pictures have them mostly does so from the start. */
const MOST = 200;

/** Kinds of files that often hold several pictures. */
const HAS_PAGES = /\.(?:tiff?|gif|webp|avif)$/i;

/** Reads the headers of a dataset's first images that may not be what they seem, for a preview: their boxes, their pages. */
export class HeaderCheck {
  readonly #root: string;
  readonly #onShown: boolean;
  readonly #fits = new FitTally();
  readonly #pictures = new PictureTally();
  #read = 0;
  #more = false;

  constructor(root: string, source: Source | null) {
    this.#root = root;
    this.#onShown = source?.onShown === true;
  }

  async add({ path, boxes, stated }: SourceEntry): Promise<void> {
    const isBoxed = boxes?.some(({ format }) => stated || format === 'xywh-pixel') === true;
    if (!isBoxed && !HAS_PAGES.test(path)) return;
    this.#more = this.#read === MOST;
    if (this.#more) return;
    const image = await probe(join(this.#root, path));
    if (!image) return;
    this.#read += 1;
    this.#pictures.add({ path, image });
    if (boxes && isBoxed) this.#fits.add({ path, image, ...fitBoxes(boxes, stated, image, this.#onShown) });
  }

  /** What the import would say, of the images that were read. */
  notes(): string[] {
    const of = (what: string): string => (this.#more ? `Of the first ${MOST} images ${what}: ` : '');
    return [
      ...this.#fits.notes().map((note) => of('with boxes') + note),
      ...this.#pictures.notes(false).map((note) => of('whose headers were read') + note),
    ];
  }
}
