import type { Block, ScoreRun } from './block.ts';
import type { FactName, Facts, Kind, Prepared } from './facts/define.ts';
import { providers } from './facts/registry.ts';

interface Ready {
  columns: Record<string, Kind<never>>;
  facts: Prepared<Partial<Facts>>;
}

/** The facts of one run: the providers that are needed, prepared, and asked block by block. */
export class RunFacts {
  readonly #ready: Ready[];
  readonly #classes: number;

  private constructor(ready: Ready[], classes: number) {
    this.#ready = ready;
    this.#classes = classes;
  }

  /** Prepares the providers of the named facts. The caller must `drop` them. */
  static async prepare(run: ScoreRun, needs: Iterable<string>): Promise<RunFacts> {
    const wanted = new Set(needs);
    const ready: Ready[] = [];
    const ordered = [...providers.values()].sort(
      (a, b) => Number(b.mayRefuse ?? 0) - Number(a.mayRefuse ?? 0),
    );
    try {
      for (const provider of ordered) {
        if (!Object.keys(provider.columns).some((name) => wanted.has(name))) continue;
        const facts = await provider.prepare(run);
        if (facts) ready.push({ columns: provider.columns, facts });
      }
    } catch (error) {
      await dropAll(ready);
      throw error;
    }
    return new RunFacts(ready, run.names.length);
  }

  /** The named facts of a block, as far as there are any. */
  async of<N extends FactName>(block: Block, needs: readonly N[]): Promise<Partial<Pick<Facts, N>>> {
    const found: Partial<Facts> = { classes: this.#classes };
    for (const { columns, facts } of this.#ready)
      if (needs.some((name) => Object.hasOwn(columns, name))) Object.assign(found, await facts.block(block));
    return found;
  }

  get prepared(): Prepared<Partial<Facts>>[] {
    return this.#ready.map(({ facts }) => facts);
  }

  drop(): Promise<void> {
    return dropAll(this.#ready);
  }
}

async function dropAll(ready: Ready[]): Promise<void> {
  for (const { facts } of ready) await facts.drop?.();
}

/** The kind of every fact that a provider declares, by name. */
export function kindsOfFacts(): Map<string, Kind<never>> {
  return new Map([...providers.values()].flatMap(({ columns }) => Object.entries(columns)));
}
