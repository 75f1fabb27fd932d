import { expect, test } from 'vitest';
import type { ImageRow } from '../../../../rpc/contract/images.ts';
import { RowPages } from './row-pages.ts';

const row = (id: number, verdict: ImageRow['verdict'] = null): ImageRow => ({
  id,
  sha256: id.toString(16).padStart(64, '0'),
  path: `${id}.png`,
  batch: 'a',
  role: 'synthetic',
  width: 64,
  height: 64,
  givenLabel: null,
  value: id / 10,
  verdict,
  label: null,
  flags: [],
  tags: [],
  stratum: null,
});

interface Asked {
  offset: number;
  limit: number;
  signal: AbortSignal;
  answer: (rows?: ImageRow[]) => void;
  fail: (error: unknown) => void;
}

/** A view of so many rows whose answers the test gives when it likes. */
function pagesOf(total: number, options: { maxPages?: number; maxInFlight?: number } = {}) {
  const asked: Asked[] = [];
  const pages = new RowPages(
    (offset, limit, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<ImageRow[]>();
      const rows = Array.from({ length: limit }, (_, i) => row(offset + i));
      asked.push({ offset, limit, signal, answer: (given = rows) => resolve(given), fail: reject });
      return promise;
    },
    { total, pageSize: 10, ...options },
  );
  return { pages, asked };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test('what is in sight comes first, then what lies ahead, and the last page is as short as the view', async () => {
  const { pages, asked } = pagesOf(35, { maxInFlight: 2 });
  pages.want(12, 28, 1, 2);
  expect(asked.map(({ offset, limit }) => [offset, limit])).toEqual([
    [10, 10],
    [20, 10],
  ]);
  asked[0]?.answer();
  await settled();
  expect(asked[2]).toMatchObject({ offset: 30, limit: 5 });
  expect(pages.at(12)?.id).toBe(12);
  expect(pages.at(22)).toBeUndefined();
});

test('going back, the pages before come next, and the one that was left comes last', () => {
  const { pages, asked } = pagesOf(1000, { maxInFlight: 5 });
  pages.want(500, 520, -1, 2);
  expect(asked.map(({ offset }) => offset)).toEqual([510, 500, 490, 480, 520]);
});

test('pages that were passed are called off, or never asked for', async () => {
  const { pages, asked } = pagesOf(10_000, { maxInFlight: 1 });
  for (let first = 0; first < 5000; first += 50) pages.want(first, first + 10);
  const live = asked.filter(({ signal }) => !signal.aborted);
  expect(live.map(({ offset }) => offset)).toEqual([4950]);
  asked[0]?.answer();
  await settled();
  expect(pages.at(0)).toBeUndefined();
});

test('memory stays within its bound, and what was looked at last is kept', async () => {
  const { pages, asked } = pagesOf(100_000, { maxPages: 4 });
  for (let first = 0; first < 2000; first += 10) {
    pages.want(first, first + 10, 1, 0);
    asked.at(-1)?.answer();
    await settled();
  }
  expect(pages.pagesHeld).toBe(4);
  expect(pages.at(1999)?.id).toBe(1999);
  expect(pages.at(1969)?.id).toBe(1969);
  expect(pages.at(1959)).toBeUndefined();
});

test('a failure is kept until it is tried again, and does not ask on and on', async () => {
  const { pages, asked } = pagesOf(100);
  pages.want(0, 10, 1, 0);
  asked[0]?.fail(new Error('gone'));
  await settled();
  expect(pages.failure).toEqual(new Error('gone'));
  pages.want(20, 30, 1, 0);
  expect(asked).toHaveLength(1);
  pages.retry();
  expect(pages.failure).toBeNull();
  expect(asked[1]?.offset).toBe(20);
});

test('a change of rows is told: patched at once, fetched anew on refresh', async () => {
  const { pages, asked } = pagesOf(100);
  pages.want(0, 10, 1, 0);
  asked[0]?.answer();
  await settled();
  let told = 0;
  pages.subscribe(() => (told += 1));
  pages.patch(new Set([row(3).sha256]), { verdict: 'reject' });
  expect([pages.at(3)?.verdict, pages.at(4)?.verdict, told]).toEqual(['reject', null, 1]);
  const refreshed = pages.refresh();
  asked[1]?.answer([row(0, 'accept')]);
  await refreshed;
  expect(pages.at(0)?.verdict).toBe('accept');
});
