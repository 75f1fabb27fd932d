import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { colourOf } from '../../../imaging/label-map.ts';
import { contents } from './source-files.ts';

/** Names by number, and numbers by colour. */
export interface Tags {
  names: readonly string[];
  /** The tag of a colour of a class map: raw in its red channel, or in the colours of CityScapesPalette. */
  of: (colour: number) => number | undefined;
  /** Whether they come from a file of the set. */
  isOwn: boolean;
}

/** carla.CityObjectLabel of 0.9.14 and newer (LibCarla, ObjectLabel.h), in order, with the colours of its converter. */
const TAGS: readonly [name: string, red: number, green: number, blue: number][] = [
  ['None', 0, 0, 0],
  ['Roads', 128, 64, 128],
  ['Sidewalks', 244, 35, 232],
  ['Buildings', 70, 70, 70],
  ['Walls', 102, 102, 156],
  ['Fences', 190, 153, 153],
  ['Poles', 153, 153, 153],
  ['TrafficLight', 250, 170, 30],
  ['TrafficSigns', 220, 220, 0],
  ['Vegetation', 107, 142, 35],
  ['Terrain', 152, 251, 152],
  ['Sky', 70, 130, 180],
  ['Pedestrians', 220, 20, 60],
  ['Rider', 255, 0, 0],
  ['Car', 0, 0, 142],
  ['Truck', 0, 0, 70],
  ['Bus', 0, 60, 100],
  ['Train', 0, 80, 100],
  ['Motorcycle', 0, 0, 230],
  ['Bicycle', 119, 11, 32],
  ['Static', 110, 190, 160],
  ['Dynamic', 170, 120, 50],
  ['Other', 55, 90, 80],
  ['Water', 45, 60, 150],
  ['RoadLines', 157, 234, 50],
  ['Ground', 81, 0, 81],
  ['Bridge', 150, 100, 100],
  ['RailTrack', 230, 150, 140],
  ['GuardRail', 180, 165, 180],
];

/** Classes whose instances are objects; of all others an instance is a piece of a mesh. */
const THINGS =
  /^(?:pedestrian|person|rider|vehicle|car|truck|bus|train|motorcycle|bicycle|traffic ?light|traffic ?sign)(?:e?s)?$/i;

/** Names of tags that are no class. */
const NONE = /^(?:none|unlabell?ed|any)$/i;

export function isThing(name: string): boolean {
  return THINGS.test(name.replaceAll(/[-_]/g, ' '));
}

export function isNone(name: string): boolean {
  return NONE.test(name);
}

/** The tags of a set: those of its `classes.txt`, one name in each line from tag 0 on, else those of CARLA 0.9.14 and newer. */
export async function tagsOf(root: string): Promise<Tags> {
  const file = (await contents(root)).find(({ name }) => /^classes\.txt$/i.test(name));
  if (file) {
    const text = await readFile(join(root, file.name), 'utf8');
    const names = text
      .replace(/^\uFEFF/, '')
      .trimEnd()
      .split(/\r?\n/)
      .map((name) => name.trim());
    return { names, of: (colour) => rawTag(colour, names.length), isOwn: true };
  }
  const byColour = new Map(TAGS.map(([, red, green, blue], tag) => [colourOf(red, green, blue), tag]));
  return {
    names: TAGS.map(([name]) => name),
    of: (colour) => rawTag(colour, TAGS.length) ?? byColour.get(colour),
    isOwn: false,
  };
}

/** The tag in the red channel of a colour whose other channels are empty. */
function rawTag(colour: number, count: number): number | undefined {
  const red = Math.floor(colour / 2 ** 24);
  return red < count && [0, 255].some((alpha) => colour === colourOf(red, 0, 0, alpha)) ? red : undefined;
}
