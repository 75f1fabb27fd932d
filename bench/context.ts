import { fileURLToPath } from 'node:url';
import type { Progress } from '../rpc/progress.ts';
import type { WorldId } from './judgement/lists.ts';

/** The checkout that is measured. */
export const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));

/** Who acts in the projects that a benchmark makes. */
export const ACTOR = 'bench';

/** What every measurement gets. */
export interface BenchContext {
  /** Small sizes and one round: a first impression. */
  quick: boolean;
  /** Embedder pack by id or folder; null is the built-in one. */
  model: string | null;
  /** Worlds of the judgement section. */
  worlds: readonly WorldId[];
  /** Of the judgement section, only what may be chosen on. */
  chooseOnly: boolean;
  /** Removed at the end, whatever happens. */
  workFolder: string;
  /** Kept between runs: rendered sample sets, and worlds. */
  cacheFolder: string;
  signal: AbortSignal;
  /** Both go to standard error: standard output carries the report only. */
  progress: (report: Progress) => void;
  say: (line: string) => void;
}

/** How long an act takes, in seconds, and its result. */
export async function timed<T>(act: () => Promise<T> | T): Promise<{ seconds: number; value: T }> {
  const startedMs = performance.now();
  const value = await act();
  return { seconds: (performance.now() - startedMs) / 1000, value };
}

/** The middle value; the mean of the two middle ones of an even number. Throws on an empty list. */
export function median(values: number[]): number {
  if (values.length === 0) throw new RangeError('there is no median of nothing');
  const ascending = values.toSorted((a, b) => a - b);
  const middle = ascending.length >> 1;
  return ascending.length % 2 === 1 ? ascending[middle]! : (ascending[middle - 1]! + ascending[middle]!) / 2;
}
