import type { ModelPack } from '../../models/types.ts';
import type { Store } from '../../db/store.ts';
import { EVENTS } from '../ledger/events.ts';

/** An embedding model as the record names it. */
export interface ProjectModel {
  /** Fingerprint of its pack. */
  model: string;
  /** Its name and version, for people. */
  modelId: string;
}

/**
 * The embedder that a project works with where a call names none: the one chosen last (`assay embed`), else the one
 * that the project was created with. Projects of earlier versions recorded neither: theirs is the newest run's, else the
 * one that embedded their first image. Null if nothing says; `modelId` is null where only embeddings do.
 */
export function projectModel(store: Store): { model: string; modelId: string | null } | null {
  const chosen = store.events.newest('model.chosen');
  if (chosen) return EVENTS['model.chosen'].parse(JSON.parse(chosen.body));
  const first = store.events.next(0, 'project.created');
  const { model, modelId } = first ? EVENTS['project.created'].parse(JSON.parse(first.body)) : {};
  if (model !== undefined) return { model, modelId: modelId ?? null };
  const run = store.scores.runs().at(-1);
  if (run) return { model: run.model, modelId: run.modelId };
  const embedded = store.facts.firstModel();
  return embedded === undefined ? null : { model: embedded, modelId: null };
}

/** A pack as the record names it. */
export function modelOfPack({ fingerprint, manifest }: ModelPack): ProjectModel {
  return { model: fingerprint, modelId: `${manifest.id} ${manifest.version}` };
}
