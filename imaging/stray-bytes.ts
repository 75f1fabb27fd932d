/** Whether a segment's content is beside the pixels: APPn or COM. */
function isMetadata(marker: number): boolean {
  return (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;
}

/**
 * A JPEG without the bytes that some cameras and editors leave between metadata segments, which strict decoding
 * refuses; null where there are none. Stray bytes after a segment that shapes the pixels are not touched: there they
 * are what is left of a damaged table, and dropping them would pass wrong pixels for right ones.
 */
export function withoutStrayBytes(jpeg: Buffer): Buffer | null {
  const kept = [jpeg.subarray(0, 2)];
  let at = 2;
  let mayHaveStrays = true;
  while (at + 4 <= jpeg.length) {
    const marker = jpeg.indexOf(0xff, at);
    if (marker < 0 || marker + 4 > jpeg.length || (marker > at && !mayHaveStrays)) return null;
    const type = jpeg[marker + 1]!;
    if (type === 0xda) {
      kept.push(jpeg.subarray(marker));
      const size = kept.reduce((sum, part) => sum + part.length, 0);
      return size < jpeg.length ? Buffer.concat(kept) : null;
    }
    if (type === 0xff) {
      at = marker + 1;
      continue;
    }
    const end = marker + 2 + jpeg.readUInt16BE(marker + 2);
    kept.push(jpeg.subarray(marker, end));
    mayHaveStrays = isMetadata(type);
    at = end;
  }
  return null;
}
