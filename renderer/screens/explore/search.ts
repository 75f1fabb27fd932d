import * as z from 'zod';
import {
  ImageFilterSchema,
  ImageSortSchema,
  type ImageFilter,
  type ImageSort,
} from '../../../rpc/contract/images.ts';

const MAX_SELECTED = 50;
const Hash = z.string().regex(/^[0-9a-f]{8,64}$/);

const Parts = {
  sort: ImageSortSchema,
  show: z.enum(['grid', 'split', 'map']),
  layout: z.enum(['pca', 'umap']),
  /** What the map is coloured by: `role`, `label`, `verdict` or a score's id. */
  colour: z.string().max(100),
  /** The image in the right rail. */
  image: Hash,
  /** Starts of the selected images' hashes, where they are few; `view` for all of the view. */
  selected: z.union([z.literal('view'), z.array(Hash).max(MAX_SELECTED)]),
};

/** The state of Explore, as the address holds it. */
export interface ExploreSearch {
  filter: ImageFilter;
  sort: ImageSort;
  show: 'grid' | 'split' | 'map';
  layout: 'pca' | 'umap';
  colour: string;
  image: string | null;
  selected: 'view' | string[];
}

export const DEFAULTS: ExploreSearch = {
  filter: {},
  sort: { by: 'added', order: 'ascending' },
  show: 'grid',
  layout: 'pca',
  colour: 'role',
  image: null,
  selected: [],
};

/** Reads an address part by part: what does not make sense is left out and named, the rest still holds. */
export function parseSearch(raw: Readonly<Record<string, unknown>>): {
  search: ExploreSearch;
  problems: string[];
} {
  const problems: string[] = [];
  const part = <K extends keyof typeof Parts>(name: K): ExploreSearch[K] => {
    if (raw[name] === undefined || raw[name] === null) return DEFAULTS[name];
    const parsed = Parts[name].safeParse(raw[name]);
    if (parsed.success) return parsed.data as ExploreSearch[K];
    problems.push(name);
    return DEFAULTS[name];
  };
  const filter = parseFilter(raw['filter'], problems);
  const search = {
    filter,
    sort: part('sort'),
    show: part('show'),
    layout: part('layout'),
    colour: part('colour'),
    image: part('image'),
    selected: part('selected'),
  };
  return { search, problems };
}

function parseFilter(raw: unknown, problems: string[]): ImageFilter {
  if (raw === undefined || raw === null) return {};
  const whole = ImageFilterSchema.safeParse(raw);
  if (whole.success) return tidy(whole.data);
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    problems.push('filter');
    return {};
  }
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    const parsed = ImageFilterSchema.safeParse({ [name]: value });
    if (parsed.success) kept[name] = value;
    else problems.push(`filter “${name}”`);
  }
  return tidy(ImageFilterSchema.parse(kept));
}

/** What the address should hold: only what differs from the beginning, so that plain links stay short. */
export function searchParams(search: ExploreSearch): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const name of Object.keys(DEFAULTS) as (keyof ExploreSearch)[]) {
    const value = name === 'filter' ? tidy(search.filter) : search[name];
    if (JSON.stringify(value) !== JSON.stringify(DEFAULTS[name])) params[name] = value;
  }
  return params;
}

/** What a saved view keeps: the address without what was chosen in it. */
export function linkOf(search: ExploreSearch): string {
  return JSON.stringify(searchParams({ ...search, image: null, selected: [] }));
}

/** What a saved view shows; parts of it that make no sense any more are left out. */
export function searchOf(link: string): ExploreSearch {
  try {
    return parseSearch(JSON.parse(link) as Record<string, unknown>).search;
  } catch {
    return DEFAULTS;
  }
}

/** The selection as an address holds it: nothing when it is too large to be written down. */
export function selectedParam(hashes: readonly string[]): string[] {
  const HEX_SHOWN = 16;
  return hashes.length > MAX_SELECTED ? [] : hashes.map((hash) => hash.slice(0, HEX_SHOWN));
}

/** Without the parts that restrict nothing, so that equal filters are written alike. */
export function tidy(filter: ImageFilter): ImageFilter {
  const kept = Object.entries(filter).filter(([, value]) => {
    if (value === undefined) return false;
    if (typeof value === 'string') return value.trim() !== '';
    if (Array.isArray(value)) return value.length > 0;
    return Object.keys(value).length > 0;
  });
  const tidied = Object.fromEntries(kept) as ImageFilter;
  if (!tidied.scores) return tidied;
  const bounds = Object.entries(tidied.scores).filter(([, [low, high]]) => low !== null || high !== null);
  const { scores: _, ...rest } = tidied;
  return bounds.length > 0 ? { ...rest, scores: Object.fromEntries(bounds) } : rest;
}
