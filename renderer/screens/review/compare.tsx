import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Example, ReviewItem } from '../../../rpc/contract/reviews.ts';
import { useKeyLabel } from '../../parts/use-keys.ts';
import { KeyButton } from './key-button.tsx';
import type { Painter } from './painter.ts';
import { PictureCache } from './pictures.ts';
import { Lit, Stage } from './stage.tsx';
import type { View } from './use-view.ts';
import type { Size, Viewport } from './viewport.ts';
import bits from '../../parts/bits.module.css';
import classes from './stage.module.css';

const HOW = {
  side: 'Side by side',
  swipe: 'Swipe',
  flicker: 'Flicker',
} as const;
export type How = keyof typeof HOW;
export const HOWS = Object.keys(HOW) as How[];

/** What an item can be compared with: the nearest real images of its class, then those of the predicted one. */
export function examplesOf({ examples }: ReviewItem): Example[] {
  const [first] = examples.given;
  return [...examples.given, ...examples.predicted.filter(({ label }) => label !== first?.label)];
}

interface CompareBarProps {
  item: ReviewItem;
  example: Example | undefined;
  at: number;
  of: number;
  how: How;
  onHow: (how: How) => void;
  onNext: () => void;
  onClose: () => void;
}

/** What the item is compared with, and how. */
export function CompareBar({ item, example, at, of, how, onHow, onNext, onClose }: CompareBarProps) {
  const keyLabel = useKeyLabel();
  return (
    <div className={classes.compareBar} role="toolbar" aria-label="Compare">
      {example ? (
        <span className={bits.ellipsis} title={example.label}>
          Real <b>{example.label}</b>, similarity {example.similarity.toFixed(2)}, {at + 1} of {of}
        </span>
      ) : (
        <span>
          {item.hidden
            ? 'Similar real images are hidden until you answer: they would tell which class is meant.'
            : 'There is no real image of the given or the predicted class to compare with.'}
        </span>
      )}
      {example &&
        HOWS.map((each) => (
          <KeyButton
            key={each}
            keyLabel={each === how ? keyLabel('compare-how') : ''}
            isMarked={each === how}
            onPress={() => onHow(each)}
          >
            {HOW[each]}
          </KeyButton>
        ))}
      {of > 1 && (
        <KeyButton keyLabel={keyLabel('compare-next')} onPress={onNext}>
          Next
        </KeyButton>
      )}
      <KeyButton keyLabel={keyLabel('compare')} onPress={onClose}>
        Close
      </KeyButton>
    </div>
  );
}

interface BesideProps {
  example: Example;
  urlOf: (sha256: string) => string;
  view: View;
  /** The painter of the item: this picture shows the same part, as much enlarged. */
  leader: Painter | null;
}

/** The real image in a stage of its own, which follows the item's. */
export function Beside({ example, urlOf, view, leader }: BesideProps) {
  const [painter, setPainter] = useState<Painter | null>(null);
  const pictures = useMemo(() => new PictureCache(urlOf), [urlOf]);
  useEffect(() => () => pictures.close(), [pictures]);
  useEffect(() => pictures.want([example.sha256]), [pictures, example]);
  const follow = useCallback(() => {
    if (leader) painter?.follow(leader);
  }, [painter, leader]);
  useEffect(() => leader?.subscribe(follow), [leader, follow]);
  return (
    <Stage
      sha256={example.sha256}
      size={UNKNOWN}
      name={`Nearest real ${example.label}`}
      pictures={pictures}
      view={{ ...view, keepsZoom: true }}
      onPainter={setPainter}
      // Only now is its size known.
      onPainted={follow}
      isPlain
    />
  );
}

const UNKNOWN = { width: 1, height: 1 };

interface OverProps {
  example: Example;
  url: string;
  view: View;
  image: Size;
  at: Viewport;
}

/** The real image over the item, as large as it. */
function Over({ example, url, view, image, at }: OverProps) {
  return (
    <Lit view={view}>
      <img
        className={classes.over}
        src={url}
        alt={`Nearest real ${example.label}`}
        draggable={false}
        style={{
          left: at.x,
          top: at.y,
          width: image.width * at.scale,
          height: image.height * at.scale,
          imageRendering: at.scale >= 3 ? 'pixelated' : 'auto',
        }}
      />
    </Lit>
  );
}

const SWIPE_STEP = 0.05;

/** Left of the line the item, right of it the real image; the line follows the pointer, and the arrows up and down. */
function Swipe(props: OverProps) {
  const [share, setShare] = useState(0.5);
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const move = ({ clientX }: PointerEvent) => {
      const box = layer.current?.getBoundingClientRect();
      if (box && box.width > 0) setShare(Math.min(Math.max((clientX - box.left) / box.width, 0), 1));
    };
    const key = ({ code, target }: KeyboardEvent) => {
      const by = code === 'ArrowUp' ? -SWIPE_STEP : code === 'ArrowDown' ? SWIPE_STEP : 0;
      if (by !== 0 && !(target instanceof HTMLInputElement))
        setShare((now) => Math.min(Math.max(now + by, 0), 1));
    };
    const stage = layer.current?.parentElement;
    stage?.addEventListener('pointermove', move);
    document.addEventListener('keydown', key);
    return () => {
      stage?.removeEventListener('pointermove', move);
      document.removeEventListener('keydown', key);
    };
  }, []);
  return (
    <div className={classes.overLayer} ref={layer} data-testid="swipe">
      <div className={classes.overLayer} style={{ clipPath: `inset(0 0 0 ${share * 100}%)` }}>
        <Over {...props} />
      </div>
      <div className={classes.swipeLine} style={{ left: `${share * 100}%` }} />
    </div>
  );
}

/** Below three changes a second: faster flashes can harm (WCAG 2.3.1). */
const FLICKER_MS = 600;

/** The item and the real image by turns, in the same place. */
function Flicker(props: OverProps) {
  const [isReal, setReal] = useState(true);
  useEffect(() => {
    const turn = setInterval(() => setReal((was) => !was), FLICKER_MS);
    return () => clearInterval(turn);
  }, []);
  return (
    <div className={classes.overLayer} data-testid="flicker" data-real={isReal}>
      <div className={classes.overLayer} style={{ visibility: isReal ? 'visible' : 'hidden' }}>
        <Over {...props} />
      </div>
      <p className={classes.turn}>{isReal ? `Real ${props.example.label}` : 'The item'}</p>
    </div>
  );
}

/** The real image laid over the item. */
export function Laid({ how, ...props }: OverProps & { how: Exclude<How, 'side'> }) {
  return how === 'swipe' ? <Swipe {...props} /> : <Flicker {...props} />;
}
