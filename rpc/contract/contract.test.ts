import { describe, expect, expectTypeOf, test } from 'vitest';
import { ERRORS } from '../errors.ts';
import type { CoreClient } from '../transport/client.ts';
import type { ProjectStatus } from './projects.ts';
import { contract } from './index.ts';
import {
  TASKS,
  type Job,
  type Task,
  type TaskInput,
  type TaskKind,
  type TaskRequest,
  type TaskResult,
} from './jobs.ts';
import type { ReviewItem } from './reviews.ts';
import type { ImportSummary } from './imports.ts';
import type { VerifyReport } from './ledger.ts';
import { VERDICTS, type Verdict } from './terms.ts';

type Call = (...args: never[]) => Promise<unknown>;
type InputOf<P extends Call> = Parameters<P>[0];

// `npm run check` checks the assertions about types; a line with `@ts-expect-error` fails it if the mistake below
// compiles.
describe('types that clients rely on', () => {
  test('answers have the declared types, never any', () => {
    expectTypeOf<Awaited<ReturnType<CoreClient['projects']['status']>>>().toEqualTypeOf<ProjectStatus>();
    expectTypeOf<Awaited<ReturnType<CoreClient['reviews']['items']>>>().toEqualTypeOf<ReviewItem[]>();
    expectTypeOf<Awaited<ReturnType<CoreClient['jobs']['list']>>>().toEqualTypeOf<Job[]>();
    expectTypeOf<Awaited<ReturnType<CoreClient['projects']['status']>>>().not.toBeAny();
  });

  test('every call that works on a project names it', () => {
    type Named<G extends keyof CoreClient> = {
      [P in keyof CoreClient[G]]: CoreClient[G][P] extends Call
        ? InputOf<CoreClient[G][P]> extends { project: string }
          ? never
          : P
        : never;
    }[keyof CoreClient[G]];
    expectTypeOf<Named<'reviews'>>().toBeNever();
    expectTypeOf<Named<'images'>>().toBeNever();
    expectTypeOf<Named<'audit'>>().toBeNever();
    expectTypeOf<Named<'releases'>>().toBeNever();
    expectTypeOf<Named<'policies'>>().toBeNever();
  });

  test('a task takes the input of its kind and returns the result of its kind', () => {
    expectTypeOf<TaskResult<'import'>>().toEqualTypeOf<ImportSummary>();
    expectTypeOf<TaskResult<'verify'>>().toEqualTypeOf<VerifyReport>();
    expectTypeOf<Extract<Task, { kind: 'import' }>['input']>().toEqualTypeOf<TaskInput<'import'>>();
    // The client may omit a value with a default; the core receives it.
    expectTypeOf<{ project: string; by: string; from: string; role: 'real' }>().toExtend<
      TaskRequest<'import'>
    >();
    expectTypeOf<TaskInput<'import'>['device']>().not.toBeUndefined();
    // @ts-expect-error there is no such task
    const unknown: TaskKind = 'reticulate';
    // @ts-expect-error a score run has no role
    const wrong: TaskRequest<'score'> = { project: 'p', by: 'ada', role: 'real' };
    expect([unknown, wrong]).toHaveLength(2);
  });

  test('unions are closed: a new verdict or error code must be handled where they are listed', () => {
    expectTypeOf<Verdict>().toEqualTypeOf<(typeof VERDICTS)[number]>();
    expectTypeOf<'accept' | 'relabel' | 'reject' | 'skip' | 'undo'>().toEqualTypeOf<Verdict>();
    // @ts-expect-error no such code
    expect((ERRORS as Partial<typeof ERRORS>)['NO_SUCH_CODE']).toBeUndefined();
  });
});

test('every procedure has an input or takes none, and every task a schema', () => {
  const names = Object.entries(contract).flatMap(([group, procedures]) =>
    Object.keys(procedures).map((name) => `${group}.${name}`),
  );
  expect(names.length).toBeGreaterThan(30);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z]+\.[a-z][A-Za-z]*$/.test(name))).toEqual([]);
  const accepting = Object.entries(TASKS).filter(([, { input }]) => input.safeParse({}).success);
  expect(accepting).toEqual([]);
  expect(Object.keys(TASKS).filter((kind) => !/^[a-z-]+$/.test(kind))).toEqual([]);
});
