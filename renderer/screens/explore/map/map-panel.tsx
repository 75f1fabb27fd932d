import { Button, SegmentedControl, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ImageFilter, ImageView } from '../../../../rpc/contract/images.ts';
import { core } from '../../../client.ts';
import { integer } from '../../../parts/format.ts';
import { reportFailure } from '../../../parts/report-failure.ts';
import { Empty, Failure, Loading } from '../../../parts/states.tsx';
import { useColorScheme } from '../../../theme.tsx';
import type { ExploreSearch } from '../search.ts';
import type { Selection } from '../selection.ts';
import { colouring } from './colours.ts';
import { LayoutJob } from './layout-job.tsx';
import { Legend } from './legend.tsx';
import { MapCanvas, type Hovered } from './map-canvas.tsx';
import { MapPreview } from './map-preview.tsx';
import classes from './map.module.css';
import { useLayoutJob, useMapPoints, useMask } from './use-map-data.ts';

interface MapPanelProps {
  project: string;
  projectKey: string;
  view: ImageView | undefined;
  search: ExploreSearch;
  selection: Selection;
  onPick: (id: number) => void;
  onFilter: (filter: ImageFilter) => void;
  onLook: (change: Pick<Partial<ExploreSearch>, 'layout' | 'colour'>) => void;
}

/** All images as points, those alike near each other; what the view leaves out is dimmed. */
export function MapPanel({ project, projectKey, view, search, selection, ...on }: MapPanelProps) {
  const { layout, colour, filter } = search;
  const scheme = useColorScheme();
  const { info, points } = useMapPoints(project, projectKey, layout);
  const layoutJob = useLayoutJob(project, layout);
  const mask = useMask(project, view?.view, view !== undefined && view.total === view.of);
  const [isLassoing, setIsLassoing] = useState(false);
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const [broken, setBroken] = useState<Error | null>(null);
  const located = info.data?.layouts[layout] ?? null;
  const { job, isKnown } = layoutJob;

  // The linear map takes seconds: it is computed as soon as somebody wants to see it.
  const asked = useRef<string | null>(null);
  const isWanted =
    layout === 'pca' && info.isSuccess && located === null && info.data.images > 0 && isKnown && !isLive(job);
  useEffect(() => {
    if (!isWanted || asked.current === project) return;
    asked.current = project;
    layoutJob.start().catch((error: unknown) => reportFailure('The map could not be computed', error));
  });

  const labels = info.data?.labels;
  const colours = useMemo(
    () => (points.data && labels ? colouring(points.data, labels, colour, scheme) : null),
    [points.data, labels, colour, scheme],
  );
  const chosen = useMemo(
    () => (selection.isWholeView ? null : new Set([...selection.picked.values()].map(({ id }) => id))),
    [selection],
  );
  const current = useQuery({
    queryKey: ['images', 'detail', project, search.image],
    queryFn: ({ signal }) => core.images.detail({ project, sha256: search.image ?? '' }, { signal }),
    enabled: search.image !== null,
  });
  const inView = view?.total ?? 0;
  const description = points.data
    ? `Map of ${integer(points.data.count)} images, similar ones close together; ${integer(inView)} of them are in the view. ` +
      'Arrow keys move, plus and minus zoom, Home shows everything. The filters on the left choose by keyboard what a lasso chooses.'
    : 'Map of the images';

  return (
    <section className={classes.panel} aria-label="Map">
      <div className={classes.bar}>
        <SegmentedControl
          aria-label="Layout of the map"
          data={[
            { value: 'pca', label: 'PCA' },
            { value: 'umap', label: 'UMAP' },
          ]}
          value={layout}
          onChange={(value) => on.onLook({ layout: value })}
        />
        <Select
          aria-label="Colour by"
          className={classes.colour}
          data={[
            { value: 'role', label: 'Colour: role' },
            { value: 'label', label: 'Colour: label' },
            { value: 'verdict', label: 'Colour: decision' },
          ]}
          value={colour}
          onChange={(value) => value && on.onLook({ colour: value })}
          allowDeselect={false}
        />
        <Button
          variant={isLassoing ? 'filled' : 'default'}
          aria-pressed={isLassoing}
          disabled={!points.data}
          onClick={() => setIsLassoing(!isLassoing)}
        >
          Lasso
        </Button>
        <LayoutJob layout={layout} located={located} {...layoutJob} />
      </div>
      <div className={classes.stage}>
        {broken && (
          <Empty
            title="The map cannot be drawn here"
            body="It needs WebGL 2, which this machine or browser does not offer. The filters choose the same images."
          />
        )}
        {info.isError && <Failure error={info.error} retry={() => void info.refetch()} />}
        {points.isError && <Failure error={points.error} retry={() => void points.refetch()} />}
        {info.isSuccess && located === null && !isLive(job) && (
          <Empty
            title={info.data.images === 0 ? 'Nothing to map yet' : `No ${layout.toUpperCase()} map yet`}
            body={
              info.data.images === 0
                ? 'Import images: the map shows them by their embeddings.'
                : layout === 'umap'
                  ? 'UMAP keeps neighbours together and shows clusters. It takes about a minute for 100,000 images and goes on in the background.'
                  : 'The map shows images by their embeddings. Compute it once the images are scored.'
            }
          />
        )}
        {located !== null && points.isPending && <Loading label="Loading the map" />}
        {points.data && colours && !broken && (
          <>
            <MapCanvas
              points={points.data}
              colouring={colours}
              mask={mask}
              chosen={chosen}
              current={current.data?.id ?? null}
              scheme={scheme}
              lasso={filter.lasso?.layout === layout ? filter.lasso.polygon : null}
              isLassoing={isLassoing}
              description={description}
              onHover={setHovered}
              onPick={on.onPick}
              onLasso={(polygon) => {
                setIsLassoing(false);
                on.onFilter({ ...filter, lasso: { layout, polygon } });
              }}
              onError={setBroken}
            />
            <Legend entries={colours.legend} isByRole={colour === 'role'} />
            {hovered && <MapPreview project={project} view={view} hovered={hovered} />}
          </>
        )}
      </div>
    </section>
  );
}

const isLive = (job: { state: string } | null) => job?.state === 'running';
