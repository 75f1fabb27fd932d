import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { AssayError } from '../../../../rpc/errors.ts';
import { core, fileUrl } from '../../../client.ts';
import { useCancelJob, useJobsState, useStartJob } from '../../../jobs.ts';
import type { MapCluster } from '../../../../rpc/contract/maps.ts';
import type { ScoreColours } from './colours.ts';
import { decodePoints, ImageMask } from './points.ts';

type Layout = 'pca' | 'umap';

/** What there is to draw, and the points of one layout, fetched once for as long as they are the newest. */
export function useMapPoints(project: string, key: string, layout: Layout) {
  const info = useQuery({
    queryKey: ['maps', 'info', project],
    queryFn: ({ signal }) => core.maps.info({ project }, { signal }),
  });
  const version = info.data?.layouts[layout]?.version;
  const points = useQuery({
    queryKey: ['map-points', project, layout, version],
    queryFn: async ({ signal }) => {
      // The address stays the same when the map is recomputed.
      const response = await fetch(fileUrl(key, layout, '-'), { signal, cache: 'no-store' });
      if (!response.ok)
        throw new AssayError('NOT_FOUND', `The map's file could not be read (status ${response.status}).`);
      return decodePoints(await response.arrayBuffer());
    },
    enabled: version !== undefined,
    staleTime: Infinity,
    // Sixteen megabytes at a million images: dropped when the map is closed.
    gcTime: 10_000,
    structuralSharing: false,
    // New verdicts make another version: the points stay on the screen until it is here.
    placeholderData: (before, query) => (query?.queryKey[2] === layout ? before : undefined),
  });
  return { info, points };
}

/** The clusters of a layout, for as long as its file is the same. */
export function useClusters(project: string, layout: Layout, version: string | undefined) {
  const clusters = useQuery({
    queryKey: ['map-clusters', project, layout, version],
    queryFn: ({ signal }) => core.maps.clusters({ project, layout }, { signal }),
    enabled: version !== undefined,
    staleTime: Infinity,
    placeholderData: (before, query) => (query?.queryKey[2] === layout ? before : undefined),
  });
  return clusters.data ?? NO_CLUSTERS;
}
const NO_CLUSTERS: MapCluster[] = [];

/** A score's values for colouring; null until they are there, and where `score` is none. */
export function useScoreColours(project: string, score: string | null): ScoreColours | null {
  const { data } = useQuery({
    queryKey: ['images', 'score-codes', project, score],
    queryFn: ({ signal }) => core.images.scoreCodes({ project, score: score ?? '' }, { signal }),
    enabled: score !== null,
    gcTime: 10_000,
  });
  return useMemo(
    () =>
      data && score !== null
        ? { ...data, codes: Uint8Array.from(atob(data.codes), (character) => character.charCodeAt(0)) }
        : null,
    [data, score],
  );
}

/** Which images the view holds; null while it is asked for, and when the view is the whole project. */
export function useMask(project: string, view: string | undefined, isWhole: boolean): ImageMask | null {
  const mask = useQuery({
    queryKey: ['map-mask', project, view],
    queryFn: async ({ signal }) => (await core.images.mask({ project, view: view ?? '' }, { signal })).bits,
    enabled: view !== undefined && !isWhole,
    staleTime: Infinity,
    gcTime: 0,
    placeholderData: (before) => before,
  });
  const bits = isWhole ? undefined : mask.data;
  return useMemo(() => (bits === undefined ? null : new ImageMask(bits)), [bits]);
}

/** The newest job that computes a layout of the project, live. */
export function useLayoutJob(project: string, layout: Layout) {
  const list = useJobsState();
  const start = useStartJob();
  const cancel = useCancelJob();
  const job = list.data?.find(({ task }) => task?.kind === 'layout' && task.input.layout === layout) ?? null;
  return {
    job,
    isKnown: list.isSuccess,
    start: () => start.mutateAsync({ kind: 'layout', input: { project, layout } }),
    cancel: () => (job ? cancel.mutateAsync(job.id) : Promise.resolve(null)),
  };
}
