const PHOTOSHOP = 'Photoshop 3.0\0';
/** Photoshop's number for the block that holds IPTC's own records. */
const IPTC = 0x0404;
/** Record 2, data set 120: the caption. */
const CAPTION = 0x0278;

/** The IPTC block among the image resources of a JPEG's APP13 segment; null where there is none. */
function iptcBlock(segment: Buffer): Buffer | null {
  if (segment.toString('latin1', 0, PHOTOSHOP.length) !== PHOTOSHOP) return null;
  let at = PHOTOSHOP.length;
  while (at + 12 <= segment.length && segment.toString('latin1', at, at + 4) === '8BIM') {
    const id = segment.readUInt16BE(at + 4);
    const nameLength = segment[at + 6]! + 1;
    const sizeAt = at + 6 + nameLength + (nameLength % 2);
    if (sizeAt + 4 > segment.length) return null;
    const size = segment.readUInt32BE(sizeAt);
    const end = sizeAt + 4 + size;
    if (end > segment.length) return null;
    if (id === IPTC) return segment.subarray(sizeAt + 4, end);
    at = end + (size % 2);
  }
  return null;
}

/** The bytes of the caption in a JPEG's APP13 segment; null where there is none. Sizes are checked, nothing is decoded. */
export function iptcCaption(segment: Buffer): Buffer | null {
  const block = iptcBlock(segment);
  for (let at = 0; block && at + 5 <= block.length && block[at] === 0x1c;) {
    const end = at + 5 + block.readUInt16BE(at + 3);
    if (end > block.length) return null;
    if (block.readUInt16BE(at + 1) === CAPTION) return block.subarray(at + 5, end);
    at = end;
  }
  return null;
}
