export interface GifHeader {
  /** Of the screen, enlarged by frames that go beyond it: what the decoder makes room for. */
  width: number;
  height: number;
  frames: number;
  /** Whether the file has its end mark. */
  isWhole: boolean;
}

const IMAGE = 0x2c;
const EXTENSION = 0x21;
const END = 0x3b;

/** Bytes of the table of colours that a packed field announces. */
function tableBytes(packed: number): number {
  return (packed & 0x80) === 0 ? 0 : 3 << ((packed & 7) + 1);
}

/** Walks the blocks of a GIF without decoding any; null where its beginning is broken. */
export function readGif(bytes: Buffer): GifHeader | null {
  if (bytes.length < 13) return null;
  let [width, height] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
  let frames = 0;
  let at = 13 + tableBytes(bytes[10]!);
  /** Passes over blocks up to the empty one. */
  const skipBlocks = (): void => {
    while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at]!;
    at += 1;
  };
  while (at < bytes.length) {
    const kind = bytes[at]!;
    if (kind === EXTENSION) {
      at += 2;
      skipBlocks();
    } else if (kind === IMAGE && at + 10 <= bytes.length) {
      frames++;
      width = Math.max(width, bytes.readUInt16LE(at + 1) + bytes.readUInt16LE(at + 5));
      height = Math.max(height, bytes.readUInt16LE(at + 3) + bytes.readUInt16LE(at + 7));
      at += 10 + tableBytes(bytes[at + 9]!) + 1;
      skipBlocks();
    } else break;
  }
  if (width === 0 || height === 0) return null;
  return { width, height, frames, isWhole: at < bytes.length && bytes[at] === END };
}
