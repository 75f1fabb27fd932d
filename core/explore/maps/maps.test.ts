import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runTask } from '../../../rpc/run-task.ts';
import { writeDataset } from '../../../test/support/dataset.ts';
import { startCore } from '../../../test/support/core.ts';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { copyScored } from '../../../test/support/reviewable.ts';
import { Project } from '../../project/project.ts';
import { replaceFile } from '../../base/replace-file.ts';
import { mapsFolder, newVersion, readMeta, writeLayout } from './map-files.ts';
import { computeLayout } from './layout.ts';

const by = 'Mara';

describe('a project', () => {
  async function imported(): Promise<{ core: ReturnType<typeof startCore>; project: string }> {
    const core = startCore();
    const { project } = await copyScored(join(temporaryFolder(), 'p'), 30);
    return { core, project };
  }

  async function drawn(
    core: ReturnType<typeof startCore>,
    project: string,
    layout: 'pca' | 'umap',
    seed = 1,
  ) {
    const job = await core.jobs.start({ kind: 'layout', input: { project, layout, seed } });
    const stop = new AbortController();
    for await (const list of await core.jobs.watch({ project }, { signal: stop.signal })) {
      const now = list.find(({ id }) => id === job.id)!;
      if (now.state !== 'running') return now;
    }
    throw new Error('the list ended');
  }

  test('has its maps drawn, kept up to date, and called stale in time', async () => {
    const { core, project } = await imported();
    expect((await core.maps.info({ project })).layouts.umap).toBeNull();
    const { images } = await core.maps.info({ project });
    for (const layout of ['pca', 'umap'] as const)
      expect(await drawn(core, project, layout)).toMatchObject({
        state: 'done',
        result: { layout, points: images },
      });
    const info = await core.maps.info({ project });
    expect(info.layouts.umap).toMatchObject({ points: images, stale: false });

    const bytes = readFileSync(join(project, 'maps', 'umap.bin'));
    expect(bytes.length).toBe(16 * images);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const { id, sha256, givenLabel, role } = (
      await core.images.rows({
        project,
        view: (await core.images.query({ project })).view,
        offset: 80,
        limit: 1,
      })
    )[0]!;
    const at = 16 * (id - 1);
    expect(view.getUint32(at + 8, true)).toBe(id);
    expect(view.getUint8(at + 12)).toBe({ real: 0, holdout: 1, synthetic: 2 }[role]);
    expect(view.getUint8(at + 13)).toBe(0);
    expect(info.labels[view.getUint16(at + 14, true)]).toBe(givenLabel);

    await core.reviews.decide({
      project,
      by,
      context: { kind: 'explore' },
      decisions: [{ sha256, verdict: 'reject', reason: 'not a part' }],
    });
    const after = await core.maps.info({ project });
    expect(after.layouts.umap!.version).not.toBe(info.layouts.umap!.version);
    expect(after.layouts.umap!.stale).toBe(false);
    expect(readFileSync(join(project, 'maps', 'umap.bin'))[at + 13]).toBe(3);
    expect((await core.maps.info({ project })).layouts).toEqual(after.layouts);

    const more = join((await writeDataset(join(temporaryFolder(), 'more'), 33)).folder, 'synthetic');
    await runTask(core, 'import', { project, by, from: more, role: 'synthetic', batch: 'more' });
    expect((await core.maps.info({ project })).layouts.umap!.stale).toBe(true);
  });

  test('is laid out the same by the same seed without searching again, and keeps its map when a new one is stopped', async () => {
    const { core, project } = await imported();
    const places = (): Buffer => readFileSync(join(project, 'maps', 'umap.bin'));
    const first = await drawn(core, project, 'umap');
    expect(first.log.map(({ line }) => line)).toContain('finding neighbours');
    const before = places();
    const second = await drawn(core, project, 'umap');
    expect(second.log.map(({ line }) => line)).not.toContain('finding neighbours');
    expect(places()).toEqual(before);
    await drawn(core, project, 'umap', 2);
    expect(places()).not.toEqual(before);

    const kept = places();
    const opened = Project.open(project, 'read');
    const stop = new AbortController();
    const layout = computeLayout(opened, 'umap', 9, {
      signal: stop.signal,
      progress: ({ stage, done }) => {
        if (stage === 'laying out' && done > 10) stop.abort();
      },
    });
    await expect(layout).rejects.toThrow(/abort/i);
    opened.close();
    expect(places()).toEqual(kept);
    expect((await core.maps.info({ project })).layouts.umap!.stale).toBe(false);
  });

  test('without images says what to do', async () => {
    const core = startCore();
    const { folder } = await core.projects.create({ project: join(temporaryFolder(), 'p'), by });
    expect(await drawn(core, folder, 'pca')).toMatchObject({ state: 'failed', error: { code: 'NOT_READY' } });
  });
});

test('a file that was never finished is no map', () => {
  const folder = temporaryFolder();
  const maps = mapsFolder(folder);
  const meta = { model: 'm', points: 2, images: 2, lastFile: 2, decision: 0, seed: 1, version: newVersion() };
  writeLayout(maps, 'pca', new Uint8Array(32), meta);
  expect(readMeta(maps, 'pca')).toEqual(meta);
  expect(() => replaceFile(join(folder, 'maps', 'pca.bin'), 'x', 'y')).toThrow();
  writeFileSync(join(maps, 'pca.json'), '{"model": "m"');
  expect(readMeta(maps, 'pca')).toBeNull();
  expect(readdirSync(maps).filter((name) => name.endsWith('.partial'))).toEqual([]);
  expect(existsSync(join(maps, 'pca.bin'))).toBe(true);
});
