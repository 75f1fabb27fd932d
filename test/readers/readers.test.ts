import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../rpc/contract/terms.ts';
import { runTask } from '../../rpc/run-task.ts';
import { openCore } from '../support/core.ts';
import { hasSharedData } from '../support/folders.ts';
import { JUDGES } from './all.ts';
import { ALL_SETS, type Judge } from './judges.ts';
import { READERS, readWith, runReadme } from './read.ts';
import { differences, type Read } from './reading.ts';
import { makeProject, SETS, type MadeProject, type SetName, WITH_HOLDOUT } from './sets.ts';
import type { Truth } from './truth.ts';

const HOOK_MS = 300_000;
const scratch = mkdtempSync(join(tmpdir(), 'assay-readers-'));
const { core, close } = openCore();
afterAll(async () => {
  await close();
  rmSync(scratch, { recursive: true, force: true });
});

const projects = new Map<SetName, Promise<MadeProject>>();
const releases = new Map<string, Promise<string>>();

function projectOf(set: SetName): Promise<MadeProject> {
  const made = projects.get(set) ?? makeProject(core, mkdtempSync(join(scratch, `${set}-`)), set);
  projects.set(set, made);
  return made;
}

/** What is true of the release of a set that a judge reads. */
async function truthOf(set: SetName, { withoutHoldout }: Judge): Promise<Truth> {
  const { truth } = await projectOf(set);
  const images = truth.images.filter(({ role }) => !withoutHoldout || role !== 'holdout');
  return { ...truth, images };
}

/** The folder of the release of a set in a format, written once. */
function releaseOf(set: SetName, { format, withoutHoldout }: Judge): Promise<string> {
  const to = join(scratch, `${set}-${format}`);
  const write = async (): Promise<string> => {
    const { project } = await projectOf(set);
    const roles: Role[] =
      WITH_HOLDOUT.has(set) && !withoutHoldout ? ['real', 'synthetic', 'holdout'] : ['real', 'synthetic'];
    await runTask(core, 'release', { project, by: 'Ada Lovelace', format, to, roles, undecided: 'in' });
    return to;
  };
  const written = releases.get(to) ?? write();
  releases.set(to, written);
  return written;
}

/** Many readers take nothing without labels. */
const USUAL = ALL_SETS.filter((set) => set !== 'bare');
const here = (set: SetName): boolean => set !== 'fruits' || hasSharedData;

describe.skipIf(READERS === null)('releases, read by the libraries that people use', () => {
  describe.for(JUDGES)('$format by $reader', (judge) => {
    const sets = judge.sets ?? USUAL;
    const planted = Object.entries(judge.faults.plant);
    const read = new Map<string, Read>();

    beforeAll(async () => {
      const folders = new Map<string, string>();
      for (const set of sets.filter(here)) folders.set(set, await releaseOf(set, judge));
      for (const [name, plant] of planted) {
        const copy = mkdtempSync(join(scratch, 'spoilt-'));
        cpSync(await releaseOf(judge.faults.of, judge), copy, { recursive: true });
        await plant(copy);
        folders.set(name, copy);
      }
      const readings = await readWith(judge.reader, [...folders.values()]);
      for (const [i, name] of [...folders.keys()].entries()) read.set(name, readings[i]!);
    }, HOOK_MS);

    for (const set of sets)
      test.skipIf(!here(set))(`reads a release of ${SETS[set]}`, async () => {
        const truth = await truthOf(set, judge);
        expect(differences(judge.expected(truth), read.get(set)!)).toEqual([]);
      });

    test.for(judge.count === undefined ? [] : [judge.count])(
      'loads by the lines in its README',
      async (count) => {
        const truth = await truthOf(judge.faults.of, judge);
        const folder = await releaseOf(judge.faults.of, judge);
        expect(await runReadme(folder, count)).toBe(judge.counted?.(truth) ?? truth.images.length);
      },
    );

    test.for(planted)('notices: %s', async ([name]) => {
      const truth = await truthOf(judge.faults.of, judge);
      const found = differences(judge.expected(truth), read.get(name)!);
      expect(found).not.toEqual([]);
    });
  });
});
