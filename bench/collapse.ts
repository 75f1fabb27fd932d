import type { BenchContext } from './context.ts';
import { DIETS, GENERATIONS, runGenerations, type Diet, type GeneratorName } from './collapse-toy.ts';
import { outOf, type Table } from './report.ts';

/** How the alarm does on toy projects that differ in what each generation is trained on. */
export interface CollapseRates {
  generator: GeneratorName;
  diet: Diet;
  projects: number;
  /** Projects by the generation of their first alarm, from the first one on. */
  alarms: number[];
  /** Projects where two measures merely lie outside what real images give in two generations running. */
  outside: number;
}

/** The threshold of the alarm was chosen on seeds from 1,000 to 1,039: no seed of these. */
const FIRST_SEED = 1;

/** Runs as many toy projects of each diet, of seeds that nothing was chosen on. */
export async function measureCollapse(
  bench: BenchContext,
  generator: GeneratorName,
  projects: number,
): Promise<CollapseRates[]> {
  const rates: CollapseRates[] = [];
  for (const [d, diet] of DIETS.entries()) {
    const found: CollapseRates = {
      generator,
      diet,
      projects,
      alarms: Array.from({ length: GENERATIONS }, () => 0),
      outside: 0,
    };
    for (let project = 0; project < projects; project++) {
      bench.signal.throwIfAborted();
      const { first, isOutside } = await runGenerations(FIRST_SEED + project, generator, diet, bench.signal);
      if (first !== null) found.alarms[first - 1]!++;
      if (isOutside) found.outside++;
      bench.progress({
        stage: `collapse, ${generator}`,
        done: d * projects + project + 1,
        total: DIETS.length * projects,
        unit: 'projects',
      });
    }
    rates.push(found);
  }
  return rates;
}

/** The rates of one generator. */
export function collapseTable(rates: readonly CollapseRates[]): Table {
  const later = Array.from({ length: GENERATIONS - 2 }, (_, i) => i + 3);
  return {
    title: `Alarm of collapse: ${rates[0]!.generator}, ${rates[0]!.projects} projects of ${GENERATIONS} generations`,
    columns: ['trained on', ...later.map((generation) => `first at ${generation}`), 'none', 'merely outside'],
    rows: rates.map(({ diet, alarms, projects, outside }) => [
      diet,
      ...later.map((generation) => String(alarms[generation - 1])),
      String(projects - alarms.reduce((sum, count) => sum + count, 0)),
      outOf(outside, projects),
    ]),
    notes: [
      'Projects by the generation that raises the alarm first; under any but their own output an alarm is a false one. Merely outside: two measures outside what real images give in two generations running, which says nothing of a fall.',
    ],
  };
}
