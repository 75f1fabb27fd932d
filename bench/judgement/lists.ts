/**
 * What may be chosen on, and what is for report only. A threshold, a model, a share or a size of the product is chosen
 * by figures of `choose` alone (`npm run bench -- --only judgement --choose`); figures of `report` say how well that
 * holds where nobody looked. Moving a name from `report` to `choose` is fine, once; never the other way.
 */
export const WORLDS = {
  choose: ['fruits', 'sample-2', 'digits', 'textures', 'patterns', 'drawings'],
  report: ['sample-3', 'photographs', 'garments', 'shoes', 'phantoms', 'solids'],
} as const;

/** Kinds of fault, by the id in `truth.csv`. Those of pixels, structure, text and copies are in `imaging/faults/`. */
export const FAMILIES = {
  choose: [
    'label-uniform',
    'label-alike',
    'foreign',
    'blur',
    'dark',
    'noise',
    'jpeg-blocks',
    'torn',
    'extra-parts',
    'foreign-part',
    'text',
    'near-copy',
    'reencode',
    'resize',
    'brightness',
    'contrast',
    'mirror',
    'rotate-90',
    'crop',
    'overlay-text',
    'copy-blur',
    'shifted',
  ],
  report: [
    'label-as-model',
    'motion',
    'bright',
    'banding',
    'melted',
    'wrong-scale',
    'watermark',
    'hue',
    'rotate-small',
    'border',
    'copy-noise',
    'two-at-once',
  ],
} as const;

export type WorldId = (typeof WORLDS)['choose' | 'report'][number];
export type Purpose = keyof typeof WORLDS;

export const WORLD_IDS: readonly WorldId[] = [...WORLDS.choose, ...WORLDS.report];

/** What figures of a world or a family are for. Throws on one that is in neither list. */
export function purposeOf(list: Record<Purpose, readonly string[]>, id: string): Purpose {
  if (list.choose.includes(id)) return 'choose';
  if (list.report.includes(id)) return 'report';
  throw new RangeError(`"${id}" is in neither list of bench/judgement/lists.ts: say what it is for`);
}

/**
 * The worlds to judge: those named, or all; with `chooseOnly`, of those that something may be chosen on. Throws on an
 * unknown name, and on a world for report only where something is to be chosen.
 */
export function worldsOf(named: readonly string[] | null, chooseOnly: boolean): WorldId[] {
  const allowed: readonly string[] = chooseOnly ? WORLDS.choose : WORLD_IDS;
  for (const id of named ?? []) {
    if (!WORLD_IDS.includes(id as WorldId)) throw new Error(`There is no world "${id}".`);
    if (!allowed.includes(id))
      throw new Error(
        `"${id}" is for report only: nothing may be chosen on it. Leave out --choose or this world.`,
      );
  }
  return [...(named ?? allowed)] as WorldId[];
}
