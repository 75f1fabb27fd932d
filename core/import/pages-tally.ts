import { counted } from '../../rpc/format.ts';

/** Counts files that hold several pictures, of which the import takes the first. */
export class PagesTally {
  #files = 0;
  #example = '';

  add({ path, image }: { path: string; image?: { pages?: number | undefined } | undefined }): void {
    const pages = image?.pages ?? 1;
    if (pages === 1) return;
    this.#files += 1;
    this.#example ||= path;
  }

  /** A sentence, where there are any. */
  notes(): string[] {
    if (this.#files === 0) return [];
    const files = counted(this.#files, 'file has', 'files have');
    return [
      `${files} several pages or frames: the first is the image, the others are left behind. For instance, ${this.#example}.`,
    ];
  }
}
