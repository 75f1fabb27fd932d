import type { PixelStats } from '../../../imaging/types.ts';
import { defineFacts, each, ofRun, type ColumnsOf } from './define.ts';

const columns = {
  /** Measures of the decoded pixels. */
  pixels: each<PixelStats>(),
  /** 32 x 32 RGB bytes of each picture (imaging/types.ts). */
  signatures: each<Uint8Array>(),
  width: each<number>(),
  height: each<number>(),
  /** Quartiles of sqrt(width * height) over the run. */
  sizeQ1: ofRun,
  sizeQ3: ofRun,
};
declare module './define.ts' {
  interface Facts extends ColumnsOf<typeof columns> {}
}

/** What the import measured of an image's pixels, and its size. */
export default defineFacts({
  id: 'pixels',
  columns,
  prepare: ({ store, frame: { sizeQ1, sizeQ3 } }) => ({
    block({ ids, images, copies }) {
      const pixels = ids.map((id, i) => {
        if (copies) return { ...copies[i]!.pixels, signature: copies[i]!.signature };
        const facts = store.facts.facts(id);
        if (!facts) throw new Error(`image ${id} has no pixel measures`);
        return { ...facts, singleChannel: facts.singleChannel === 1, greyPixels: facts.greyPixels === 1 };
      });
      return {
        pixels,
        signatures: pixels.map(({ signature }) => signature),
        width: images.map((image) => image.width),
        height: images.map((image) => image.height),
        sizeQ1,
        sizeQ3,
      };
    },
  }),
});
