import { stringify } from 'csv-stringify/sync';
import {
  COST_INPUTS,
  COST_UNITS,
  COST_WAYS,
  COST_WAY_IDS,
  type Amount,
  type CostReport,
} from '../../../rpc/contract/costs.ts';
import { guarded } from '../../import/sources/csv-rows.ts';

type Cell = string | number | null;

const HEADER = ['part', 'of', 'what', 'unit', 'low', 'middle', 'high', 'origin', 'where from'];

/**
 * The report as one table, CSV by RFC 4180. `low` and `high` are the ends of its range for an input, what the ranges allow
 * for a line, and a 95 % interval for everything else; an empty cell is no value.
 */
export function costTable(report: CostReport): string {
  const { currency, inputs, ways, saving, breakEven, nextPercent, curve, images } = report;
  const amount = (part: string, of: string, what: string, value: Amount | null, unit = currency): Cell[] => [
    part,
    of,
    what,
    unit,
    value?.interval[0] ?? null,
    value?.middle ?? null,
    value?.interval[1] ?? null,
    null,
    null,
  ];
  const count = (part: string, of: string, what: string, value: number | null, unit: string): Cell[] => [
    part,
    of,
    what,
    unit,
    null,
    value,
    null,
    null,
    null,
  ];
  const { random, ranked } = nextPercent;
  const rows: Cell[][] = [
    ['input', '', 'generated images', 'images', images.count, images.count, images.count, images.origin, ''],
    ...inputs.map(({ input, low, high, origin, said }): Cell[] => [
      'input',
      '',
      input,
      COST_UNITS[COST_INPUTS[input].unit].replace('money', currency),
      low,
      (low + high) / 2,
      high,
      origin,
      said,
    ]),
    ...COST_WAY_IDS.flatMap((way): Cell[][] => [
      count('way', way, 'usable images', ways[way].images, 'images'),
      count('way', way, 'verified images', ways[way].verified, 'images'),
      ...ways[way].lines.map(({ id, least, middle, most }): Cell[] => [
        'line',
        way,
        id,
        currency,
        least,
        middle,
        most,
        null,
        null,
      ]),
      amount('way', way, 'total', ways[way].total),
      amount('way', way, 'per usable image', ways[way].perImage),
      amount('way', way, 'per verified image', ways[way].perVerified),
    ]),
    amount('saving', 'hybrid', `against ${COST_WAYS.human.title.toLowerCase()}`, saving.amount),
    amount('saving', 'hybrid', 'share', saving.share, 'share'),
    count('saving', 'hybrid', 'draws in which it is cheaper', saving.cheaper, 'share'),
    [
      'break-even',
      'hybrid',
      'generated images',
      'images',
      breakEven.interval[0],
      breakEven.images,
      breakEven.interval[1],
      null,
      null,
    ],
    count('break-even', 'hybrid', 'draws in which some volume is enough', breakEven.reached, 'share'),
    count('next per cent', '', 'images', nextPercent.images, 'images'),
    amount('next per cent', '', 'cost', nextPercent.cost),
    ...(random
      ? [
          [
            'next per cent',
            'random',
            'rate of faults',
            'share',
            random.interval[0],
            random.rate,
            random.interval[1],
            'measured',
            random.said,
          ],
          count('next per cent', 'random', 'faults found', random.finds, 'images'),
          count('next per cent', 'random', 'cost of a fault found', random.costPerFault, currency),
        ]
      : []),
    ...(ranked
      ? [
          count('next per cent', 'ranked', 'rate of faults', ranked.rate, 'share'),
          count('next per cent', 'ranked', 'faults found', ranked.finds, 'images'),
          count('next per cent', 'ranked', 'cost of a fault found', ranked.costPerFault, currency),
        ]
      : []),
    ...curve.flatMap((point) =>
      COST_WAY_IDS.map((way) => amount('curve', way, `total of ${point.images} images`, point[way])),
    ),
  ];
  return stringify(
    [HEADER, ...rows].map((row) => row.map(written)),
    { record_delimiter: '\r\n' },
  );
}

/** Twelve digits: the rest is rounding. */
function written(cell: Cell): Cell {
  return typeof cell === 'string' ? guarded(cell) : cell && Number(cell.toPrecision(12));
}
