import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { writeDataset } from '../../test/support/dataset.ts';
import { temporaryFolder } from '../../test/support/folders.ts';

const by = 'ada';

// What needs no labels is there for a seed that cannot teach any class.
test.each(['one class', 'no labels'])(
  'a seed with %s is scored with all that needs no labels',
  async (kind) => {
    const folder = temporaryFolder();
    const set = await writeDataset(join(folder, 'set'), 24);
    const real = join(folder, 'real');
    const images = readdirSync(join(set.folder, 'real'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => /[02468]\.png$/.test(name),
    );
    const into = kind === 'one class' ? join(real, 'part') : real;
    mkdirSync(into, { recursive: true });
    for (const [i, name] of images.entries()) cpSync(join(set.folder, 'real', name), join(into, `${i}.png`));

    const core = startCore();
    const { folder: project } = await core.projects.create({
      project: join(folder, 'few'),
      by,
      model: 'patch256',
    });
    const add = (from: string, role: 'real' | 'synthetic') =>
      runTask(core, 'import', { project, by, from, role, batch: role });
    await add(real, 'real');
    await add(join(set.folder, 'synthetic'), 'synthetic');
    const { notes, labelModel } = await runTask(core, 'score', { project, by });
    expect(labelModel).toBeNull();
    expect(notes.join(' ')).toContain('labels are not judged');

    expect(await runTask(core, 'queue', { project, by, budget: { items: 12 } })).toMatchObject({ items: 12 });
    const { items } = await core.queue.show({ project });
    const { scores } = await core.images.detail({ project, sha256: items[0]!.sha256 });
    const known = Object.keys(scores);
    expect(known).toEqual(expect.arrayContaining(['novelty-all', 'isolation', 'blurry']));
    expect(known).not.toContain('label-risk');
  },
);
