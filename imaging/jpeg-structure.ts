/**
 * The outline of a JPEG: its frame, its scans and where it ends. Lengths come from the file and are not trusted; every
 * step goes forward, so the number of bytes bounds the walk.
 */

interface Scan {
  /** Ids of the components that it refines. */
  components: number[];
  /** Where its spectral selection and approximation begin: three bytes. */
  parametersAt: number;
}

export interface JpegStructure {
  /** Second byte of the frame's marker (0xc0 to 0xcf); null where there is no frame. */
  frame: { type: number; precision: number; height: number; components: number[] } | null;
  scans: Scan[];
  /** Offset of the end marker; null where the file ends without one. */
  end: number | null;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/** SOF0 to SOF15 without DHT (c4), JPG (c8) and DAC (cc), which share the range; JPEG-LS has a frame of its own (f7). */
function isFrame(marker: number): boolean {
  return (
    marker === 0xf7 || ((marker & 0xf0) === 0xc0 && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
  );
}

/** Whether a marker has no length: stuffed zero, TEM, restarts, start. */
function standsAlone(marker: number): boolean {
  return marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= SOI);
}

/** Component ids in the table that a frame's or scan's header holds. */
function idsOf(table: Buffer, count: number, size: number): number[] {
  return Array.from({ length: Math.min(count, Math.floor(table.length / size)) }, (_, i) => table[i * size]!);
}

export function structureOf(jpeg: Buffer): JpegStructure {
  const found: JpegStructure = { frame: null, scans: [], end: null };
  let at = 2;
  for (;;) {
    at = jpeg.indexOf(0xff, at);
    if (at < 0 || at + 1 >= jpeg.length) return found;
    const marker = jpeg[at + 1]!;
    if (marker === EOI) return { ...found, end: at };
    if (marker === 0xff) at += 1;
    else if (standsAlone(marker)) at += 2;
    else {
      if (at + 4 > jpeg.length) return found;
      const end = at + 2 + Math.max(2, jpeg.readUInt16BE(at + 2));
      if (end > jpeg.length) return found;
      const data = jpeg.subarray(at + 4, end);
      if (isFrame(marker) && !found.frame && data.length >= 6) {
        found.frame = {
          type: marker,
          precision: data[0]!,
          height: data.readUInt16BE(1),
          components: idsOf(data.subarray(6), data[5]!, 3),
        };
      } else if (marker === SOS && data.length >= 4) {
        const components = idsOf(data.subarray(1, -3), data[0]!, 2);
        found.scans.push({ components, parametersAt: end - 3 });
      }
      at = end;
    }
  }
}

const PROGRESSIVE = [0xc2, 0xca];

export function isProgressive({ frame }: JpegStructure): boolean {
  return frame !== null && PROGRESSIVE.includes(frame.type);
}

/**
 * Whether the scans together hold the whole picture: every component, and in a progressive file every coefficient to
 * its last bit. That the last of them is whole, only decoding tells.
 */
export function hasAllScans(jpeg: Buffer, structure: JpegStructure): boolean {
  const { frame, scans } = structure;
  if (!frame) return false;
  if (!isProgressive(structure)) {
    const seen = new Set(scans.flatMap(({ components }) => components));
    return frame.components.every((id) => seen.has(id));
  }
  const missing = new Map(frame.components.map((id) => [id, new Uint8Array(64).fill(0xff)]));
  for (const { components, parametersAt } of scans) {
    const [first, last, bits] = jpeg.subarray(parametersAt, parametersAt + 3);
    for (const id of components) missing.get(id)?.fill(bits! & 0x0f, first, last! + 1);
  }
  return [...missing.values()].every((coefficients) => coefficients.every((bits) => bits === 0));
}

/**
 * What kind of JPEG it is where no decoder here reads that kind; null for the usual ones, arithmetic coding among them.
 */
export function unusualKind({ frame }: JpegStructure): string | null {
  if (!frame) return null;
  if (frame.type === 0xf7) return 'JPEG-LS';
  if ([0xc3, 0xcb].includes(frame.type)) return 'a lossless JPEG';
  if (![0xc0, 0xc1, 0xc9, ...PROGRESSIVE].includes(frame.type)) return 'a hierarchical JPEG';
  if (frame.precision !== 8) return `a JPEG of ${frame.precision} bits per colour`;
  return frame.height === 0 ? 'a JPEG that states its height only after the picture' : null;
}
