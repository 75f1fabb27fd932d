import { linkOf, searchOf } from './search.ts';
import { expect, test } from 'vitest';
import { DEFAULTS, parseSearch, searchParams, selectedParam, tidy, type ExploreSearch } from './search.ts';

const full: ExploreSearch = {
  filter: {
    batches: ['night-drive'],
    labels: ['cat', null],
    scores: { margin: [null, 0.2] },
    lasso: {
      layout: 'umap',
      polygon: [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    },
  },
  sort: { by: 'margin', order: 'ascending' },
  show: 'split',
  layout: 'umap',
  colour: 'label',
  image: 'ab'.repeat(32),
  selected: ['0123456789abcdef'],
};

test('an address gives back what was written into it', () => {
  const written = JSON.parse(JSON.stringify(searchParams(full))) as Record<string, unknown>;
  expect(parseSearch(written)).toEqual({ search: full, problems: [] });
});

test('the beginning needs no parameters', () => {
  expect(searchParams(DEFAULTS)).toEqual({});
  expect(parseSearch({})).toEqual({ search: DEFAULTS, problems: [] });
});

test('broken parts are named and left out, and the others hold', () => {
  const { search, problems } = parseSearch({
    filter: { batches: ['a'], roles: ['nobody'], unheard: 1 },
    sort: 'sideways',
    show: 'map',
    image: 'not a hash',
  });
  expect(search).toEqual({ ...DEFAULTS, filter: { batches: ['a'] }, show: 'map' });
  expect(problems).toEqual(['filter “roles”', 'filter “unheard”', 'sort', 'image']);
});

test('a filter that is no object at all is left out', () => {
  expect(parseSearch({ filter: '{"batches":' })).toEqual({ search: DEFAULTS, problems: ['filter'] });
  expect(parseSearch({ filter: [1] })).toEqual({ search: DEFAULTS, problems: ['filter'] });
});

test('parts that restrict nothing are dropped', () => {
  expect(tidy({ batches: [], prompt: '  ', scores: { a: [null, null], b: [0, null] } })).toEqual({
    scores: { b: [0, null] },
  });
  expect(tidy({ scores: { a: [null, null] } })).toEqual({});
});

test('a selection too large for an address is left out whole, never cut', () => {
  const hashes = Array.from({ length: 51 }, (_, i) => i.toString(16).padStart(64, '0'));
  expect(selectedParam(hashes)).toEqual([]);
  expect(selectedParam(hashes.slice(0, 50))).toHaveLength(50);
});

test('a saved view keeps filter, order and map, not what was chosen; what makes no sense is left out', () => {
  const search: ExploreSearch = {
    ...DEFAULTS,
    filter: {
      labels: ['gear'],
      lasso: {
        layout: 'umap',
        polygon: [
          [0, 0],
          [1, 0],
          [0, 1],
        ],
      },
    },
    sort: { by: 'entropy', order: 'descending' },
    show: 'map',
    colour: 'entropy',
    image: 'ab'.repeat(32),
    selected: 'view',
  };
  expect(searchOf(linkOf(search))).toEqual({ ...search, image: null, selected: [] });
  expect(searchOf('{"show":"cinema","colour":"role"}')).toEqual(DEFAULTS);
  expect(searchOf('not json')).toEqual(DEFAULTS);
});
