import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dueWords, type QueueInfo } from '../../rpc/contract/queue.ts';
import { runTask } from '../../rpc/run-task.ts';
import { embedImages } from '../../cli/markdown-images.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { answerItems, makeReviewable } from '../../test/support/reviewable.ts';

const by = 'ada';

test('a queue is told of by event: a name, who owes how much, instructions with their images', async () => {
  const core = startCore();
  const project = await makeReviewable(core, join(temporaryFolder(), 'parts'), 30, {
    words: {
      name: ' Leaves ',
      assignees: [
        { reviewer: 'Ada', answers: null },
        { reviewer: 'bob', answers: 4 },
      ],
    },
  });
  const listed = async (): Promise<QueueInfo> => (await core.queue.list({ project, by }))[0]!;
  const { items } = await listed();
  const half = Math.ceil(items / 2);
  expect(await listed()).toMatchObject({
    name: 'Leaves',
    due: null,
    hasInstructions: false,
    dues: [
      { reviewer: 'Ada', asked: half, owes: half },
      { reviewer: 'bob', asked: 4, owes: 4 },
    ],
  });

  // Answers count for the name in any case; a skip pays nothing, and an undo owes again.
  const queued = await core.reviews.items({ project, by, from: 0, count: 6 });
  const place = { project, by: 'BOB' };
  const accept = (at: number) => ({ sha256: queued[at]!.sha256, verdict: 'accept' as const });
  await answerItems(core, place, [accept(0), accept(1), { ...accept(2), verdict: 'skip' }]);
  expect((await listed()).dues[1]).toEqual({ reviewer: 'bob', asked: 4, owes: 2 });
  await core.reviews.undo(place);
  expect((await listed()).dues[1]).toMatchObject({ owes: 4 });

  // What is not named stays; nothing new is no event.
  const { sha256 } = queued[0]!;
  const described = await core.queue.describe({
    project,
    by,
    queue: 1,
    due: '2030-01-31',
    instructions: `# Leaves\n\n![whole](image:${sha256.slice(0, 12)})`,
  });
  expect(described).toMatchObject({
    name: 'Leaves',
    instructions: `# Leaves\n\n![whole](image:${sha256})`,
  });
  expect(dueWords(await listed())).toBe(`Ada owes ${half} of ${half}, bob owes 4 of 4, due 2030-01-31`);
  const { head } = await core.projects.status({ project });
  await core.queue.describe({ project, by, queue: 1, name: 'Leaves' });
  expect((await core.projects.status({ project })).head).toBe(head);

  const refused = (change: object, message: RegExp, code = 'USAGE') =>
    expect(core.queue.describe({ project, by, queue: 1, ...change })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  await refused({ instructions: '![x](https://example.org/x.png)' }, /They can show images of this project/);
  await refused({ instructions: '![x](data:image/svg+xml;base64,PHN2Zz4=)' }, /embedded ones/);
  await refused({ instructions: '![x](image:0123456789ab)' }, /no image of this project/);
  await refused(
    {
      assignees: [
        { reviewer: 'Ada', answers: null },
        { reviewer: 'ADA', answers: 3 },
      ],
    },
    /assigned twice/,
  );
  await refused({ queue: 9, name: 'x' }, /no queue 9/, 'NOT_FOUND');
  expect(await core.queue.words({ project, queue: 1 })).toEqual(described);
  expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });
}, 400_000);

test('the command embeds the images that lie beside a Markdown file, and leaves addresses alone', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'how to'));
  writeFileSync(join(folder, 'how to', 'a.png'), Buffer.from([1, 2, 3]));
  const file = join(folder, 'guide.md');
  writeFileSync(file, '![a](<how%20to/a.png>) ![b](image:0123456789ab) ![c](https://example.org/c.png)');
  expect(await embedImages(file)).toBe(
    '![a](<data:image/png;base64,AQID>) ![b](image:0123456789ab) ![c](https://example.org/c.png)',
  );
  writeFileSync(file, '![a](missing.png)');
  await expect(embedImages(file)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('missing.png cannot be read'),
  });
});
