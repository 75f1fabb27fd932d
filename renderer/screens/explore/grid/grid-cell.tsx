import { memo, useState } from 'react';
import type { ImageRow } from '../../../../rpc/contract/images.ts';
import { decimal } from '../../../parts/format.ts';
import { MiddleText } from '../../../parts/middle-text.tsx';
import { FlagMarks, RoleMark, TagMarks, VerdictMark } from './marks.tsx';
import bits from '../../../parts/bits.module.css';
import classes from './thumb-grid.module.css';

interface GridCellProps {
  id: string;
  row: ImageRow | undefined;
  index: number;
  column: number;
  /** Address of the thumbnail; empty while the row is on its way. */
  url: string;
  size: number;
  isInSight: boolean;
  isChosen: boolean;
  isCursor: boolean;
  isCurrent: boolean;
}

const ROOM_FOR_FLAGS_PX = 96;

/** One image of the grid. Its box is there before anything is known of it, so that nothing ever moves. */
export const GridCell = memo(function GridCell(props: GridCellProps) {
  const { id, row, index, column, url, size, isInSight, isChosen, isCursor, isCurrent } = props;
  return (
    <div
      id={id}
      role="gridcell"
      className={classes.cell}
      style={{ width: size }}
      aria-colindex={column + 1}
      aria-selected={isChosen}
      data-index={index}
      data-cursor={isCursor || undefined}
      data-current={isCurrent || undefined}
    >
      <div className={classes.picture} style={{ height: size }}>
        {row && <Picture url={url} isInSight={isInSight} />}
        {row && (
          <div className={classes.marks}>
            {size >= ROOM_FOR_FLAGS_PX && <FlagMarks flags={row.flags} />}
            {row.verdict && <VerdictMark verdict={row.verdict} />}
          </div>
        )}
        {row && <TagMarks tags={row.tags} />}
      </div>
      <div className={classes.caption}>
        {row && <RoleMark role={row.role} />}
        <span className={classes.label} data-relabelled={row?.verdict === 'relabel' || undefined}>
          {row && <MiddleText text={row.label ?? '–'} />}
        </span>
        {row && row.value !== null && <span className={classes.value}>{decimal(row.value)}</span>}
        <span className={classes.unseen}>{row ? row.path : 'Loading'}</span>
      </div>
    </div>
  );
});

function Picture({ url, isInSight }: { url: string; isInSight: boolean }) {
  const [failed, setFailed] = useState<string | null>(null);
  if (failed === url)
    return (
      <span className={bits.dimmed} title="The picture cannot be shown">
        ?
      </span>
    );
  return (
    <img
      ref={letGo}
      // Before `src`, which starts the request.
      fetchPriority={isInSight ? 'high' : 'low'}
      src={url}
      data-src={url}
      alt=""
      decoding="async"
      draggable={false}
      onError={() => setFailed(url)}
    />
  );
}

/**
 * An image that is taken out of the page goes on loading, ahead of those that are in sight now, unless it is told. React
 * also takes it out for a moment while something beside it is waited for, and then puts the same element back.
 */
function letGo(image: HTMLImageElement | null) {
  if (image && !image.hasAttribute('src')) image.src = image.dataset['src'] ?? '';
  return () => image?.removeAttribute('src');
}
