import type { Database } from 'better-sqlite3';
import {
  EXPORTED_FIELDS,
  FILE_FIELDS,
  type ExportedField,
  type FieldValues,
  type FileField,
} from '../../rpc/contract/fields.ts';
import type { Role } from '../../rpc/contract/terms.ts';
import { FIELD_TABLES, fieldValues, insertedFields } from './fields.ts';

export interface ImageRow {
  id: number;
  sha256: string;
  bytes: number;
  format: string;
  width: number;
  height: number;
  /** EXIF orientation of the file, which `width` and `height` are after; 1 also where none was recorded. */
  orientation: number;
  copied: 0 | 1;
  /** sha256 of its thumbnail as it was imported; null for images of earlier versions. */
  thumbSha256: string | null;
}

export interface NewFile extends FieldValues<FileField> {
  batchId: number;
  path: string;
  bytes: number | null;
  modifiedMs: number | null;
  imageId: number | null;
  labelId: number | null;
  boxed: 0 | 1;
  failureCode: string | null;
  failureDetail: string | null;
  seq: number;
}

/** A file as recorded, to tell whether one on disk is new, the same, or changed. */
export interface KnownFile {
  id: number;
  bytes: number | null;
  modifiedMs: number | null;
  sha256: string | null;
  failureCode: string | null;
}

export interface BrokenFile {
  batch: string;
  path: string;
  code: string;
  detail: string;
}

/** An image with the facts from its home file. */
export interface HomeRow extends ImageRow {
  role: Role;
  batch: string;
  root: string;
  path: string;
  modifiedMs: number | null;
  labelId: number | null;
}

export interface ReleaseRow extends HomeRow, FieldValues<ExportedField> {
  fileId: number;
  boxed: 0 | 1;
}

export interface BoxRow {
  label: string;
  format: string;
  v0: number;
  v1: number;
  v2: number;
  v3: number;
  /** JSON; null where the object has nothing but its box. */
  detail: string | null;
}

const FIELDS = insertedFields(FILE_FIELDS);
const IMAGE = `i.id, i.sha256, i.bytes, i.format, i.width, i.height, i.orientation, i.copied, i.thumb_sha256 AS thumbSha256`;
const HOME = `${IMAGE}, b.role, b.name AS batch, b.root, f.path, f.modified_ms AS modifiedMs, f.label_id AS labelId`;
const FROM_HOME = `FROM image i JOIN file f ON f.id = i.home_file_id JOIN batch b ON b.id = f.batch_id`;

export function imageQueries(db: Database) {
  const insert = db.prepare<Omit<ImageRow, 'id'>>(
    `INSERT INTO image (sha256, bytes, format, width, height, orientation, copied, thumb_sha256, home_file_id)
     VALUES (@sha256, @bytes, @format, @width, @height, @orientation, @copied, @thumbSha256, 0)`,
  );
  const idOf = db.prepare<[string], number>('SELECT id FROM image WHERE sha256 = ?').pluck();
  const startingWith = db.prepare<[string, string], HomeRow>(
    `SELECT ${HOME} ${FROM_HOME} WHERE i.sha256 >= ? AND i.sha256 < ? ORDER BY i.sha256 LIMIT 2`,
  );
  const byId = db.prepare<[number], HomeRow>(`SELECT ${HOME} ${FROM_HOME} WHERE i.id = ?`);
  const otherThan = db
    .prepare<[string], number>(
      'SELECT EXISTS (SELECT 1 FROM image WHERE orientation > 1 OR format NOT IN (SELECT value FROM json_each(?)))',
    )
    .pluck();
  const markCopied = db.prepare<[number]>('UPDATE image SET copied = 1 WHERE id = ?');
  // Strongest role first; of equals the earliest file.
  const settleHome = db.prepare<[number, number]>(
    `UPDATE image SET home_file_id = (
       SELECT f.id FROM file f JOIN batch b ON b.id = f.batch_id WHERE f.image_id = ?
       ORDER BY CASE b.role WHEN 'holdout' THEN 0 WHEN 'real' THEN 1 ELSE 2 END, f.id LIMIT 1)
     WHERE id = ?`,
  );
  const insertFile = db.prepare<NewFile>(
    `INSERT INTO file (batch_id, path, bytes, modified_ms, image_id, label_id, ${FIELDS.columns}, boxed,
       failure_code, failure_detail, added_seq)
     VALUES (@batchId, @path, @bytes, @modifiedMs, @imageId, @labelId, ${FIELDS.parameters}, @boxed,
       @failureCode, @failureDetail, @seq)`,
  );
  const dropFailure = db.prepare<[number, string]>(
    'DELETE FROM file WHERE batch_id = ? AND path = ? AND image_id IS NULL',
  );
  const insertBox = db.prepare<
    [number, number, number, string, number, number, number, number, string | null]
  >(
    'INSERT INTO box (file_id, position, label_id, format, v0, v1, v2, v3, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const boxes = db.prepare<[number], BoxRow>(
    'SELECT l.name AS label, format, v0, v1, v2, v3, detail FROM box JOIN label l ON l.id = label_id WHERE file_id = ? ORDER BY position',
  );
  const homeBoxes = db.prepare<[number], BoxRow>(
    `SELECT l.name AS label, b.format, v0, v1, v2, v3, detail FROM image i JOIN box b ON b.file_id = i.home_file_id
     JOIN label l ON l.id = label_id WHERE i.id = ? ORDER BY position`,
  );
  const known = db.prepare<[number, string], KnownFile>(
    `SELECT f.id, f.bytes, f.modified_ms AS modifiedMs, i.sha256, f.failure_code AS failureCode
     FROM file f LEFT JOIN image i ON i.id = f.image_id WHERE f.batch_id = ? AND f.path = ?`,
  );
  const broken = db.prepare<[], BrokenFile>(
    `SELECT b.name AS batch, f.path, f.failure_code AS code, f.failure_detail AS detail
     FROM file f JOIN batch b ON b.id = f.batch_id WHERE f.image_id IS NULL ORDER BY f.id`,
  );
  // Files that are images minus further copies: every image has one home.
  const counts = db.prepare<[], { batch: string; role: Role; images: number }>(
    `SELECT b.name AS batch, b.role, coalesce(sum(t.files), 0) AS images FROM batch b LEFT JOIN (
       SELECT batch_id, count(*) AS files FROM file GROUP BY batch_id
       UNION ALL SELECT batch_id, -count(*) FROM file WHERE image_id IS NULL GROUP BY batch_id
       UNION ALL SELECT f.batch_id, -count(*) FROM file_copy c JOIN file f ON f.id = c.file_id GROUP BY f.batch_id
     ) t ON t.batch_id = b.id GROUP BY b.id`,
  );
  const duplicateFiles = db.prepare<
    [],
    {
      batch: string;
      path: string;
      sha256: string;
      homeBatch: string;
      homePath: string;
      homeRole: Role;
      role: Role;
    }
  >(
    `SELECT b.name AS batch, f.path, i.sha256, hb.name AS homeBatch, h.path AS homePath, hb.role AS homeRole, b.role
     FROM file_copy c JOIN file f ON f.id = c.file_id JOIN image i ON i.id = f.image_id
       JOIN batch b ON b.id = f.batch_id JOIN file h ON h.id = i.home_file_id JOIN batch hb ON hb.id = h.batch_id
     ORDER BY f.id`,
  );
  const furtherFiles = db.prepare<[], { root: string; path: string; sha256: string }>(
    `SELECT b.root, f.path, i.sha256 FROM file_copy c JOIN file f ON f.id = c.file_id
       JOIN image i ON i.id = f.image_id JOIN batch b ON b.id = f.batch_id
     WHERE i.copied = 0 ORDER BY f.id`,
  );
  const brokenCount = db.prepare<[], number>('SELECT count(*) FROM file WHERE image_id IS NULL').pluck();
  const homePage = db.prepare<[number], HomeRow>(
    `SELECT ${HOME} ${FROM_HOME} WHERE i.id > ? ORDER BY i.id LIMIT 1000`,
  );
  const releasePage = db.prepare<[string], ReleaseRow>(
    `SELECT ${HOME}, f.id AS fileId, f.boxed, ${fieldValues(EXPORTED_FIELDS)}
     FROM image i ${FIELD_TABLES} WHERE i.sha256 > ? ORDER BY i.sha256 LIMIT 1000`,
  );
  const releaseRow = db.prepare<[number], ReleaseRow>(
    `SELECT ${HOME}, f.id AS fileId, f.boxed, ${fieldValues(EXPORTED_FIELDS)} FROM image i ${FIELD_TABLES} WHERE i.id = ?`,
  );
  const prompt = db.prepare<[number], { batch: string; prompt: string | null }>(
    `SELECT b.name AS batch, ${fieldValues(['prompt'])} FROM image i ${FIELD_TABLES} WHERE i.id = ?`,
  );
  const promptPage = db.prepare<[number], { id: number; batch: string; prompt: string | null }>(
    `SELECT i.id, b.name AS batch, ${fieldValues(['prompt'])} FROM image i ${FIELD_TABLES}
     WHERE i.id > ? ORDER BY i.id LIMIT 1000`,
  );
  return {
    insert: (row: Omit<ImageRow, 'id'>): number => Number(insert.run(row).lastInsertRowid),
    idOf: (sha256: string) => idOf.get(sha256),
    /** The first two images whose hash starts with this; one if it is unambiguous. */
    startingWith: (digits: string): HomeRow[] => startingWith.all(digits, `${digits}g`),
    byId: (id: number) => byId.get(id),
    /** Whether any image is of another format than these, or is turned to be shown. */
    hasOtherThan: (formats: readonly string[]): boolean => otherThan.get(JSON.stringify(formats)) === 1,
    markCopied: (id: number): void => void markCopied.run(id),
    /** Chooses the image's home file again after a file was added. */
    settleHome: (imageId: number): void => void settleHome.run(imageId, imageId),
    insertFile: (row: NewFile): number => Number(insertFile.run(row).lastInsertRowid),
    dropFailure: (batchId: number, path: string): void => void dropFailure.run(batchId, path),
    insertBox: (
      fileId: number,
      position: number,
      labelId: number,
      format: string,
      v: [number, number, number, number],
      detail: string | null,
    ): void => void insertBox.run(fileId, position, labelId, format, ...v, detail),
    boxes: (fileId: number) => boxes.all(fileId),
    /** The given boxes of an image. */
    homeBoxes: (imageId: number) => homeBoxes.all(imageId),
    known: (batchId: number, path: string) => known.get(batchId, path),
    broken: () => broken.all(),
    /** Images by the role of their home file. */
    countsByRole: (): Record<Role, number> => {
      const found: Record<Role, number> = { real: 0, holdout: 0, synthetic: 0 };
      for (const row of counts.all()) found[row.role] += row.images;
      return found;
    },
    /** Images by the batch of their home file, in the order of the batches. */
    countsByBatch: () => counts.all(),
    brokenCount: (): number => brokenCount.get() ?? 0,
    /** Files whose bytes were already known, with the earlier file. */
    duplicateFiles: () => duplicateFiles.all(),
    /** The files besides their homes of images whose originals are not copied. */
    furtherFiles: () => furtherFiles.all(),
    /** Every image with its home, by id. Read in pages, so that other statements may run between rows. */
    *homes(): Generator<HomeRow> {
      for (let after = 0, page = homePage.all(after); page.length > 0; page = homePage.all(after)) {
        yield* page;
        after = page.at(-1)!.id;
      }
    },
    /** The text that an image was generated from, null for none, with the batch of its home file. */
    prompt: (id: number) => prompt.get(id),
    /** Every image's prompt, images without one left out, by image. Read in pages. */
    *prompts(): Generator<{ batch: string; prompt: string }> {
      for (let after = 0, page = promptPage.all(after); page.length > 0; page = promptPage.all(after)) {
        for (const { batch, prompt: text } of page) if (text) yield { batch, prompt: text };
        after = page.at(-1)!.id;
      }
    },
    /** An image with the facts that a release may write. */
    releaseRow: (id: number): ReleaseRow => releaseRow.get(id)!,
    /** The same of every image, by sha256. Read in pages. */
    *forRelease(): Generator<ReleaseRow> {
      for (let after = '', page = releasePage.all(after); page.length > 0; page = releasePage.all(after)) {
        yield* page;
        after = page.at(-1)!.sha256;
      }
    },
  };
}
