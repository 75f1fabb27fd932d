import { Button, SegmentedControl, Select, Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ImageFilter, ImageView } from '../../../../rpc/contract/images.ts';
import { core } from '../../../client.ts';
import { counted, duration } from '../../../parts/format.ts';
import { reportFailure } from '../../../parts/report-failure.ts';
import { Empty, Failure, Loading } from '../../../parts/states.tsx';
import { useColorScheme } from '../../../theme.tsx';
import type { ExploreSearch } from '../search.ts';
import type { Selection } from '../selection.ts';
import { scoreChoices, useScores } from '../../../parts/score-names.ts';
import { useFacets } from '../use-facets.ts';
import { colouring } from './colours.ts';
import type { Density } from './density.ts';
import { MapCanvas, type Hovered } from './map-canvas.tsx';
import { MapLegend } from './map-legend.tsx';
import classes from './map.module.css';
import { useClusters, useLayoutJob, useMapPoints, useMask, useScoreColours } from './use-map-data.ts';
import type { Job } from '../../../../rpc/contract/jobs.ts';
import type { MapInfo } from '../../../../rpc/contract/maps.ts';
import { RoleMark, VerdictMark } from '../grid/marks.tsx';
import { useDebouncedValue } from '@mantine/hooks';
import { Thumb } from '../../../parts/thumb.tsx';

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
  const [wantsDensity, setWantsDensity] = useState<boolean | null>(null);
  const [density, setDensity] = useState<Density | null>(null);
  const scores = useScores();
  const { data: facets } = useFacets(project, filter);
  const scored = [...scores.values()].filter(({ id }) => facets?.scores.includes(id));
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
  const clusters = useClusters(project, layout, located?.version);
  const ofScore = useScoreColours(project, isKnownColour(colour) ? null : colour);
  const colours = useMemo(() => {
    // Until a score's values are here, the roles.
    const by = isKnownColour(colour) ? colour : (ofScore ?? 'role');
    return points.data && labels ? colouring(points.data, labels, by, scheme) : null;
  }, [points.data, labels, colour, ofScore, scheme]);
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
    ? `Map of ${counted(points.data.count, 'image')}, similar ones close together; ${counted(inView, 'is', 'are')} in the view. ` +
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
            ...scoreChoices(scored),
          ]}
          searchable
          selectFirstOptionOnChange
          comboboxProps={{ width: 280, position: 'bottom-start' }}
          onClick={(event) => event.currentTarget.select()}
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
        <Button
          variant={density ? 'filled' : 'default'}
          aria-pressed={density !== null}
          disabled={!points.data}
          title="How many images lie where, instead of points that hide each other"
          onClick={() => setWantsDensity(density === null)}
        >
          Density
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
              clusters={clusters}
              wantsDensity={wantsDensity}
              description={description}
              onDensity={setDensity}
              onHover={setHovered}
              onPick={on.onPick}
              onLasso={(polygon) => {
                setIsLassoing(false);
                on.onFilter({ ...filter, lasso: { layout, polygon } });
              }}
              onError={setBroken}
            />
            {hovered && <MapPreview project={project} view={view} hovered={hovered} />}
          </>
        )}
      </div>
      {points.data && colours && !broken && (
        <MapLegend
          colouring={colours}
          isByRole={colour === 'role'}
          most={density?.most ?? null}
          suspect={scores.get(colour)?.suspect ?? null}
        />
      )}
    </section>
  );
}

const isKnownColour = (colour: string): colour is 'role' | 'label' | 'verdict' =>
  colour === 'role' || colour === 'label' || colour === 'verdict';

const isLive = (job: { state: string } | null) => job?.state === 'running';

interface LayoutJobProps {
  layout: 'pca' | 'umap';
  located: MapInfo['layouts']['pca'];
  job: Job | null;
  start: () => Promise<unknown>;
  cancel: () => Promise<unknown>;
}

/** Computes a layout in the background, and shows how far it is. */
function LayoutJob({ layout, located, job, start, cancel }: LayoutJobProps) {
  if (job?.state === 'running') {
    const { progress, secondsLeft } = job;
    const share = progress?.total ? progress.done / progress.total : null;
    return (
      <div className={classes.job} role="status">
        <span>
          {progress?.stage ?? 'Starting'}
          {secondsLeft === null ? ' …' : `, ${duration(1000 * secondsLeft)} left`}
        </span>
        <Progress
          className={classes.progress}
          aria-label={`Computing the ${layout.toUpperCase()} map`}
          value={100 * (share ?? 1)}
          animated={share === null}
        />
        <Button variant="subtle" onClick={() => void cancel()}>
          Cancel
        </Button>
      </div>
    );
  }
  if (located && !located.stale) return null;
  const words = located ? 'New images: compute again' : `Compute the ${layout.toUpperCase()} map`;
  return (
    <div className={classes.job}>
      <Button
        onClick={() =>
          void start().catch((error: unknown) => reportFailure('The map could not be computed', error))
        }
      >
        {words}
      </Button>
      {job?.state === 'failed' && job.error && <span className={classes.failed}>{job.error.message}</span>}
    </div>
  );
}

interface MapPreviewProps {
  project: string;
  view: ImageView | undefined;
  hovered: Hovered;
}

const PREVIEW_PX = 128;
const REST_MS = 60;
const AWAY_PX = 14;

/** The image under the pointer, once the pointer rests on it: on the side where the map has room. */
function MapPreview({ project, view, hovered }: MapPreviewProps) {
  const [id] = useDebouncedValue(hovered.id, REST_MS);
  const row = useQuery({
    queryKey: ['map-preview', view?.view, id],
    queryFn: async ({ signal }) => {
      const name = view?.view ?? '';
      const offset = await core.images.indexOf({ project, view: name, image: id }, { signal });
      if (offset < 0) return null;
      const rows = await core.images.rows({ project, view: name, offset, limit: 1 }, { signal });
      return rows[0] ?? null;
    },
    enabled: view !== undefined,
    gcTime: 5000,
  });
  const [x, y] = hovered.at;
  const { width, height } = hovered.size;
  const image = row.data;
  if (!image || image.id !== hovered.id) return null;
  return (
    <div
      className={classes.preview}
      style={{
        ...(x < width / 2 ? { left: x + AWAY_PX } : { right: width - x + AWAY_PX }),
        ...(y < height / 2 ? { top: y + AWAY_PX } : { bottom: height - y + AWAY_PX }),
      }}
    >
      <Thumb sha256={image.sha256} alt="" size={PREVIEW_PX} />
      <span className={classes.previewWords}>
        <RoleMark role={image.role} /> {image.label ?? 'no label'}
        {image.verdict && <VerdictMark verdict={image.verdict} />}
      </span>
    </div>
  );
}
