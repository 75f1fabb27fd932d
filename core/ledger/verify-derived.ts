import type { EventRow } from '../../db/queries/events.ts';
import type { Store } from '../../db/store.ts';
import { counted } from '../../rpc/format.ts';
import { rowsDigest, runDigest, vectorsDigest } from './digests.ts';
import { EVENTS, type EventBodies } from './events.ts';
import type { Difference } from './verify.ts';

/** What no digest covers in any project: it is computed anew when it is asked for, or says nothing of images. */
const NEVER_COVERED =
  'Maps, measurements of batches, copies with faults put in, vectors of objects and the list of jobs: delete them to have them made again';

export interface DerivedReport {
  difference: Difference;
  runs: number;
  /** What no event attests, in words. */
  notCovered: string[];
}

/**
 * Compares the derived rows with the digests in the events, for a store whose state follows from its events
 * (`verifyProjection`). Events of earlier versions hold fewer digests, and what they leave open is named.
 */
export function verifyDerived(store: Store, signal: AbortSignal): DerivedReport {
  const report: DerivedReport = { difference: null, runs: 0, notCovered: [] };
  // Most runs of a project have seen the same images by the same model.
  const known = new Map<string, Vectors>();
  const vectorsOf = (model: string, upTo: number): Vectors => {
    const key = `${model} ${upTo}`;
    const found = known.get(key) ?? vectorsDigest(store, model, upTo);
    known.set(key, found);
    return found;
  };
  const open = { facts: 0, runs: [] as number[], patches: [] as number[] };
  let [images, embedded] = [0, 0];
  for (const event of store.events.all()) {
    signal.throwIfAborted();
    if (event.kind === 'files.imported') {
      const { files, facts } = bodyOf('files.imported', event);
      const first = images + 1;
      for (const { image } of files) if (image && store.images.idOf(image.sha256) === images + 1) images++;
      if (facts === undefined) open.facts += images - first + 1;
      else if (rowsDigest(factsOf(store, first, images)) !== facts)
        report.difference = `event ${event.seq}: what was measured of its images is not what was recorded`;
    } else if (event.kind === 'run.finished') {
      const body = bodyOf('run.finished', event);
      report.runs++;
      report.difference = runDifference(store, report.runs, body, vectorsOf);
      embedded = body.vectors ? body.images : 0;
      if (!body.scores) open.runs.push(report.runs);
      else if (body.vectors?.some(({ model, patches }) => !patches && store.patches.count(model) > 0))
        open.patches.push(report.runs);
    }
    if (report.difference !== null) return report;
  }
  const say = (isThere: unknown, what: string): void => void (isThere && report.notCovered.push(what));
  say(
    open.facts,
    `What an earlier version measured of ${counted(open.facts, 'image')} when it imported them`,
  );
  say(
    open.runs.length,
    `Names of scores, vectors, reports and maps of ${runsText(open.runs)}, recorded by an earlier version`,
  );
  say(open.patches.length, `Patches that ${runsText(open.patches)} made maps from`);
  say(
    images > embedded && open.runs.length === 0,
    `Vectors of ${counted(images - embedded, 'image')} that no run has scored yet`,
  );
  say(true, NEVER_COVERED);
  return report;
}

type Vectors = ReturnType<typeof vectorsDigest>;

function runDifference(
  store: Store,
  run: number,
  body: EventBodies['run.finished'],
  vectorsOf: (model: string, images: number) => Vectors,
): Difference {
  const no = (what: string): Difference => `run ${run}: ${what}`;
  if (runDigest(store, run) !== body.digest) return no('its scores are not the ones that were recorded');
  const names = new Map(store.scores.names().map(({ id, name }) => [id, name]));
  for (const { id, name } of body.scores ?? [])
    if (names.get(id) !== name)
      return no(`the name of its score ${id} is ${names.get(id) ?? 'missing'} instead of ${name}`);
  for (const { model, digest, patches } of body.vectors ?? []) {
    const is = vectorsOf(model, body.images);
    if (is.digest !== digest || (patches !== undefined && is.patches !== patches))
      return no(`the vectors or patches of the model ${model} are not those that it was computed from`);
  }
  return body.reports === undefined || rowsDigest(store.digests.reports(run)) === body.reports
    ? null
    : no('its reports, maps or verdicts on objects are not the ones that were recorded');
}

function* factsOf(store: Store, first: number, last: number) {
  for (let image = first; image <= last; image++) yield* store.digests.facts(image);
}

/** The body of an event that has been replayed, so that it fits its schema. */
function bodyOf<K extends keyof EventBodies>(kind: K, { body }: EventRow): EventBodies[K] {
  return EVENTS[kind].parse(JSON.parse(body)) as EventBodies[K];
}

const runsText = (runs: number[]): string => `${runs.length === 1 ? 'run' : 'runs'} ${runs.join(', ')}`;
