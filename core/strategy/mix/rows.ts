import type { ExportItem } from '../../release/formats/define.ts';
import { factsOf, FILE_FACTS, valuesIn } from '../../release/formats/items.ts';
import { FACT_COLUMNS, type TypedColumn } from '../../release/formats/typed-table.ts';

/** Where the bytes of an image lie in a mix. */
export interface Place {
  /** File below the mix: the image itself, or the archive that has it. */
  path: string;
  /** Of an image inside an archive: where its bytes begin there. Null of one that is a file of its own. */
  offset: number | null;
}

/** One image of an epoch. */
export interface MixRow extends ExportItem, Place {
  /** In the epoch, from 0. */
  position: number;
  /** How often the image is in the epoch. */
  weight: number;
}

const OWN: Record<string, { type: TypedColumn['type']; of: (row: MixRow) => string | number | null }> = {
  position: { type: 'int32', of: ({ position }) => position },
  sha256: { type: 'string', of: ({ sha256 }) => sha256 },
  path: { type: 'string', of: ({ path }) => path },
  offset: { type: 'int64', of: ({ offset }) => offset },
  weight: { type: 'int32', of: ({ weight }) => weight },
};

/** A row of the manifest as JSON Lines. */
export function rowText(row: MixRow): string {
  const own = Object.fromEntries(Object.entries(OWN).map(([name, { of }]) => [name, of(row)]));
  return `${JSON.stringify({ ...own, ...factsOf(row), ...valuesIn(FILE_FACTS, row), boxes: row.boxes })}\n`;
}

/** The same columns for Parquet, boxes as JSON text. */
export const MIX_COLUMNS: readonly TypedColumn<MixRow>[] = [
  ...Object.entries(OWN).map(([name, { type, of }]) => ({
    name,
    type,
    of: (row: MixRow) => {
      const value = of(row);
      return type === 'int64' && value !== null ? BigInt(value) : value;
    },
  })),
  ...FACT_COLUMNS.filter(({ name }) => name !== 'sha256'),
  { name: 'boxes', type: 'string', of: ({ boxes }) => boxes && JSON.stringify(boxes) },
];
