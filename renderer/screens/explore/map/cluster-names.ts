import type { MapCluster } from '../../../../rpc/contract/maps.ts';
import type { Point } from './lasso.ts';

/** From this share on, a cluster is called by its commonest class. */
const MAINLY = 0.5;
/** Below this share it is not worth a name. */
const PARTLY = 0.25;
const LINE_PX = 15;
const LETTER_PX = 6.6;
const GAP_PX = 6;

interface PlacedName {
  key: string;
  title: string;
  /** Below the title, where there is more to say. */
  words: string;
  at: Point;
}

/** What a cluster is called: its class where most of it has one, and the words that tell its prompts apart. */
export function nameOf({ label, words }: MapCluster): { title: string; words: string } {
  const said = words.join(', ');
  if (label && label.share >= MAINLY) return { title: label.name, words: said };
  return said === ''
    ? { title: label && label.share >= PARTLY ? `partly ${label.name}` : '', words: '' }
    : { title: said, words: '' };
}

interface Size {
  width: number;
  height: number;
}

/** The names that find room on the screen, those of large clusters first; none lies on another one. */
export function placeNames(
  clusters: readonly MapCluster[],
  toScreen: (place: Point) => Point,
  size: Size,
): PlacedName[] {
  const taken: { left: number; right: number; top: number; bottom: number }[] = [];
  const placed: PlacedName[] = [];
  for (const cluster of clusters) {
    const { title, words } = nameOf(cluster);
    const [x, y] = toScreen([cluster.x, cluster.y]);
    const half = (Math.max(title.length, words.length) * LETTER_PX) / 2 + GAP_PX;
    const tall = (words === '' ? LINE_PX : 2 * LINE_PX) / 2 + GAP_PX / 2;
    const box = { left: x - half, right: x + half, top: y - tall, bottom: y + tall };
    const isOutside = box.left < 0 || box.right > size.width || box.top < 0 || box.bottom > size.height;
    const isCovered = taken.some(
      (other) =>
        box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top,
    );
    if (title === '' || isOutside || isCovered) continue;
    taken.push(box);
    placed.push({ key: `${cluster.x} ${cluster.y}`, title, words, at: [x, y] });
  }
  return placed;
}
