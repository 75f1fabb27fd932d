import type { Database } from 'better-sqlite3';
import { EMBEDDED_FIELDS, type EmbeddedField, type FieldValues } from '../../rpc/contract/fields.ts';
import { insertedFields } from './fields.ts';

const FIELDS = insertedFields(EMBEDDED_FIELDS);

export interface FactsRow {
  imageId: number;
  pixelSha256: string;
  signature: Uint8Array;
  brightnessP99: number;
  brightnessP5: number;
  entropyBits: number;
  edgeStd: number;
  histogramStd: number;
  singleChannel: 0 | 1;
  greyPixels: 0 | 1;
}

export interface GenerationRow extends FieldValues<EmbeddedField> {
  imageId: number;
  tool: string | null;
  raw: string | null;
  digitalSourceType: string | null;
  hasC2pa: 0 | 1;
}

/** Facts derived from the originals' bytes: deletable, recomputed by the next import. */
export function factsQueries(db: Database) {
  const insertFacts = db.prepare<FactsRow>(
    `INSERT OR REPLACE INTO image_facts (image_id, pixel_sha256, signature, brightness_p99, brightness_p5,
       entropy_bits, edge_std, histogram_std, single_channel, grey_pixels)
     VALUES (@imageId, @pixelSha256, @signature, @brightnessP99, @brightnessP5,
       @entropyBits, @edgeStd, @histogramStd, @singleChannel, @greyPixels)`,
  );
  const insertGeneration = db.prepare<GenerationRow>(
    `INSERT OR REPLACE INTO generation_metadata (image_id, tool, ${FIELDS.columns}, raw, digital_source_type, has_c2pa)
     VALUES (@imageId, @tool, ${FIELDS.parameters}, @raw, @digitalSourceType, @hasC2pa)`,
  );
  const facts = db.prepare<[number], FactsRow>(
    `SELECT image_id AS imageId, pixel_sha256 AS pixelSha256, signature, brightness_p99 AS brightnessP99,
       brightness_p5 AS brightnessP5, entropy_bits AS entropyBits, edge_std AS edgeStd, histogram_std AS histogramStd,
       single_channel AS singleChannel, grey_pixels AS greyPixels
     FROM image_facts WHERE image_id = ?`,
  );
  const twin = db
    .prepare<[number, number], number>(
      `SELECT (SELECT count(*) FROM file WHERE image_id = ?) > 1 OR EXISTS (
         SELECT 1 FROM image_facts f JOIN image_facts g ON g.pixel_sha256 = f.pixel_sha256 AND g.image_id <> f.image_id
         WHERE f.image_id = ?)`,
    )
    .pluck();
  const insertEmbedding = db.prepare<[string, number, Uint8Array]>(
    'INSERT OR IGNORE INTO embedding (model, image_id, vector) VALUES (?, ?, ?)',
  );
  const embedding = db
    .prepare<[string, number], Uint8Array>('SELECT vector FROM embedding WHERE model = ? AND image_id = ?')
    .pluck();
  const firstModel = db.prepare<[], string>('SELECT model FROM embedding ORDER BY rowid LIMIT 1').pluck();
  const withoutEmbedding = db
    .prepare<[string, number], number>(
      `SELECT i.id FROM image i LEFT JOIN embedding e ON e.model = ? AND e.image_id = i.id
       WHERE e.image_id IS NULL AND i.id > ? ORDER BY i.id LIMIT 1000`,
    )
    .pluck();
  return {
    insertFacts: (row: FactsRow): void => void insertFacts.run(row),
    insertGeneration: (row: GenerationRow): void => void insertGeneration.run(row),
    facts: (imageId: number) => facts.get(imageId),
    /** Whether another file has identical bytes or decoded pixels. */
    hasTwin: (imageId: number): boolean => twin.get(imageId, imageId) === 1,
    insertEmbedding: (model: string, imageId: number, vector: Uint8Array): void =>
      void insertEmbedding.run(model, imageId, vector),
    /** Little-endian float32 bytes, or undefined when this model has not seen the image. */
    embedding: (model: string, imageId: number) => embedding.get(model, imageId),
    /** The model of the oldest embedding, or undefined. */
    firstModel: () => firstModel.get(),
    /** The next ids, at most 1,000, of images that a model has not seen. */
    withoutEmbedding: (model: string, afterId: number): number[] => withoutEmbedding.all(model, afterId),
  };
}
