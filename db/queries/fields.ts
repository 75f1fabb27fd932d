import { FIELDS, keyOf, type FieldId } from '../../rpc/contract/fields.ts';

/** Columns to insert fields into, `negative_prompt, seed`, with their parameters, `@negativePrompt, @seed`. */
export function insertedFields(ids: readonly FieldId[]): { columns: string; parameters: string } {
  return { columns: ids.map(keyOf).join(', '), parameters: ids.map((id) => `@${id}`).join(', ') };
}

/** The tables with fields of image `i`: its home file, its bytes, and the batch of the home file. */
export const FIELD_TABLES = `JOIN file f ON f.id = i.home_file_id LEFT JOIN batch b ON b.id = f.batch_id
  LEFT JOIN generation_metadata g ON g.image_id = i.id`;

/** The value of an image's field: from its home file, else from its bytes, else from the batch. */
export function fieldValue(id: FieldId): string {
  const field = FIELDS[id];
  const places = [
    ...('manifest' in field ? ['f'] : []),
    ...('embedded' in field ? ['g'] : []),
    ...('ofBatch' in field ? ['b'] : []),
  ].map((table) => `${table}.${keyOf(id)}`);
  return places.length === 1 ? places[0]! : `coalesce(${places.join(', ')})`;
}

/** The values of an image's fields as columns that are named by field; reads `FIELD_TABLES`. */
export function fieldValues(ids: readonly FieldId[]): string {
  return ids.map((id) => `${fieldValue(id)} AS ${id}`).join(', ');
}
