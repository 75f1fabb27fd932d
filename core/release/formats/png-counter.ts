import { isPlain } from '../../../imaging/types.ts';
import { counted } from '../../../rpc/format.ts';
import type { ExportItem, LossCounter } from './define.ts';

/** Counts the images that a release has as PNGs of what was shown, by what their files are. */
export class PngCounter implements LossCounter {
  readonly #kinds = new Map<string, number>();

  add({ asPng, format }: ExportItem): void {
    if (!asPng) return;
    const kind = `${isPlain(format) ? 'turned ' : ''}${format === 'webp' ? 'WebP' : format.toUpperCase()}`;
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
  }

  result(): string[] {
    const total = [...this.#kinds.values()].reduce((sum, count) => sum + count, 0);
    if (total === 0) return [];
    const kinds = [...this.#kinds].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${kind} ${count}`);
    return [
      `the ${total === 1 ? 'file' : 'files'} of ${counted(total, 'image')} (${kinds.join(', ')}): a PNG of what was shown is written instead, upright, of 8 bits, of a first page or frame, since not every reader takes such a file, or turns it as its EXIF orientation says`,
    ];
  }
}
