/** A kind of picture that is known and not read. */
interface UnreadPicture {
  name: string;
  /** Of its files, in lower case with the dot. */
  extensions: readonly string[];
  /** What makes a PNG of a file of this name. */
  convert: string;
}

/** Kinds that people have, each with a command that converts a file. Other kinds are told by their name alone. */
const UNREAD_PICTURES: readonly UnreadPicture[] = [
  {
    name: 'HEIC',
    extensions: ['.heic', '.heif', '.hif'],
    convert: 'heif-convert photo.heic photo.png',
  },
  { name: 'JPEG XL', extensions: ['.jxl'], convert: 'djxl photo.jxl photo.png' },
  {
    name: 'JPEG 2000',
    extensions: ['.jp2', '.j2k', '.jpx', '.j2c', '.jpf'],
    convert: 'opj_decompress -i photo.jp2 -o photo.png',
  },
  { name: 'PSD', extensions: ['.psd', '.psb'], convert: 'magick "photo.psd[0]" photo.png' },
  {
    name: 'a camera raw file',
    extensions: ['.cr2', '.cr3', '.nef', '.arw', '.dng', '.raf', '.orf', '.rw2', '.pef', '.srw'],
    convert: 'darktable-cli photo.nef photo.png',
  },
];

/** The command that makes a PNG of a kind, by its name; null where none is known. */
export function converterOf(name: string): string | null {
  return UNREAD_PICTURES.find((kind) => kind.name === name)?.convert ?? null;
}

/** The kind whose files have an extension (lower case, with the dot); null for any other. */
export function unreadByExtension(extension: string): UnreadPicture | null {
  return UNREAD_PICTURES.find(({ extensions }) => extensions.includes(extension)) ?? null;
}
