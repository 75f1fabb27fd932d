import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../../db/store.ts';
import { POINT_BYTES, type MapInfo } from '../../../rpc/contract/maps.ts';
import type { Project } from '../../project/project.ts';
import {
  mapsFolder,
  newVersion,
  readMeta,
  writeLayout,
  type LayoutKind,
  type LayoutMeta,
} from './map-files.ts';
import { putVerdicts } from './points.ts';

/** The model whose embeddings are drawn: the newest run's, else the one with most images; null if none. */
export function modelOf(store: Store): string | null {
  return store.scores.runs().at(-1)?.model ?? store.maps.embedded()[0]?.model ?? null;
}

/**
 * Lists the maps. A map is stale after new images, new files or a run of another model; new decisions are written
 * into its file here, which makes a new version.
 */
export function mapInfo(project: Project): MapInfo {
  const { store } = project;
  const current = {
    model: modelOf(store),
    images: store.explore.images(),
    lastFile: store.explore.lastFile(),
  };
  const of = (layout: LayoutKind): MapInfo['layouts']['pca'] => {
    const meta = upToDate(project, layout);
    return (
      meta && {
        points: meta.points,
        stale:
          meta.model !== current.model ||
          meta.images !== current.images ||
          meta.lastFile !== current.lastFile,
        version: meta.version,
      }
    );
  };
  return {
    layouts: { pca: of('pca'), umap: of('umap') },
    labels: store.batches.labels().map(({ name }) => name),
    images: current.images,
  };
}

/** Layout with current verdicts: about 30 ms for a million points, nothing to do if no decision came since. */
function upToDate({ folder, store }: Project, layout: LayoutKind): LayoutMeta | null {
  const maps = mapsFolder(folder);
  const meta = readMeta(maps, layout);
  const file = join(maps, `${layout}.bin`);
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (!meta || size !== meta.points * POINT_BYTES) return null;
  const decision = store.decisions.lastId();
  if (decision === meta.decision) return meta;
  const points = readFileSync(file);
  putVerdicts(store, points);
  const fresh = { ...meta, decision, version: newVersion() };
  try {
    writeLayout(maps, layout, points, fresh);
    return fresh;
  } catch {
    // A folder that cannot be written still has a map, with older verdicts.
    return meta;
  }
}
