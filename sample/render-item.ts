import { encodeImage } from '../imaging/encode.ts';
import { garble, nearCopy } from './artefacts.ts';
import { resize } from '../imaging/canvas.ts';
import { PART_CLASSES } from './classes.ts';
import { realFormat, type RealItem, type SyntheticItem } from './plan.ts';
import { a1111Parameters, request, type Request } from './prompts.ts';
import { Random } from '../imaging/random.ts';
import { photograph, type Shot } from './scene.ts';
import { STRANGERS } from './strangers.ts';

/** The generator's sizes, width x height. Cameras here crop to about the same. */
const BUCKETS = [
  [128, 128],
  [128, 128],
  [136, 120],
  [120, 136],
  [112, 112],
  [144, 144],
] as const;

export interface RenderedItem {
  bytes: Buffer;
  asked: Request;
  /** Note in answers.csv beside the kind of fault. */
  note: string;
}

/** Renders the file of one real photograph: a pure function of the set's seed and the item. */
export async function renderReal(seed: number, item: RealItem): Promise<Buffer> {
  const { picture } = shootReal(seed, item);
  const exif = { Make: 'Assay Optics', Model: 'BenchCam 3' };
  return realFormat(item) === 'png'
    ? encodeImage(picture.rgb, picture.width, picture.height, 'png')
    : encodeImage(picture.rgb, picture.width, picture.height, 'jpeg', { quality: 90, exif });
}

function shootReal(seed: number, item: RealItem): Shot {
  const random = new Random(seed, item.role, item.label, item.index);
  const width = 118 + random.integer(27);
  const height = Math.min(144, Math.max(112, width + random.integer(17) - 8));
  return photograph(random, PART_CLASSES[item.label].make, 'camera', width, height);
}

/** Renders the file of one synthetic image with its fault, if any: a pure function of the set's seed and the item. */
export async function renderSynthetic(seed: number, item: SyntheticItem): Promise<RenderedItem> {
  const random = new Random(seed, 'synthetic', item.index, 'file');
  if (item.source) return copySynthetic(seed, item, item.source, random);
  if (item.realSource) return copyReal(seed, item, item.realSource, random);
  const shot = shootSynthetic(seed, item);
  const asked = request(random, item.label, shot.material, shot.bench);
  if (item.artefact) shot.picture = garble(shot.picture, random, item.artefact);
  const bytes = await encode(item, shot, asked, random);
  if (item.breakage) return { ...breakFile(item, bytes, random), asked };
  return { bytes, asked, note: item.artefact ?? item.stranger ?? '' };
}

function shootSynthetic(seed: number, item: SyntheticItem): Shot {
  const random = new Random(seed, 'synthetic', item.index, 'scene');
  const [width, height] = random.pick(BUCKETS);
  const make = item.stranger ? STRANGERS[item.stranger]! : PART_CLASSES[item.shown ?? item.label].make;
  const mishap = item.fault === 'blurred' || item.fault === 'dark' ? item.fault : null;
  return photograph(random, make, 'generator', width, height, mishap);
}

function encode(item: SyntheticItem, shot: Shot, asked: Request, random: Random): Promise<Buffer> {
  const { rgb, width, height } = shot.picture;
  if (item.format === 'jpeg') {
    return encodeImage(rgb, width, height, 'jpeg', { quality: 86 + random.integer(7) });
  }
  const text = random.chance(0.7) ? { parameters: a1111Parameters(random, asked, width, height) } : {};
  return encodeImage(rgb, width, height, 'png', { text });
}

async function copySynthetic(
  seed: number,
  item: SyntheticItem,
  source: SyntheticItem,
  random: Random,
): Promise<RenderedItem> {
  if (item.fault === 'exact-duplicate') {
    const { bytes, asked } = await renderSynthetic(seed, source);
    return { bytes, asked, note: `same bytes as synthetic/${syntheticName(source)}` };
  }
  const shot = shootSynthetic(seed, source);
  const asked = request(random, item.label, shot.material, shot.bench);
  const altered = { ...shot, picture: nearCopy(shot.picture, random) };
  const bytes = await encode(item, altered, asked, random);
  return { bytes, asked, note: `altered copy of synthetic/${syntheticName(source)}` };
}

async function copyReal(
  seed: number,
  item: SyntheticItem,
  source: RealItem,
  random: Random,
): Promise<RenderedItem> {
  const shot = shootReal(seed, source);
  const asked = request(random, item.label, shot.material, shot.bench);
  if (item.sameBytes) {
    return { bytes: await renderReal(seed, source), asked, note: `same bytes as ${realPath(source)}` };
  }
  const { width, height } = shot.picture;
  const copy = resize(shot.picture, width + random.integer(7) - 3, height + random.integer(7) - 3);
  const quality = 78 + random.integer(10);
  const bytes = await encodeImage(copy.rgb, copy.width, copy.height, 'jpeg', { quality });
  return { bytes, asked, note: `re-encoded from ${realPath(source)}` };
}

function breakFile(item: SyntheticItem, bytes: Buffer, random: Random): { bytes: Buffer; note: string } {
  if (item.breakage === 'empty') return { bytes: Buffer.alloc(0), note: 'no bytes' };
  if (item.breakage === 'text') {
    return {
      bytes: Buffer.from(`HTTP 502: no image for job ${item.index}\n`),
      note: 'text under an image name',
    };
  }
  const kept = Math.floor(bytes.length * random.uniform(0.3, 0.7));
  return { bytes: bytes.subarray(0, kept), note: 'truncated' };
}

/** File name below `synthetic/`. */
export function syntheticName(item: SyntheticItem): string {
  return `img_${String(item.index).padStart(5, '0')}.${item.format === 'png' ? 'png' : 'jpg'}`;
}

/** Path below the sample's folder. */
export function realPath(item: RealItem): string {
  const name = String(item.index).padStart(3, '0');
  return `${item.role}/${item.label}/${name}.${realFormat(item) === 'png' ? 'png' : 'jpg'}`;
}
