import type { LeftKind } from '../../../rpc/contract/imports.ts';
import { labelOfBoxes, type Box } from '../../base/boxes.ts';
import { cleanName } from '../../base/class-name.ts';
import type { SourceEntry } from './define.ts';
import type { Reading } from './reading.ts';
import { faultOf } from './untrusted.ts';

/**
 * Gathers the boxes of one image from the records of one file. Every record goes through it, also one that gives no box:
 * an image whose records were all left out must not look like one in which somebody looked and found nothing, since a
 * detector is trained on that as a background.
 */
export class ImageBoxes {
  readonly #reading: Reading;
  readonly #file: string;
  readonly #boxes: Box[] = [];
  #faulty = false;
  #others = false;

  /** `file`: that of the records, absolute. */
  constructor(reading: Reading, file: string) {
    this.#reading = reading;
    this.#file = file;
  }

  add(box: Box): void {
    this.#boxes.push(box);
  }

  /** Leaves out a faulty record, as `Reading.skip` does. */
  skip(line: number | null, problem: string, id?: string | number): void {
    this.#reading.skip(this.#file, line, problem, id);
    this.#faulty = true;
  }

  /** Counts a record of an object that is not taken over as a box, as `Reading.leave` does. */
  leave(kind: LeftKind, name = ''): void {
    this.#reading.leave(kind, name, 1, this.#file);
    this.#others = true;
  }

  /** Runs what reads one part of the records, such as a file beside others: a fault costs that part, and gives null. */
  async part<T>(read: () => T | Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (error) {
      const { file, line, problem } = faultOf(error);
      this.#reading.skip(file, line, problem);
      this.#faulty = true;
      return null;
    }
  }

  /** Takes note of records that the reading was told of already: faulty ones, and objects that give no box. */
  note({ faulty = false, others = false }: { faulty?: boolean; others?: boolean }): void {
    this.#faulty ||= faulty;
    this.#others ||= others;
  }

  /**
   * What is known of the image at `path`, below the root: its boxes, null where it has records and none of them gives
   * one, and the class on which the boxes agree. To be called once, where the image is listed: it counts what was lost.
   */
  of(path: string): Pick<SourceEntry, 'boxes' | 'label'> {
    const known = this.known();
    if (this.#faulty) this.#reading.leave(known.boxes ? 'some-boxes' : 'all-boxes', '', 1, path);
    else if (!known.boxes) this.#reading.leave('no-boxes', '', 1, path);
    return known;
  }

  /** The same, before it is certain that the image is listed. */
  known(): Pick<SourceEntry, 'boxes' | 'label'> {
    const boxes = this.#boxes;
    const unknown = boxes.length === 0 && (this.#faulty || this.#others);
    return { boxes: unknown ? null : boxes, label: labelOfBoxes(boxes, cleanName) };
  }
}
