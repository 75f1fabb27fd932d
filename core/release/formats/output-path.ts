import { AssayError } from '../../../rpc/errors.ts';

/** Device names that Windows reserves, with any extension. */
export const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?:\.|$)/i;
const MAX_SEGMENT_BYTES = 255;

/** Equal for names that a file system may confuse because of case or Unicode normalisation. */
export function collisionKey(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/**
 * Checks that every file system can hold a path below an export's folder: forward slashes, no empty, `.` or `..` part,
 * nothing that Windows forbids or rewrites. Throws `EXPORT_REFUSED` naming the path.
 */
export function checkOutputPath(path: string): void {
  const bad = path.split('/').find((part) => !isPortable(part));
  if (bad === undefined) return;
  throw new AssayError(
    'EXPORT_REFUSED',
    `The export would write ${JSON.stringify(path)}, whose part ${JSON.stringify(bad)} is not a portable file name.`,
    { path },
  );
}

function isPortable(part: string): boolean {
  return (
    part !== '' &&
    // oxlint-disable-next-line no-control-regex
    !/[\0-\x1f\x7f<>:"|?*\\]/.test(part) &&
    !/[. ]$/.test(part) &&
    !RESERVED.test(part) &&
    part.isWellFormed() &&
    Buffer.byteLength(part) <= MAX_SEGMENT_BYTES
  );
}
