import {
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useSyncExternalStore,
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
} from 'react';
import { fileUrl } from '../../../client.ts';
import { isChosen, moved, type Move, type Selection } from '../selection.ts';
import { GridCell } from './grid-cell.tsx';
import type { RowPages } from './row-pages.ts';
import classes from './thumb-grid.module.css';
import { useBoxSize } from './use-box-size.ts';
import { useScrollWindow } from './use-scroll-window.ts';

export interface GridHandle {
  reveal: (index: number) => void;
  focus: () => void;
}

interface ThumbGridProps {
  ref: Ref<GridHandle>;
  pages: RowPages;
  projectKey: string;
  size: number;
  selection: Selection;
  /** The image in the rail. */
  current: string | null;
  onPoint: (index: number, how: 'only' | 'toggle' | 'range' | 'add-range') => void;
  /** The cursor moves and nothing is chosen. */
  onCursor: (index: number) => void;
  onOpen: (index: number) => void;
}

const GAP_PX = 8;
const CAPTION_PX = 24;

const MOVES: Record<string, Move> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  PageUp: 'page-up',
  PageDown: 'page-down',
  Home: 'home',
  End: 'end',
};

/** Thumbnails in rows and columns, of which only those about the window are in the page. */
export function ThumbGrid(props: ThumbGridProps) {
  const { ref, pages, projectKey, size, selection, current, onPoint, onCursor, onOpen } = props;
  const box = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const { width, height } = useBoxSize(box);
  useSyncExternalStore(pages.subscribe, pages.version);
  const { total } = pages;
  const columns = Math.max(Math.floor((width - GAP_PX) / (size + GAP_PX)), 1);
  const rowPx = size + CAPTION_PX + GAP_PX;
  const shape = { total, columns, rowPx, viewportPx: height, anchor: selection.cursor };
  const { groundPx, originPx, firstRow, endRow, firstSeen, endSeen, direction, scrollToRow } =
    useScrollWindow(box, shape);

  useEffect(() => {
    if (width > 0) pages.want(firstSeen * columns, Math.min(endSeen * columns, total), direction, 2);
  }, [pages, firstSeen, endSeen, columns, total, direction, width]);

  useImperativeHandle(
    ref,
    () => ({
      reveal: (index) => scrollToRow(Math.floor(index / columns)),
      focus: () => box.current?.focus({ preventScroll: true }),
    }),
    [columns, scrollToRow],
  );

  const indexAt = (event: MouseEvent): number | null => {
    const cell = event.target instanceof Element ? event.target.closest('[data-index]') : null;
    return cell ? Number(cell.getAttribute('data-index')) : null;
  };
  const onClick = (event: MouseEvent) => {
    const index = indexAt(event);
    if (index === null) return;
    const toggles = event.ctrlKey || event.metaKey;
    if (event.shiftKey) onPoint(index, toggles ? 'add-range' : 'range');
    else onPoint(index, toggles ? 'toggle' : 'only');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const controls = event.ctrlKey || event.metaKey;
    const { cursor } = selection;
    const named = MOVES[event.key];
    if (named && total > 0 && !event.altKey) {
      const atRowEnd = named === 'home' ? 'row-home' : named === 'end' ? 'row-end' : named;
      // As in spreadsheets: Home and End go along the row, and with Ctrl to the first and the last of all.
      const move = (named === 'home' || named === 'end') && !controls ? atRowEnd : named;
      const rowsPerPage = Math.max(Math.floor(height / rowPx) - 1, 1);
      const to = moved(cursor, move, { total, columns, rowsPerPage });
      scrollToRow(Math.floor(to / columns));
      if (event.shiftKey) onPoint(to, 'range');
      else if (controls && named !== 'home' && named !== 'end') onCursor(to);
      else onPoint(to, 'only');
    } else if (event.key === ' ' && cursor !== null) onPoint(cursor, 'toggle');
    else if (event.key === 'Enter' && cursor !== null) onOpen(cursor);
    else return;
    event.preventDefault();
  };

  const cellId = (index: number) => `${prefix}-${index}`;
  const hasCursor = selection.cursor !== null && selection.cursor < total;
  const cursorRow = Math.floor((selection.cursor ?? 0) / columns);
  const isCursorLaidOut = hasCursor && cursorRow >= firstRow && cursorRow < endRow;
  const indents = Math.max(Math.floor((width - columns * (size + GAP_PX) - GAP_PX) / 2), 0);
  return (
    <div
      ref={box}
      className={classes.box}
      role="grid"
      tabIndex={0}
      aria-label="Images"
      aria-multiselectable
      aria-rowcount={Math.ceil(total / columns)}
      aria-colcount={columns}
      // The focus stays on the grid itself: a cell may be scrolled out of the page while it is the active one.
      aria-activedescendant={isCursorLaidOut ? cellId(selection.cursor ?? 0) : undefined}
      onClick={onClick}
      onDoubleClick={(event) => {
        const index = indexAt(event);
        if (index !== null) onOpen(index);
      }}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" className={classes.ground} style={{ height: groundPx + GAP_PX }}>
        {Array.from({ length: endRow - firstRow }, (_, i) => firstRow + i).map((row) => (
          <div
            key={row}
            role="row"
            aria-rowindex={row + 1}
            className={classes.row}
            style={{
              transform: `translateY(${originPx + row * rowPx}px)`,
              paddingInlineStart: indents + GAP_PX,
            }}
          >
            {Array.from({ length: Math.min(columns, total - row * columns) }, (_, column) => {
              const index = row * columns + column;
              const image = pages.at(index);
              return (
                <GridCell
                  key={column}
                  id={cellId(index)}
                  row={image}
                  index={index}
                  column={column}
                  url={image ? fileUrl(projectKey, 'thumb', image.sha256) : ''}
                  size={size}
                  isInSight={row >= firstSeen && row < endSeen}
                  isChosen={image !== undefined && isChosen(selection, image.sha256)}
                  isCursor={selection.cursor === index}
                  isCurrent={image !== undefined && image.sha256 === current}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
