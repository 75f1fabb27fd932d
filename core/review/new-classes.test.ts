import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { answerItems, makeReviewable } from '../../test/support/reviewable.ts';

const by = 'ada';

test('a class can be added where the project allows it, and moves no item of a queue', async () => {
  const core = startCore();
  const path = join(temporaryFolder(), 'parts');
  const project = await makeReviewable(core, path, 30, { goldRate: 0.3 });
  const refused = (name: string, message: RegExp) =>
    expect(core.reviews.addClass({ project, by, name })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message),
    });
  await refused('moss', /does not allow new classes/);
  const { classes } = await core.reviews.classes({ project });
  expect(await core.reviews.setNewClasses({ project, by, allowed: true })).toEqual({
    classes,
    newAllowed: true,
  });
  await refused(' ​ ', /needs a name/);
  await refused(' leaf ', /has the class "leaf" already\. Nothing/);
  await refused('Leaf', /has the class "leaf" already, which "Leaf" would be taken for/);

  // Which gold items come where, and under which label, follows from the number of classes when the queue was filled.
  const order = async () =>
    (await core.reviews.items({ project, by, queue: 1, from: 0, count: 40 })).map(
      ({ sha256, givenLabel }) => `${sha256} ${givenLabel}`,
    );
  const before = await order();
  expect(await core.reviews.addClass({ project, by, name: ' moss\t' })).toBe('moss');
  expect((await core.reviews.session({ project, by })).classes).toEqual([...classes, 'moss']);
  expect(await order()).toEqual(before);

  // Nor from classes that a later import brings.
  const later = join(`${path}-set`, 'later', 'aaa fern');
  mkdirSync(later, { recursive: true });
  await sharp({ create: { width: 48, height: 48, channels: 3, background: 'green' } })
    .png()
    .toFile(join(later, '1.png'));
  await runTask(core, 'import', { project, by, from: dirname(later), role: 'real' });
  expect((await core.reviews.session({ project, by })).classes).toEqual([...classes, 'moss', 'aaa fern']);
  expect(await order()).toEqual(before);

  const [item] = await core.reviews.items({ project, by, queue: 1, from: 0, count: 1 });
  await answerItems(core, { project, by }, [{ sha256: item!.sha256, verdict: 'relabel', label: 'moss' }]);
  const [answered] = await core.reviews.items({ project, by, queue: 1, from: 0, count: 1 });
  expect(answered!.answer).toMatchObject({ verdict: 'relabel', label: 'moss' });
  // What else counts by class knows the new one.
  await answerItems(core, { project, by: 'bob' }, [
    { sha256: item!.sha256, verdict: 'relabel', label: 'moss' },
  ]);
  expect((await core.reviews.agreement({ project, by: 'The lead', queue: 1 })).items).toBeGreaterThan(0);
  await core.reviews.setNewClasses({ project, by, allowed: false });
  await refused('fern', /does not allow/);
  expect(await runTask(core, 'verify', { project })).toMatchObject({ ok: true });

  // What a class looks like is shown by real images, and never by one that may come as gold.
  await runTask(core, 'queue', { project, by, budget: { items: 10 }, goldRate: 0.5, everything: false });
  const examples = await core.reviews.classExamples({ project, queue: 2, label: 'leaf', count: 10 });
  expect(examples.length).toBeGreaterThan(0);
  const everywhere = await core.reviews.classExamples({ project, queue: 99, label: 'leaf', count: 10 });
  expect(everywhere).toHaveLength(10);
  expect(await core.reviews.classExamples({ project, queue: 2, label: 'moss' })).toEqual([]);
}, 400_000);
