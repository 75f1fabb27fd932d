import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CopyPair } from '../../../rpc/contract/copies.ts';
import { CERTAINTY_WORDS, COPY_ANSWER_WORDS } from '../../../rpc/contract/terms.ts';
import { fileUrl } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { integer } from '../../parts/format.ts';
import { Failure } from '../../parts/states.tsx';
import { useKeyLabel, useKeys } from '../../parts/use-keys.ts';
import { useWhyNot } from '../../who-acts.ts';
import { useProject } from '../../project.tsx';
import {
  Beside,
  HOWS as REVIEW_HOWS,
  HOW as REVIEW_HOW,
  Laid,
  type How as ReviewHow,
} from '../review/compare.tsx';
import { KeyButton } from '../review/key-button.tsx';
import type { Painter } from '../review/painter.ts';
import { PictureCache } from '../review/pictures.ts';
import { Stage } from '../review/stage.tsx';
import { useView } from '../review/use-view.ts';
import { AboutPair } from './about-pair.tsx';
import { Difference } from './difference.tsx';
import { PairList } from './pair-list.tsx';
import { placedOn } from './placing.ts';
import { idOf, type useCopies } from './use-copies.ts';
import classes from './copies.module.css';

type How = ReviewHow | 'difference';
const HOW: Record<How, string> = { ...REVIEW_HOW, difference: 'Difference' };
const HOWS: How[] = [...REVIEW_HOWS, 'difference'];

interface JudgePairProps {
  copies: ReturnType<typeof useCopies>;
  pair: CopyPair;
}

/** One pair, large, and the keys to say whether it is a copy. */
export function JudgePair({ copies, pair }: JudgePairProps) {
  const { key, writable: canWrite } = useProject();
  const whyNot = useWhyNot()('judge');
  const writable = canWrite && whyNot === null;
  const keyLabel = useKeyLabel();
  const [how, setHow] = useState<How>('side');
  const [leader, setLeader] = useState<Painter | null>(null);
  const [paintedAt, setPaintedAt] = useState<{ sha256: string; at: number } | null>(null);
  const painter = useRef<Painter | null>(null);
  const { view, actions } = useView(painter);
  const stage = useRef<HTMLDivElement>(null);
  const takePainter = useCallback((made: Painter | null) => {
    painter.current = made;
    setLeader(made);
  }, []);
  const takePainted = useCallback((sha256: string, at: number) => setPaintedAt({ sha256, at }), []);
  const urlOf = useCallback((sha256: string) => fileUrl(key, 'image', sha256), [key]);
  const pictures = useMemo(() => new PictureCache(urlOf), [urlOf]);
  useEffect(() => () => pictures.close(), [pictures]);
  const { pairs, at, total, words, canUndo } = copies;
  useMemo(
    () => pictures.want(pairs.slice(at, at + 3).map(({ image }) => image.sha256)),
    [pictures, pairs, at],
  );
  useEffect(() => stage.current?.focus(), []);
  const title = CERTAINTY_WORDS[pair.certainty].title;
  useEffect(
    () => announce(`${words ?? ''} Pair ${at + 1} of ${total}: ${title}.`),
    [words, at, total, title],
  );

  const say = (answer: 'copy' | 'not-a-copy', pressedAt: number) => {
    // Only what was on the screen when the key went down is judged.
    if (!writable || paintedAt?.sha256 !== pair.image.sha256 || paintedAt.at > pressedAt) return;
    copies.answer(answer);
  };
  const [go, undo] = [copies.go, writable ? copies.undo : () => undefined];
  useKeys({
    actions: {
      ...actions,
      'is-copy': (event) => say('copy', event.timeStamp),
      'no-copy': (event) => say('not-a-copy', event.timeStamp),
      undo,
      previous: () => go(at - 1),
      next: () => go(at + 1),
      compare: () => setHow(how === 'side' ? 'difference' : 'side'),
      'compare-how': () => setHow(HOWS[(HOWS.indexOf(how) + 1) % HOWS.length]!),
    },
  });
  const names = { copy: `Image ${pair.image.path}`, original: `May be a copy of ${pair.other.path}` };

  return (
    <>
      <div className={classes.middle}>
        <PairList pairs={pairs} at={at} onGo={go} />
        <div
          className={classes.stage}
          ref={stage}
          tabIndex={0}
          role="region"
          aria-label="Pair"
          data-both={how === 'side'}
        >
          <div className={classes.picture}>
            <Stage
              sha256={pair.image.sha256}
              size={pair.image}
              name={names.copy}
              pictures={pictures}
              view={view}
              onPainted={takePainted}
              onPainter={takePainter}
              overlay={(seen) => {
                if (how === 'side') return null;
                const { image, alteration, other } = pair;
                const url = urlOf(other.sha256);
                if (how === 'difference')
                  return (
                    <Difference
                      copyUrl={urlOf(image.sha256)}
                      originalUrl={url}
                      alteration={alteration}
                      image={image}
                      at={seen}
                    />
                  );
                const shown = { width: image.width * seen.scale, height: image.height * seen.scale };
                return (
                  <Laid
                    key={idOf(pair)}
                    how={how}
                    name={names.original}
                    url={url}
                    view={view}
                    image={image}
                    at={seen}
                    placed={placedOn(alteration, shown)}
                  />
                );
              }}
            />
          </div>
          {how === 'side' && (
            <div className={classes.picture}>
              <Beside
                key={pair.other.sha256}
                sha256={pair.other.sha256}
                name={names.original}
                urlOf={urlOf}
                view={view}
                leader={leader}
              />
            </div>
          )}
          <div className={classes.hows} role="toolbar" aria-label="Compare">
            {HOWS.map((each) => (
              <KeyButton
                key={each}
                keyLabel={each === how ? keyLabel('compare-how') : ''}
                isMarked={each === how}
                onPress={() => setHow(each)}
              >
                {HOW[each]}
              </KeyButton>
            ))}
          </div>
          {how === 'difference' && (
            <p className={classes.legend}>Black: the same. The brighter, the further apart (times 4).</p>
          )}
        </div>
        <aside className={classes.rail} aria-label="About this pair">
          <p className={classes.place}>
            Pair {integer(at + 1)} of {integer(total)}
            <span>{copies.isSaving ? 'Saving …' : words}</span>
          </p>
          <AboutPair pair={pair} />
          {copies.failure && <Failure error={copies.failure} retry={copies.retry} />}
        </aside>
      </div>
      <div className={classes.bar} role="toolbar" aria-label="Answer" title={whyNot ?? undefined}>
        <KeyButton
          keyLabel={keyLabel('is-copy')}
          tone="bad"
          disabled={!writable}
          isMarked={pair.answer?.answer === 'copy'}
          onPress={(event) => say('copy', event.timeStamp)}
        >
          {COPY_ANSWER_WORDS.copy.act}
        </KeyButton>
        <KeyButton
          keyLabel={keyLabel('no-copy')}
          tone="good"
          disabled={!writable}
          isMarked={pair.answer?.answer === 'not-a-copy'}
          onPress={(event) => say('not-a-copy', event.timeStamp)}
        >
          {COPY_ANSWER_WORDS['not-a-copy'].act}
        </KeyButton>
        <KeyButton keyLabel={keyLabel('undo')} disabled={!canUndo && !pair.answer} onPress={undo}>
          Undo
        </KeyButton>
        <KeyButton keyLabel={keyLabel('previous')} disabled={at === 0} onPress={() => go(at - 1)}>
          Previous
        </KeyButton>
        <KeyButton keyLabel={keyLabel('next')} disabled={at >= pairs.length - 1} onPress={() => go(at + 1)}>
          Next
        </KeyButton>
      </div>
    </>
  );
}
