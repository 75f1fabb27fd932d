import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ReviewItem } from '../../../../rpc/contract/reviews.ts';
import { fileUrl } from '../../../client.ts';
import { percent } from '../../../parts/format.ts';
import { MiddleText } from '../../../parts/middle-text.tsx';
import { useProject } from '../../../project.tsx';
import { answerWords, inSentence, MARKS, type Answer } from '../answers.ts';
import { pixelsOf } from '../box-geometry.ts';
import { Lit } from '../stage.tsx';
import type { View } from '../use-view.ts';
import { columnsFor } from './grid-layout.ts';
import classes from './tiles.module.css';

const CAPTION = 18;
const GAP = { x: 4, y: 6 };
const PADDING = 6;
/** Up to this edge a thumbnail is sharp. */
const THUMB_EDGE = 200;

interface TilesProps {
  items: readonly ReviewItem[];
  marks: ReadonlyMap<string, Answer>;
  at: number;
  view: View;
  /** Hidden while one of them is enlarged: it stays painted. */
  isHidden: boolean;
  onPick: (sha256: string) => void;
  onColumns: (columns: number) => void;
  onPainted: (items: readonly ReviewItem[], at: number) => void;
}

/** As many pictures as fit, each as large as that allows. */
export function Tiles({ items, marks, at, view, isHidden, onPick, onColumns, onPainted }: TilesProps) {
  const area = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 1, height: 1 });
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return undefined;
    const measure = () => {
      const { clientWidth, clientHeight } = element;
      if (clientWidth > 0) setSize({ width: clientWidth - 2 * PADDING, height: clientHeight - 2 * PADDING });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const columns = columnsFor(items.length, size, CAPTION + GAP.y);
  const rows = Math.ceil(items.length / columns);
  const edge = Math.floor(
    Math.max(Math.min(size.width / columns - GAP.x, size.height / rows - CAPTION - GAP.y), 24),
  );
  useEffect(() => onColumns(columns), [columns, onColumns]);

  const kind = edge * window.devicePixelRatio > THUMB_EDGE ? 'image' : 'thumb';

  useEffect(() => {
    const element = area.current;
    if (!element) return undefined;
    let isCurrent = true;
    const decoded = [...element.querySelectorAll('img')].map((image) =>
      // A broken one is shown as that, and can be rejected for it.
      image.decode().catch(() => undefined),
    );
    void Promise.all(decoded).then(() =>
      requestAnimationFrame(() => {
        if (!isCurrent) return;
        element.dataset['painted'] = items[0]?.sha256;
        onPainted(items, performance.now());
      }),
    );
    return () => {
      isCurrent = false;
    };
  }, [items, kind, onPainted]);
  return (
    <div
      ref={area}
      className={classes.area}
      style={{
        gridTemplateColumns: `repeat(${columns}, ${edge}px)`,
        visibility: isHidden ? 'hidden' : undefined,
      }}
      role="group"
      aria-label="Images of the grid"
    >
      {items.map((item, i) => (
        <Tile
          key={item.sha256}
          item={item}
          mark={marks.get(item.sha256)}
          edge={edge}
          view={view}
          kind={kind}
          isCurrent={i === at}
          onPick={onPick}
        />
      ))}
    </div>
  );
}

interface TileProps {
  item: ReviewItem;
  mark: Answer | undefined;
  edge: number;
  view: View;
  kind: 'image' | 'thumb';
  isCurrent: boolean;
  onPick: (sha256: string) => void;
}

const Tile = memo(function Tile({ item, mark, edge, view, kind, isCurrent, onPick }: TileProps) {
  const { key } = useProject();
  const [isBroken, setBroken] = useState(false);
  const given = item.givenLabel ?? 'no label';
  const said = mark ? inSentence(answerWords(mark)) : 'accepted with the rest';
  return (
    <button
      type="button"
      className={classes.tile}
      style={{ width: edge }}
      tabIndex={-1}
      aria-label={`Item ${item.position + 1}, given label ${given}, ${said}`}
      aria-current={isCurrent ? 'true' : undefined}
      aria-pressed={mark !== undefined}
      data-mark={mark?.verdict}
      title={titleOf(item)}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => onPick(item.sha256)}
    >
      <span className={classes.frame} style={{ height: edge }}>
        {isBroken ? (
          <span className={classes.broken}>?</span>
        ) : (
          <Lit view={view}>
            <img
              className={classes.image}
              src={fileUrl(key, kind, item.sha256)}
              alt=""
              draggable={false}
              decoding="async"
              onError={() => setBroken(true)}
            />
          </Lit>
        )}
        {item.boxes.length > 0 && <Boxes item={item} />}
        {mark && (
          <span className={classes.sign} aria-hidden>
            {mark.flag ? '⚑' : MARKS[mark.verdict]}
          </span>
        )}
      </span>
      <span className={classes.caption} data-said={mark !== undefined} aria-hidden>
        <MiddleText text={mark ? answerWords(mark) : given} />
      </span>
    </button>
  );
});

function titleOf({ givenLabel, predicted }: ReviewItem): string {
  const model = predicted ? `. Model: ${predicted.label}, ${percent(predicted.probability)}` : '';
  return `${givenLabel ?? 'No label'}${model}`;
}

function Boxes({ item }: { item: ReviewItem }) {
  return (
    <svg className={classes.boxes} viewBox={`0 0 ${item.width} ${item.height}`} aria-hidden>
      {item.boxes.map((box, i) => {
        const at = pixelsOf(box, item);
        return at && <rect key={`${i} ${box.label}`} {...at} />;
      })}
    </svg>
  );
}
