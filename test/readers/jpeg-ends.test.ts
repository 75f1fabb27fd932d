import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folders.ts';
import { exportTo, withEnds } from '../support/releases.ts';
import { READERS, readWith, runPython } from './read.ts';

// The warnings of a release, word for word, are in core/release/readme.test.ts.
test.skipIf(READERS === null)(
  'JPEG files without their end are refused or rewritten, as warned',
  async () => {
    const folder = temporaryFolder();
    const [whole, lacking, half, beyond] = await withEnds(join(folder, 'originals'));
    const release = join(folder, 'release');
    await exportTo(release, 'yolo', [whole!, lacking!, half!, beyond!]);

    const [strict, lenient] = JSON.parse(runPython('pillow', release)) as Record<string, string | null>[];
    const truncated = expect.stringContaining('image file is truncated');
    expect(strict).toEqual({
      [whole!.fileName]: null,
      [lacking!.fileName]: truncated,
      [half!.fileName]: truncated,
      [beyond!.fileName]: null,
    });
    expect(Object.values(lenient!)).toEqual([null, null, null, null]);

    const [read] = await readWith('ultralytics', [release]);
    if (!read || 'error' in read) throw new Error(read?.error);
    const hashes = Object.values(read.splits).flatMap((images) => images.map(({ sha256 }) => sha256));
    expect(hashes).toContain(whole!.sha256);
    for (const { sha256 } of [lacking!, half!, beyond!]) expect(hashes).not.toContain(sha256);
    // Of the train split and the val that repeats it: the whole one, and the one that was saved anew.
    expect(new Set(hashes).size).toBe(2);
  },
);
