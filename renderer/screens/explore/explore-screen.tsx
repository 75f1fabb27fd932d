import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { ImageFilter } from '../../../rpc/contract/images.ts';
import { errorCode } from '../../../rpc/errors.ts';
import { announce } from '../../parts/announce.tsx';
import { counted, integer } from '../../parts/format.ts';
import { useScores } from '../../parts/score-names.ts';
import { useProject } from '../../project.tsx';
import { useSettings } from '../../settings.tsx';
import { BulkBar, CONFIRMED_FROM, type Asking } from './bulk/bulk-bar.tsx';
import { isTagging, useBulk, type BulkAct } from './bulk/use-bulk.ts';
import { CompareTwo } from './compare-two.tsx';
import { Enlarged } from './enlarged.tsx';
import classes from './explore.module.css';
import { FilterChips } from './filters/filter-chips.tsx';
import { FilterPanel } from './filters/filter-panel.tsx';
import type { GridHandle } from './grid/thumb-grid.tsx';
import { ImagesArea } from './images-area.tsx';
import { QueueDialog } from './queue-dialog.tsx';
import { ImageRail } from './rail/image-rail.tsx';
import { tidy } from './search.ts';
import { THUMB_STEP_PX, thumbSize } from './thumb-size.ts';
import { Toolbar } from './toolbar.tsx';
import { useExplore } from './use-explore.ts';
import { useExploreKeys } from './use-explore-keys.ts';
import { useLinkedSelection } from './use-linked-selection.ts';
import { useSelection } from './use-selection.ts';
import { useRowPages, useView } from './use-view.ts';
import { Modal, TextInput, VisuallyHidden } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { core } from '../../client.ts';
import { reportFailure } from '../../parts/report-failure.ts';
import type { SelectionInUse } from './use-selection.ts';

const NARROW = '(max-width: 1100px)';

/** All images: filtered, sorted, seen as a grid and as a map, chosen and decided together. */
export default function ExploreScreen() {
  const { folder: project, key: projectKey, classes: labels } = useProject();
  const { settings, set } = useSettings();
  const scores = useScores();
  const explore = useExplore();
  const { search, problems, go } = explore;
  const { filter, sort, image } = search;
  const asked = useView(project, filter, sort);
  const view = asked.data;
  const pages = useRowPages(project, view);
  const bulk = useBulk(project, pages, filter);
  const tags = useTags(project);
  const onImage = useCallback((sha256: string) => go({ image: sha256 }, 'replace'), [go]);
  const chosen = useSelection(pages, onImage);
  const { selection, count } = chosen;
  useLinkedSelection(project, view !== undefined, explore, chosen);

  const grid = useRef<GridHandle>(null);
  const labelSearch = useRef<HTMLInputElement>(null);
  const goToImage = useImageInView(project, view?.view, chosen.point, grid, onImage);
  const [asking, setAsking] = useState<Asking>(null);
  const [confirming, setConfirming] = useState<BulkAct | null>(null);
  const [isEnlarged, setIsEnlarged] = useState(false);
  const [dialog, setDialog] = useState<'queue' | 'link' | 'compare' | null>(null);
  const [dismissed, setDismissed] = useState('');

  const thumbPx = thumbSize(settings.panels['explore.thumbPx']);
  const kept = settings.panels['explore.filters'];
  const hasFilters = typeof kept === 'boolean' ? kept : !window.matchMedia(NARROW).matches;
  const keep = (name: string, value: number | boolean) =>
    set({ panels: { ...settings.panels, [`explore.${name}`]: value } });
  const setFilter = (next: ImageFilter) => go({ filter: tidy(next) });

  useEffect(() => {
    if (view) announce(`${integer(view.total)} of ${counted(view.of, 'image')} in the view`);
  }, [view]);
  const retry = () => {
    void asked.refetch();
    pages.retry();
  };
  const refetch = asked.refetch;
  useEffect(
    () =>
      // The core lets go of views that were not asked for in a while: the same question brings it back.
      pages.subscribe(() => {
        if (pages.failure !== null && errorCode(pages.failure) === 'NOT_FOUND')
          void refetch().then(() => pages.retry());
      }),
    [pages, refetch],
  );

  const record = (act: BulkAct) => {
    setConfirming(null);
    if (!view || count === 0) return;
    const target = selection.isWholeView
      ? ({ isWholeView: true, view: view.view, count: view.total } as const)
      : ({ isWholeView: false, hashes: [...selection.picked.keys()] } as const);
    void (isTagging(act) ? bulk.tag(target, act) : bulk.decide(target, act));
  };
  const perform = (given: BulkAct) => {
    setAsking(null);
    if (selection.isWholeView || count >= CONFIRMED_FROM) setConfirming(given);
    else record(given);
  };
  const moveBy = (by: 1 | -1) => {
    const to = (selection.cursor ?? -1) + by;
    if (to < 0 || to >= pages.total) return;
    grid.current?.reveal(to);
    chosen.point(to, 'only');
  };
  const pair = selection.isWholeView ? null : pairOf([...selection.picked.keys()]);
  useExploreKeys({
    count,
    ...(pair && dialog === null && { onCompare: () => setDialog('compare') }),
    labels,
    onAnswer: perform,
    onAsk: setAsking,
    onUndo: () => void bulk.undo(),
    onThumb: (steps) => keep('thumbPx', thumbSize(thumbPx + steps * THUMB_STEP_PX)),
    onSearch: () => (hasFilters ? labelSearch.current?.focus() : keep('filters', true)),
    onChooseView: chosen.chooseView,
    onClear: chosen.clear,
  });

  const note = problems.join(', ');
  return (
    <div
      className={classes.screen}
      data-filters={hasFilters || undefined}
      data-rail={image !== null || undefined}
    >
      <VisuallyHidden component="h1">Explore</VisuallyHidden>
      {hasFilters && (
        <aside id="explore-filters" className={classes.filters} aria-label="Filters">
          <FilterPanel
            project={project}
            filter={filter}
            scores={scores}
            sortedBy={sort.by}
            searchRef={labelSearch}
            onChange={setFilter}
          />
        </aside>
      )}
      <div className={classes.middle}>
        <Toolbar
          view={view}
          isAsking={asked.isPlaceholderData}
          scores={scores}
          search={search}
          thumbPx={thumbPx}
          hasFilters={hasFilters}
          onFilters={() => keep('filters', !hasFilters)}
          onSort={(next) => go({ sort: next })}
          onShow={(show) => go({ show })}
          onThumbPx={(px) => keep('thumbPx', px)}
          onCopyLink={() => void copyLink().then((isCopied) => setDialog(isCopied ? null : 'link'))}
          onQueue={() => setDialog('queue')}
        />
        {note !== '' && note !== dismissed && (
          <p className={classes.note} role="status">
            The link was not understood in full. Left out: {note}.{' '}
            <button type="button" onClick={() => setDismissed(note)}>
              Dismiss
            </button>
          </p>
        )}
        <FilterChips filter={filter} scores={scores} onChange={setFilter} />
        <ImagesArea
          project={project}
          projectKey={projectKey}
          explore={explore}
          view={view}
          error={asked.error}
          onRetry={retry}
          pages={pages}
          chosen={chosen}
          thumbPx={thumbPx}
          grid={grid}
          onImage={goToImage}
          onFilter={setFilter}
          onOpen={(index) => {
            chosen.point(index, 'only');
            setIsEnlarged(true);
          }}
        />
        <BulkBar
          count={count}
          isWholeView={selection.isWholeView}
          labels={labels}
          tags={tags}
          save={bulk.save}
          asking={asking}
          confirming={confirming}
          onAsk={setAsking}
          onCompare={pair && (() => setDialog('compare'))}
          onAct={perform}
          onConfirm={record}
          onCancel={() => setConfirming(null)}
          onUndo={() => void bulk.undo()}
          onDismiss={bulk.dismiss}
          onClear={chosen.clear}
        />
      </div>
      {image !== null && (
        <ImageRail
          project={project}
          projectKey={projectKey}
          sha256={image}
          scores={scores}
          tags={tags}
          onImage={goToImage}
          onFilter={setFilter}
          onTag={(sha256, act) => void bulk.tag({ isWholeView: false, hashes: [sha256] }, act)}
          onEnlarge={() => setIsEnlarged(true)}
          onClose={() => go({ image: null }, 'replace')}
        />
      )}
      <Enlarged
        projectKey={projectKey}
        sha256={isEnlarged ? image : null}
        onMove={moveBy}
        onClose={() => {
          setIsEnlarged(false);
          grid.current?.focus();
        }}
      />
      {dialog === 'queue' && view && (
        <QueueDialog project={project} filter={filter} total={view.total} onClose={() => setDialog(null)} />
      )}
      <CompareTwo
        project={project}
        projectKey={projectKey}
        pair={dialog === 'compare' ? pair : null}
        onClose={() => {
          setDialog(null);
          grid.current?.focus();
        }}
      />
      {dialog === 'link' && <LinkDialog onClose={() => setDialog(null)} />}
    </div>
  );
}

/** Two images that are chosen; null where it is another number. */
function pairOf([first, second, ...more]: readonly string[]): [string, string] | null {
  return first !== undefined && second !== undefined && more.length === 0 ? [first, second] : null;
}

/** The names of the project's tags. */
function useTags(project: string): string[] {
  const { data } = useQuery({
    queryKey: ['tags', project],
    queryFn: async () => (await core.tags.list({ project })).map(({ name }) => name),
  });
  return data ?? NO_TAGS;
}
const NO_TAGS: string[] = [];

/** Puts the address on the clipboard; false where that is not allowed. */
async function copyLink(): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(window.location.href);
    notifications.show({ message: 'Link copied: it opens this filter, order and view.', color: 'accent' });
    return true;
  } catch {
    return false;
  }
}

/** The address to copy by hand. */
function LinkDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Link to this view" transitionProps={{ duration: 0 }}>
      <TextInput
        label="Copy it from here"
        readOnly
        data-autofocus
        value={window.location.href}
        onFocus={(event) => event.currentTarget.select()}
      />
    </Modal>
  );
}

/** Goes to an image by hash or number: in the grid where the view holds it, else in the rail alone. */
function useImageInView(
  project: string,
  view: string | undefined,
  point: SelectionInUse['point'],
  grid: RefObject<GridHandle | null>,
  onImage: (sha256: string) => void,
): (image: string | number) => void {
  return useCallback(
    (image) => {
      void (async () => {
        const index = view === undefined ? -1 : await core.images.indexOf({ project, view, image });
        if (index >= 0) {
          grid.current?.reveal(index);
          point(index, 'only');
        } else if (typeof image === 'string') onImage(image);
      })().catch((error: unknown) => reportFailure('The image could not be found', error));
    },
    [project, view, point, grid, onImage],
  );
}
