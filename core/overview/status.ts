import type { Store } from '../../db/store.ts';
import { judgeRealShare } from '../../rpc/contract/mixes.ts';
import type { ProjectStatus } from '../../rpc/contract/projects.ts';
import { fileCounts, imagesByRole } from '../measure/file-counts.ts';
import { countsOf } from './counts.ts';
import { copyCounts, duplicateCounts, flaggedCounts } from '../measure/flagged.ts';
import { estimateOfRest, sentenceOfRest, strataOf } from '../audit/rest.ts';
import { recordedClockJumps } from '../ledger/ledger.ts';
import { projectModel } from '../project/model.ts';
import type { Project } from '../project/project.ts';
import { listMixes } from '../strategy/mix/mixes.ts';
import { mixPolicyOf } from '../strategy/mix/policy.ts';
import { listRounds } from '../strategy/rounds.ts';
import { keptStanding } from '../strategy/watch/standing.ts';
import { searchesOf } from '../measure/automatic-search.ts';

/** Everything that `assay status` and the overview show about a project. */
export function projectStatus(project: Project): ProjectStatus {
  const { store } = project;
  const images = imagesByRole(store);
  const run = store.scores.runs().at(-1);
  const queue = store.queue.last();
  const strata = queue ? strataOf(store, queue.id) : [];
  const last = store.events.last()!;
  const estimate = estimateOfRest(store);
  const { name, createdAt } = store.batches.project()!;
  return {
    project: { name, folder: project.folder, createdAt },
    batches: fileCounts(store).batches.map(
      ({ name: batch, role, files, broken, generator, generation, parents }) => ({
        name: batch,
        role,
        files,
        broken,
        generator,
        generation,
        parents,
      }),
    ),
    images,
    counts: countsOf(store),
    classes: store.batches.labels().map((label) => label.name),
    model: projectModel(store)?.modelId ?? null,
    realShare: realShare(store, images),
    mix: listMixes(store)[0] ?? null,
    round: listRounds(store).rounds.at(-1) ?? null,
    watch: keptStanding(store),
    run: run
      ? {
          id: run.id,
          model: run.modelId,
          device: run.device,
          images: run.images,
          searches: searchesOf(run.parameters),
        }
      : null,
    flagged: flaggedCounts(project),
    duplicates: duplicateCounts(project),
    copies: copyCounts(project),
    queue: queue
      ? {
          id: queue.id,
          items: strata.reduce((sum, part) => sum + part.items, 0),
          decided: strata.reduce((sum, part) => sum + part.decided, 0),
          strata,
        }
      : null,
    decisions: { ...store.decisions.counts(), entries: store.decisions.total() },
    estimate,
    estimateText: sentenceOfRest(estimate),
    events: last.seq,
    head: last.hash,
    alarm: project.alarm,
    clockJumps: recordedClockJumps(store),
  };
}

function realShare(store: Store, { real, synthetic }: ProjectStatus['images']): ProjectStatus['realShare'] {
  const policy = mixPolicyOf(store);
  if (real + synthetic === 0) return { share: null, verdict: 'unknown', policy };
  const share = real / (real + synthetic);
  return { share, verdict: judgeRealShare(share, policy), policy };
}
