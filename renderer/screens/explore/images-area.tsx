import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useSyncExternalStore, type Ref } from 'react';
import type { ImageFilter, ImageView } from '../../../rpc/contract/images.ts';
import { projectParams } from '../../parts/folder-address.ts';
import { Empty, Failure, Loading, messageOf } from '../../parts/states.tsx';
import classes from './explore.module.css';
import type { RowPages } from './grid/row-pages.ts';
import { ThumbGrid, type GridHandle } from './grid/thumb-grid.tsx';
import type { Explore } from './use-explore.ts';
import type { SelectionInUse } from './use-selection.ts';

// deck.gl is larger than the rest of the screen: it comes when a map is asked for.
const MapPanel = lazy(() => import('./map/map-panel.tsx').then((module) => ({ default: module.MapPanel })));

interface ImagesAreaProps {
  project: string;
  projectKey: string;
  explore: Explore;
  view: ImageView | undefined;
  error: unknown;
  onRetry: () => void;
  pages: RowPages;
  chosen: SelectionInUse;
  thumbPx: number;
  grid: Ref<GridHandle>;
  onImage: (image: string | number) => void;
  onFilter: (filter: ImageFilter) => void;
  onOpen: (index: number) => void;
}

/** The grid, the map, or both. */
export function ImagesArea(props: ImagesAreaProps) {
  const { project, projectKey, explore, view, error, pages, chosen, thumbPx, grid } = props;
  const { search, go } = explore;
  const { show } = search;
  useSyncExternalStore(pages.subscribe, pages.version);
  if (error !== null && !view) return <Failure error={error} retry={props.onRetry} />;
  return (
    <div className={classes.images} data-show={show}>
      {show !== 'map' && (
        <div className={classes.grid}>
          {!view && <Loading label="Finding the images" />}
          {view?.total === 0 && <Nothing project={project} of={view.of} onClear={() => props.onFilter({})} />}
          {view && view.total > 0 && (
            <ThumbGrid
              ref={grid}
              pages={pages}
              projectKey={projectKey}
              size={thumbPx}
              selection={chosen.selection}
              current={search.image}
              onPoint={chosen.point}
              onCursor={chosen.moveCursor}
              onOpen={props.onOpen}
            />
          )}
          {pages.failure !== null && (
            <div className={classes.failure} role="alert">
              Some images could not be loaded. {messageOf(pages.failure)}{' '}
              <Button variant="default" onClick={props.onRetry}>
                Try again
              </Button>
            </div>
          )}
        </div>
      )}
      {show !== 'grid' && (
        <Suspense fallback={<Loading label="Loading the map" />}>
          <MapPanel
            project={project}
            projectKey={projectKey}
            view={view}
            search={search}
            selection={chosen.selection}
            onPick={props.onImage}
            onFilter={props.onFilter}
            onLook={(change) => go(change, 'replace')}
          />
        </Suspense>
      )}
    </div>
  );
}

function Nothing({ project, of, onClear }: { project: string; of: number; onClear: () => void }) {
  const navigate = useNavigate();
  if (of > 0)
    return (
      <Empty
        title="No image matches all of the filters"
        body="Remove a filter above, or clear them all."
        action={
          <Button variant="default" onClick={onClear}>
            Clear all filters
          </Button>
        }
      />
    );
  return (
    <Empty
      title="No images yet"
      body="Import a batch: real images to compare with first, then the synthetic ones."
      action={
        <Button onClick={() => void navigate({ to: '/p/$folder/import', params: projectParams(project) })}>
          Import images
        </Button>
      }
    />
  );
}
