import { ActionIcon, SegmentedControl, Select, Slider } from '@mantine/core';
import type { ImageSort, ImageView } from '../../../rpc/contract/images.ts';
import type { ScoreInfo } from '../../../rpc/contract/scores.ts';
import { duration, integer } from '../../parts/format.ts';
import { MayButton } from '../../parts/may-button.tsx';
import { scoreChoices } from '../../parts/score-names.ts';
import type { ExploreSearch } from './search.ts';
import { SavedViews } from './saved-views.tsx';
import { MAX_THUMB_PX, MIN_THUMB_PX, THUMB_STEP_PX } from './thumb-size.ts';
import classes from './explore.module.css';

interface ToolbarProps {
  view: ImageView | undefined;
  isAsking: boolean;
  scores: ReadonlyMap<string, ScoreInfo>;
  search: ExploreSearch;
  thumbPx: number;
  hasFilters: boolean;
  onFilters: () => void;
  onSort: (sort: ImageSort) => void;
  onShow: (show: ExploreSearch['show']) => void;
  onThumbPx: (px: number) => void;
  onCopyLink: () => void;
  onQueue: () => void;
}

/** How many there are, in which order, and what can be done with all of them. */
export function Toolbar(props: ToolbarProps) {
  const { view, isAsking, scores, search, thumbPx, hasFilters } = props;
  const { sort, show } = search;
  const sorts = [
    { value: 'added', label: 'Order of import' },
    { value: 'random', label: 'Random' },
    ...scoreChoices(scores.values()),
  ];
  const isScore = scores.has(sort.by);
  const sortBy = (by: string | null) => {
    if (by === null) return;
    // What is suspect comes first.
    const order = scores.get(by)?.suspect === 'high' ? 'descending' : 'ascending';
    props.onSort({ by, order });
  };
  const isDown = sort.order === 'descending';
  return (
    <div className={classes.toolbar}>
      <ActionIcon
        variant={hasFilters ? 'filled' : 'default'}
        size={30}
        aria-label="Filters"
        aria-expanded={hasFilters}
        aria-controls="explore-filters"
        title={hasFilters ? 'Hide the filters' : 'Show the filters'}
        onClick={props.onFilters}
      >
        <FilterIcon />
      </ActionIcon>
      <span
        className={classes.total}
        aria-busy={isAsking}
        title={view && `Found in ${duration(view.durationMs)}`}
      >
        {view ? (
          <>
            <strong>{integer(view.total)}</strong> of {integer(view.of)}
          </>
        ) : (
          '…'
        )}
        {isAsking && <span className={classes.asking}>filtering …</span>}
      </span>
      <div className={classes.sort}>
        <Select
          aria-label="Sort by"
          data={sorts}
          value={sort.by}
          onChange={sortBy}
          allowDeselect={false}
          searchable
          selectFirstOptionOnChange
          comboboxProps={{ width: 260, position: 'bottom-start' }}
          onClick={(event) => event.currentTarget.select()}
        />
        <ActionIcon
          variant="default"
          size={30}
          disabled={sort.by === 'random'}
          aria-label={isDown ? 'Descending: sort ascending' : 'Ascending: sort descending'}
          title={
            isScore ? (isDown ? 'Highest first' : 'Lowest first') : isDown ? 'Newest first' : 'Oldest first'
          }
          onClick={() => props.onSort({ ...sort, order: isDown ? 'ascending' : 'descending' })}
        >
          {isDown ? '↓' : '↑'}
        </ActionIcon>
      </div>
      <Slider
        className={classes.slider}
        thumbLabel="Size of the thumbnails"
        size="sm"
        label={(px) => `${px} px`}
        min={MIN_THUMB_PX}
        max={MAX_THUMB_PX}
        step={THUMB_STEP_PX}
        value={thumbPx}
        onChange={props.onThumbPx}
        disabled={show === 'map'}
      />
      <SegmentedControl
        aria-label="View"
        data={[
          { value: 'grid', label: 'Grid' },
          { value: 'split', label: 'Both' },
          { value: 'map', label: 'Map' },
        ]}
        value={show}
        onChange={(value) => props.onShow(value)}
      />
      <span className={classes.acts}>
        <SavedViews search={search} />
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Copy link"
          title="Copy a link to this filter, order and view"
          onClick={props.onCopyLink}
        >
          <LinkIcon />
        </ActionIcon>
        <MayButton needs="manage" disabled={!view || view.total === 0} onClick={props.onQueue}>
          Make a queue
        </MayButton>
      </span>
    </div>
  );
}

const LinkIcon = () => (
  <Icon path="M6.8 9.2a2.8 2.8 0 0 0 4 0l2-2a2.8 2.8 0 0 0-4-4l-.9.9M9.2 6.8a2.8 2.8 0 0 0-4 0l-2 2a2.8 2.8 0 0 0 4 4l.9-.9" />
);

const FilterIcon = () => <Icon path="M2 3h12L9.5 8.5V13l-3-1.5v-3z" />;

function Icon({ path }: { path: string }) {
  return (
    <svg className={classes.icon} viewBox="0 0 16 16" aria-hidden>
      <path d={path} />
    </svg>
  );
}
