import { fitted, type Size } from './viewport.ts';

/** A decoded image that can be painted at once. */
export interface Picture extends Size {
  bitmap: ImageBitmap;
  /** Made smaller beforehand with care, for an image that is larger than the stage; null for all others. */
  whole: ImageBitmap | null;
}

const BYTES_PER_PIXEL = 4;

/**
 * How many of the images, the most urgent first, are held decoded within a budget of bytes; the first two always,
 * so that the next one is ready however large it is.
 */
export function affordable(sizes: readonly Size[], budgetBytes: number): number {
  let bytes = 0;
  for (const [i, { width, height }] of sizes.entries()) {
    bytes += width * height * BYTES_PER_PIXEL;
    if (bytes > budgetBytes && i >= 2) return i;
  }
  return sizes.length;
}

/** Holds the decoded images of the next few items, and lets go of all others. */
export class PictureCache {
  readonly #urlOf: (sha256: string) => string;
  readonly #decoded = new Map<string, Picture>();
  readonly #coming = new Map<string, Promise<Picture>>();
  #wanted = new Set<string>();
  /** Of the stage, in pixels of the screen. */
  #stage: Size | null = null;

  constructor(urlOf: (sha256: string) => string) {
    this.#urlOf = urlOf;
  }

  /** Says how large an image is shown as a whole, so that those to come are made ready for it. */
  prepareFor(stage: Size): void {
    this.#stage = stage;
  }

  /** Names what is worth holding, the most urgent first. */
  want(hashes: readonly string[]): void {
    this.#wanted = new Set(hashes);
    for (const [sha256, { bitmap, whole }] of this.#decoded)
      if (!this.#wanted.has(sha256)) {
        bitmap.close();
        whole?.close();
        this.#decoded.delete(sha256);
      }
    // The caller that asks for the image handles and shows the failure.
    for (const sha256 of hashes) this.get(sha256).catch(() => undefined);
  }

  /** The picture if it is decoded already. */
  ready(sha256: string): Picture | null {
    return this.#decoded.get(sha256) ?? null;
  }

  /** Rejects when the image cannot be loaded or decoded; asking again tries again. */
  get(sha256: string): Promise<Picture> {
    const ready = this.ready(sha256);
    if (ready) return Promise.resolve(ready);
    const coming = this.#coming.get(sha256) ?? this.#decode(sha256);
    this.#coming.set(sha256, coming);
    return coming;
  }

  close(): void {
    this.want([]);
  }

  async #decode(sha256: string): Promise<Picture> {
    try {
      const image = new Image();
      image.src = this.#urlOf(sha256);
      await image.decode();
      const bitmap = await createImageBitmap(image);
      const { width, height } = bitmap;
      const picture = { bitmap, width, height, whole: await this.#whole(bitmap) };
      if (this.#wanted.has(sha256)) this.#decoded.set(sha256, picture);
      return picture;
    } finally {
      this.#coming.delete(sha256);
    }
  }

  async #whole(bitmap: ImageBitmap): Promise<ImageBitmap | null> {
    if (!this.#stage) return null;
    const { scale } = fitted(this.#stage, bitmap);
    if (scale >= 1) return null;
    return createImageBitmap(bitmap, {
      resizeWidth: Math.max(Math.round(bitmap.width * scale), 1),
      resizeHeight: Math.max(Math.round(bitmap.height * scale), 1),
      resizeQuality: 'high',
    });
  }
}
