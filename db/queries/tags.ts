import type { Database } from 'better-sqlite3';

export interface TagRow {
  id: number;
  name: string;
  /** The event that put it on an image or took it off last. */
  changedSeq: number;
}

/** Free words on images. */
export function tagQueries(db: Database) {
  const COLUMNS = 'id, name, changed_seq AS changedSeq';
  const all = db.prepare<[], TagRow>(`SELECT ${COLUMNS} FROM tag ORDER BY id`);
  const counted = db.prepare<[], { name: string; images: number }>(
    'SELECT name, (SELECT count(*) FROM image_tag WHERE tag_id = tag.id) AS images FROM tag',
  );
  const byName = db.prepare<[string], TagRow>(`SELECT ${COLUMNS} FROM tag WHERE name = ?`);
  const images = db
    .prepare<[number], number>('SELECT image_id FROM image_tag WHERE tag_id = ? ORDER BY image_id')
    .pluck();
  const has = db
    .prepare<[number, number], number>('SELECT 1 FROM image_tag WHERE tag_id = ? AND image_id = ?')
    .pluck();
  const ofImage = db
    .prepare<[number], string>(
      'SELECT t.name FROM image_tag i JOIN tag t ON t.id = i.tag_id WHERE i.image_id = ? ORDER BY t.name',
    )
    .pluck();
  const every = db
    .prepare<[], [number, string]>(
      'SELECT i.image_id, t.name FROM image_tag i JOIN tag t ON t.id = i.tag_id ORDER BY t.name',
    )
    .raw();
  const insert = db.prepare<[string, number]>('INSERT INTO tag (name, changed_seq) VALUES (?, ?)');
  const touch = db.prepare<[number, number]>('UPDATE tag SET changed_seq = ? WHERE id = ?');
  const put = db.prepare<[number, number]>(
    'INSERT OR IGNORE INTO image_tag (tag_id, image_id) VALUES (?, ?)',
  );
  const take = db.prepare<[number, number]>('DELETE FROM image_tag WHERE tag_id = ? AND image_id = ?');
  const dropEmpty = db.prepare<[number]>(
    'DELETE FROM tag WHERE id = ? AND NOT EXISTS (SELECT 1 FROM image_tag WHERE tag_id = tag.id)',
  );
  return {
    /** Every tag that is on an image. */
    all: (): TagRow[] => all.all(),
    /** The same with the number of images that have it. */
    counted: () => counted.all(),
    byName: (name: string) => byName.get(name),
    /** Numbers of the images that have a tag, ascending. */
    images: (tagId: number): number[] => images.all(tagId),
    has: (tagId: number, imageId: number): boolean => has.get(tagId, imageId) === 1,
    /** Tags of an image, by name. */
    ofImage: (imageId: number): string[] => ofImage.all(imageId),
    /** Every image with each of its tags, by name. */
    every: (): IterableIterator<[imageId: number, name: string]> => every.iterate(),
    /** The id of a tag that an event changes, made where it is new. */
    change: (name: string, seq: number): number => {
      const known = byName.get(name);
      if (!known) return Number(insert.run(name, seq).lastInsertRowid);
      touch.run(seq, known.id);
      return known.id;
    },
    put: (tagId: number, imageId: number): void => void put.run(tagId, imageId),
    take: (tagId: number, imageId: number): void => void take.run(tagId, imageId),
    /** Forgets a tag that is on no image any more. */
    dropEmpty: (tagId: number): void => void dropEmpty.run(tagId),
  };
}
