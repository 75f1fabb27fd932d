import { structureOf } from '../../../imaging/jpeg-structure.ts';
import { counted } from '../../../rpc/format.ts';
import type { Export } from './define.ts';

/**
 * Counts the JPEG files of a release that do not end with their end marker. They are read here, and copied as they are;
 * other readers refuse or rewrite some of them.
 */
export class JpegEnds {
  #without = 0;
  #passed = 0;

  add(jpeg: Uint8Array): void {
    const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
    const { end } = structureOf(bytes);
    if (end === null) this.#without += 1;
    else if (bytes.readUInt16BE(bytes.length - 2) !== 0xffd9) this.#passed += 1;
  }

  /** What readers make of these files, in sentences; empty where all end as they should. */
  warnings({ resaves }: Pick<Export, 'resaves'>): string[] {
    const said: string[] = [];
    if (this.#without > 0)
      said.push(
        `${counted(this.#without, 'JPEG file lacks its', 'JPEG files lack their')} end marker: Pillow, and what reads with it, can refuse such a file as truncated; \`ImageFile.LOAD_TRUNCATED_IMAGES = True\` makes it read on.`,
      );
    if (this.#passed > 0 && resaves !== undefined)
      said.push(
        `${counted(this.#passed, 'JPEG file has', 'JPEG files have')} bytes after the end marker: ${resaves} saves such a file anew in this folder, with other bytes, when it first reads it.`,
      );
    return said;
  }
}
