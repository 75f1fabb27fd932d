import type { Kernels } from '../../../models/types.ts';
import type { SelectionTask } from './define.ts';
import { dot, squaredNorms } from './rows.ts';

/** One factor of the vectors: n x columns, row-major, of the candidates, and of the labelled where they count. */
export interface Factor {
  candidates: Float32Array;
  labelled?: Float32Array;
  columns: number;
}

type Side = 'candidates' | 'labelled';

/** Float32 products are off by about this share of the norms: below it, distances are computed anew. */
const ROUNDING = 1e-5;

/**
 * Squared distances between candidates, and to labelled rows. A vector is the outer product of its factors, so norms and
 * dot products are the products of those of the factors, and no long vector is made. Where the task has kernels, many
 * distances at a time come from a matrix product.
 */
export class Space {
  readonly #factors: Factor[];
  readonly #kernels: Kernels | null;
  readonly #names: Record<Side, string[]>;
  /** Squared norms of the candidates. */
  readonly norms: Float64Array;
  readonly #labelledNorms: Float64Array;

  private constructor(factors: Factor[], kernels: Kernels | null) {
    this.#factors = factors;
    this.#kernels = kernels;
    const id = crypto.randomUUID();
    const names = (side: Side): string[] => factors.map((_, f) => `selection-${id}-${side}-${f}`);
    this.#names = { candidates: names('candidates'), labelled: names('labelled') };
    this.norms = product(factors.map(({ candidates, columns }) => squaredNorms(candidates, columns)));
    this.#labelledNorms = product(
      factors.map(({ labelled, columns }) => squaredNorms(labelled ?? new Float32Array(0), columns)),
    );
  }

  /** Runs `act` in the space of these factors, then frees its matrices in the kernels. */
  static async within<T>(
    { kernels }: Pick<SelectionTask, 'kernels'>,
    factors: Factor[],
    act: (space: Space) => Promise<T>,
  ): Promise<T> {
    const space = new Space(factors, kernels ?? null);
    const each = async (perform: (name: string, rows: Float32Array, columns: number) => Promise<void>) => {
      for (const [f, { candidates, labelled, columns }] of factors.entries()) {
        await perform(space.#names.candidates[f]!, candidates, columns);
        if (labelled) await perform(space.#names.labelled[f]!, labelled, columns);
      }
    };
    try {
      if (kernels)
        await each((name, rows, columns) => kernels.putMatrix(name, rows, rows.length / columns, columns));
      return await act(space);
    } finally {
      // A process that died or was stopped has dropped them already.
      if (kernels) await each((name) => kernels.dropMatrix(name)).catch(() => {});
    }
  }

  get labelledRows(): number {
    return this.#labelledNorms.length;
  }

  squaredDistance(i: number, j: number, side: Side = 'candidates'): number {
    let value = 1;
    for (const factor of this.#factors) value *= dot(factor.candidates, i, factor[side]!, j, factor.columns);
    const other = side === 'candidates' ? this.norms[j]! : this.#labelledNorms[j]!;
    return Math.max(0, this.norms[i]! + other - 2 * value);
  }

  /** Lowers `squared[i]` to the smallest squared distance of candidate i to any of the rows; NaN stays. */
  async lower(squared: Float64Array, rows: Int32Array, side: Side = 'candidates'): Promise<void> {
    const m = rows.length;
    const kernels = this.#kernels;
    const factors: Float32Array[] = [];
    for (const [f] of kernels ? this.#factors.entries() : [])
      factors.push(
        await kernels!.products(
          { matrix: this.#names.candidates[f]! },
          { matrix: this.#names[side][f]!, rows },
        ),
      );
    const others = Float64Array.from(
      rows,
      (j) => (side === 'candidates' ? this.norms : this.#labelledNorms)[j]!,
    );
    for (let i = 0; i < squared.length; i++) {
      if (!(squared[i]! > 0)) continue;
      let least = squared[i]!;
      for (let j = 0; j < m; j++) {
        let distance: number;
        if (factors.length === 0) distance = this.squaredDistance(i, rows[j]!, side);
        else {
          let value = factors[0]![i * m + j]!;
          for (let f = 1; f < factors.length; f++) value *= factors[f]![i * m + j]!;
          const norms = this.norms[i]! + others[j]!;
          distance = norms - 2 * value;
          if (distance < ROUNDING * norms) distance = this.squaredDistance(i, rows[j]!, side);
        }
        if (distance < least) least = distance;
      }
      squared[i] = least;
    }
  }
}

function product(parts: Float64Array[]): Float64Array {
  return parts.reduce((whole, part) => whole.map((value, i) => value * part[i]!));
}
