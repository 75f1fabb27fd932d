import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Example, ReviewItem } from '../../../rpc/contract/reviews.ts';
import { useKeyLabel } from '../../parts/use-keys.ts';
import { KeyButton } from './key-button.tsx';
import type { Painter } from './painter.ts';
import { PictureCache } from './pictures.ts';
import { Lit, Stage } from './stage.tsx';
import type { View } from './use-view.ts';
import type { Size, Viewport } from './viewport.ts';
import { MiddleText } from '../../parts/middle-text.tsx';
import classes from './stage.module.css';

export const HOW = {
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
        <span className={classes.compared}>
          Real{' '}
          <b>
            <MiddleText text={example.label} />
          </b>
          <span>
            similarity {example.similarity.toFixed(2)}, {at + 1} of {of}
          </span>
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
  sha256: string;
  /** What a screen reader says of it. */
  name: string;
  urlOf: (sha256: string) => string;
  view: View;
  /** The painter of the item: this picture shows the same part, as much enlarged. */
  leader: Painter | null;
}

/** Another image in a stage of its own, which follows the item's. */
export function Beside({ sha256, name, urlOf, view, leader }: BesideProps) {
  const [painter, setPainter] = useState<Painter | null>(null);
  const pictures = useMemo(() => new PictureCache(urlOf), [urlOf]);
  useEffect(() => () => pictures.close(), [pictures]);
  useEffect(() => pictures.want([sha256]), [pictures, sha256]);
  const follow = useCallback(() => {
    if (leader) painter?.follow(leader);
  }, [painter, leader]);
  useEffect(() => leader?.subscribe(follow), [leader, follow]);
  return (
    <Stage
      sha256={sha256}
      size={UNKNOWN}
      name={name}
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
  /** What a screen reader says of the other image, and what is written where it shows. */
  name: string;
  url: string;
  view: View;
  image: Size;
  at: Viewport;
  /** Where the other image lies on the item, as a CSS transform of a picture of the item's size; as it is if omitted. */
  placed?: string | undefined;
}

/** The other image over the item, as large as it. */
function Over({ name, url, view, image, at, placed }: OverProps) {
  return (
    <Lit view={view}>
      <img
        className={classes.over}
        src={url}
        alt={name}
        data-placed={placed !== undefined}
        draggable={false}
        style={{
          left: at.x,
          top: at.y,
          width: image.width * at.scale,
          height: image.height * at.scale,
          imageRendering: at.scale >= 3 ? 'pixelated' : 'auto',
          transform: placed,
        }}
      />
    </Lit>
  );
}

const SWIPE_STEP = 0.05;

/** Left of the line the item, right of it the other image; the line follows the pointer, and the arrows up and down. */
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

/** The item and the other image by turns, in the same place. */
function Flicker(props: OverProps) {
  const [isOther, setOther] = useState(true);
  useEffect(() => {
    const turn = setInterval(() => setOther((was) => !was), FLICKER_MS);
    return () => clearInterval(turn);
  }, []);
  return (
    <div className={classes.overLayer} data-testid="flicker" data-real={isOther}>
      <div className={classes.overLayer} style={{ visibility: isOther ? 'visible' : 'hidden' }}>
        <Over {...props} />
      </div>
      <p className={classes.turn}>{isOther ? props.name : 'The item'}</p>
    </div>
  );
}

/** Another image laid over the item. */
export function Laid({ how, ...props }: OverProps & { how: Exclude<How, 'side'> }) {
  return how === 'swipe' ? <Swipe {...props} /> : <Flicker {...props} />;
}
