import { useEffect } from 'react';
import { announce } from '../../parts/announce.tsx';
import { Thumb } from '../../parts/thumb.tsx';
import { messageOf } from '../../parts/states.tsx';
import { useConnection } from '../../shell/connection.ts';
import type { Sitting } from './review-state.ts';
import { useReview } from './use-review.ts';
import classes from './review-screen.module.css';

/** Errors and undos, over the stage so that nothing moves; also announced to screen readers. */
export function Messages({ store }: { store: Sitting }) {
  const failure = useReview(store, (state) => state.failure);
  const notice = useReview(store, (state) => state.notice);
  const noticeOf = useReview(store, (state) => state.noticeOf);
  const saved = useReview(store, (state) => state.saved);
  const item = useReview(store, (state) => state.item);
  const isOnline = useConnection() === 'connected';
  useEffect(() => {
    // Back again: what could not be saved is tried once more.
    if (isOnline && store.state().failure !== null) store.retry();
  }, [isOnline, store]);
  useEffect(() => {
    const given = item?.givenLabel ? `, given label ${item.givenLabel}` : '';
    const next = item ? `Item ${item.position + 1}${given}.` : 'All items are answered.';
    announce([notice, saved && `${saved.words}, saved.`, next].filter(Boolean).join(' '));
  }, [notice, saved, item]);
  return (
    <>
      {!isOnline && (
        <div className={classes.message} role="alert" data-tone="bad">
          <span>The core is restarting. What is saved stays saved; the last answer is sent again then.</span>
        </div>
      )}
      {isOnline && failure !== null && (
        <div className={classes.message} role="alert" data-tone="bad">
          <span>
            <b>Not saved.</b> {messageOf(failure)}
          </span>
          <button type="button" onClick={() => store.retry()}>
            Retry
          </button>
          <button type="button" onClick={() => store.drop()}>
            Drop it
          </button>
        </div>
      )}
      {failure === null && notice !== null && (
        <div className={classes.message}>
          {noticeOf !== null && <Thumb sha256={noticeOf} alt="The image that it was about" size={48} />}
          <span>{notice}</span>
        </div>
      )}
    </>
  );
}
