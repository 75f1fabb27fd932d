import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { verifyChain, verifyProjection } from '../../core/ledger/verify.ts';
import { Project } from '../../core/project/project.ts';
import { earlierProject, RELEASED } from '../support/earlier-projects.ts';
import { startCore } from '../support/core.ts';

/** The record as its version left it, read without any of our code. */
function recorded(folder: string) {
  const db = new Database(join(folder, 'project.db'), { readonly: true });
  try {
    return {
      head: db.prepare<[], string>('SELECT hash FROM event ORDER BY seq DESC LIMIT 1').pluck().get()!,
      events: db.prepare('SELECT * FROM event ORDER BY seq').raw().all(),
      decisions: db.prepare<[], number>('SELECT count(*) FROM decision').pluck().get()!,
      images: db.prepare<[], number>('SELECT count(*) FROM image').pluck().get()!,
    };
  } finally {
    db.close();
  }
}

describe.each(RELEASED.map((version) => [version]))('a project of schema %i', (version) => {
  test('opens and migrates, with every event byte for byte as it was, and its events give its state', () => {
    const folder = earlierProject(version);
    const before = recorded(folder);
    // A reader may come first.
    Project.open(folder, 'read').close();
    const project = Project.open(folder, 'write');
    try {
      expect(verifyChain(project.store, before.head)).toMatchObject({ head: before.head, difference: null });
      expect(verifyProjection(project.store)).toBeNull();
    } finally {
      project.close();
    }
    expect(recorded(folder)).toEqual(before);
  });

  test('serves its overview, queue, review and reports through the contract', async () => {
    const folder = earlierProject(version);
    const before = recorded(folder);
    const core = startCore();
    const opened = await core.projects.open({ project: folder });
    expect(opened.writable).toBe(true);
    const status = await core.projects.status({ project: folder });
    expect(status.head).toBe(before.head);
    const { items } = await core.queue.show({ project: folder });
    expect(items.length).toBeGreaterThan(5);
    const ranked = items.filter(({ stratum }) => stratum !== 'audit');
    expect(ranked.map(({ reasons }) => reasons.length)).not.toContain(0);
    // Reasons were sentences up to schema 70, and are shown as recorded.
    for (const reason of ranked.flatMap(({ reasons }) => reasons))
      expect(reason).toHaveProperty(version <= 70 ? 'text' : 'score');
    const page = await core.reviews.items({ project: folder, by: 'Newcomer', from: 0, count: 5 });
    expect(page).toHaveLength(5);
    await core.reviews.session({ project: folder, by: 'Newcomer' });
    const last = await core.scores.ofImage({ project: folder, sha256: items[0]!.sha256 });
    expect(Object.keys(last.scores).length).toBeGreaterThan(10);
    await core.projects.close({ project: folder });
  });
});
