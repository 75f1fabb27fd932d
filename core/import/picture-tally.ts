import { counted } from '../../rpc/format.ts';

/** A file, as it is listed or recorded. */
interface Pictured {
  path: string;
  image?: { format: string; pages?: number | undefined } | undefined;
}

/** Counts files that hold several pictures, of which the import takes the first, and DICOM files, which are never copied. */
export class PictureTally {
  readonly #several = { files: 0, example: '' };
  #dicom = 0;

  add({ path, image }: Pictured): void {
    if (image?.format === 'dicom') this.#dicom += 1;
    if ((image?.pages ?? 1) === 1) return;
    this.#several.files += 1;
    this.#several.example ||= path;
  }

  /** A sentence for each. `copies`: whether the import copies originals into the project. */
  notes(copies: boolean): string[] {
    const { files, example } = this.#several;
    const notes: string[] = [];
    if (files > 0)
      notes.push(
        `${counted(files, 'file has', 'files have')} several pages or frames: the first is the image, the others are left behind. For instance, ${example}.`,
      );
    if (copies && this.#dicom > 0)
      notes.push(
        `${counted(this.#dicom, 'DICOM file is', 'DICOM files are')} not copied into the project, since such files name patients: keep the originals where they are.`,
      );
    return notes;
  }
}
