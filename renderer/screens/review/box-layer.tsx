import { useRef, type PointerEvent } from 'react';
import type { ReviewBox } from '../../../rpc/contract/reviews.ts';
import type { ShownShape } from '../../../rpc/contract/terms.ts';
import { shortened } from '../../parts/format.ts';
import { moved, pixelsOf, resized, withPixels, type Corner, type PixelBox } from './box-geometry.ts';
import type { Size, Viewport } from './viewport.ts';
import classes from './stage.module.css';

interface BoxLayerProps {
  boxes: readonly ReviewBox[];
  image: Size;
  view: Viewport;
  /** Null while boxes are only looked at. */
  selected: number | null;
  /** What the reviewer is to look at, in pixels of the image. */
  lit: PixelBox | null;
  /** Everything else is dimmed. */
  dims: boolean;
  onSelect: (index: number) => void;
  onChange: (index: number, box: ReviewBox) => void;
}

const CORNERS: readonly Corner[] = ['nw', 'ne', 'sw', 'se'];
const HANDLE_PX = 9;
const KEYPOINT_PX = 3.5;
const LETTER_PX = 7.2;
const FEWEST_LETTERS = 8;

/** Boxes over the image, with the outlines of their objects; the selected one can be dragged, whole or by a corner. */
export function BoxLayer({ boxes, image, view, selected, lit, dims, onSelect, onChange }: BoxLayerProps) {
  return (
    <svg className={classes.layer} data-editing={selected !== null} aria-hidden>
      {lit && dims && <path className={classes.dim} d={around(lit, image, view)} fillRule="evenodd" />}
      {lit && <Frame box={lit} view={view} />}
      {boxes.map((box, i) => {
        const pixels = pixelsOf(box, image);
        // Boxes have no identity but their place in the list.
        return (
          pixels && (
            <BoxMark
              key={`${i} ${box.label}`}
              label={box.crowd ? `${box.label} (crowd)` : box.label}
              shape={box.shape && drawn(box.shape, box.format === 'xywh-pixel' ? null : image)}
              pixels={pixels}
              view={view}
              isSelected={i === selected}
              onSelect={() => onSelect(i)}
              onDrag={(from, corner, dx, dy) => {
                const to = corner ? resized(from, corner, dx, dy, image) : moved(from, dx, dy, image);
                onChange(i, withPixels(box, to, image));
              }}
            />
          )
        );
      })}
    </svg>
  );
}

/** The whole picture but a box of it, as a path of the stage. */
function around(lit: PixelBox, { width, height }: Size, view: Viewport): string {
  const rectangle = (box: PixelBox): string =>
    `M${view.x + box.x * view.scale} ${view.y + box.y * view.scale}h${box.width * view.scale}v${box.height * view.scale}h${-box.width * view.scale}Z`;
  return rectangle({ x: 0, y: 0, width, height }) + rectangle(lit);
}

const FRAME_PX = 5;

/** What the reviewer is to look at, framed outside of its box, so that box and picture stay to be seen. */
function Frame({ box, view }: { box: PixelBox; view: Viewport }) {
  const at = {
    x: view.x + box.x * view.scale - FRAME_PX,
    y: view.y + box.y * view.scale - FRAME_PX,
    width: box.width * view.scale + 2 * FRAME_PX,
    height: box.height * view.scale + 2 * FRAME_PX,
    rx: FRAME_PX,
  };
  return (
    <>
      <rect className={classes.halo} {...at} />
      <rect className={classes.frameLine} {...at} />
    </>
  );
}

/** In pixels of the image; `of` is its size, where the positions are fractions. */
function drawn({ rings, keypoints }: ShownShape, of: Size | null): Drawn {
  const at = (x: number, y: number): [number, number] => (of ? [x * of.width, y * of.height] : [x, y]);
  const path = rings.map((ring) => {
    let d = '';
    for (let i = 0; i + 1 < ring.length; i += 2) {
      const [x, y] = at(ring[i]!, ring[i + 1]!);
      d += `${i === 0 ? 'M' : 'L'}${x} ${y}`;
    }
    return `${d}Z`;
  });
  return { path: path.join(''), points: keypoints.map(([x, y]) => at(x, y)) };
}

interface Drawn {
  path: string;
  points: [x: number, y: number][];
}

interface BoxMarkProps {
  label: string;
  shape: Drawn | undefined;
  pixels: PixelBox;
  view: Viewport;
  isSelected: boolean;
  onSelect: () => void;
  onDrag: (from: PixelBox, corner: Corner | null, dx: number, dy: number) => void;
}

function BoxMark({ label, shape, pixels, view, isSelected, onSelect, onDrag }: BoxMarkProps) {
  const drag = useRef<{ from: PixelBox; x: number; y: number } | null>(null);
  const x = view.x + pixels.x * view.scale;
  const y = view.y + pixels.y * view.scale;
  const width = pixels.width * view.scale;
  const height = pixels.height * view.scale;
  const handlers = (corner: Corner | null) => ({
    onPointerDown: (event: PointerEvent<SVGElement>) => {
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { from: pixels, x: event.clientX, y: event.clientY };
      onSelect();
    },
    onPointerMove: (event: PointerEvent<SVGElement>) => {
      if (!drag.current) return;
      event.stopPropagation();
      const { from, x: startX, y: startY } = drag.current;
      onDrag(from, corner, (event.clientX - startX) / view.scale, (event.clientY - startY) / view.scale);
    },
    onPointerUp: () => {
      drag.current = null;
    },
  });
  return (
    <g className={classes.box} data-selected={isSelected}>
      {shape && (
        <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
          <path className={classes.outline} d={shape.path} fillRule="evenodd" />
        </g>
      )}
      <rect className={classes.halo} x={x} y={y} width={width} height={height} />
      <rect className={classes.boxLine} x={x} y={y} width={width} height={height} {...handlers(null)} />
      {shape?.points.map(([px, py]) => (
        <circle
          key={`${px} ${py}`}
          className={classes.keypoint}
          cx={view.x + px * view.scale}
          cy={view.y + py * view.scale}
          r={KEYPOINT_PX}
        />
      ))}
      <text className={classes.boxLabel} x={x + 4} y={y > 18 ? y - 5 : y + 14}>
        {shortened(label, Math.max(FEWEST_LETTERS, Math.floor((width - 4) / LETTER_PX)))}
      </text>
      {isSelected &&
        CORNERS.map((corner) => (
          <rect
            key={corner}
            className={classes.handle}
            data-corner={corner}
            x={(corner.endsWith('w') ? x : x + width) - HANDLE_PX / 2}
            y={(corner.startsWith('n') ? y : y + height) - HANDLE_PX / 2}
            width={HANDLE_PX}
            height={HANDLE_PX}
            {...handlers(corner)}
          />
        ))}
    </g>
  );
}
