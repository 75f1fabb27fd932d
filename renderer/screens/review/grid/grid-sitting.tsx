import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Failure, Loading } from '../../../parts/states.tsx';
import type { PictureCache } from '../pictures.ts';
import { ProgressLine } from '../progress-line.tsx';
import { useReview } from '../use-review.ts';
import { Paused } from '../paused.tsx';
import { GridStore, type GridCore } from './grid-store.ts';
import { GridWorkplace, useGridSettings } from './grid-workplace.tsx';
import review from '../review-screen.module.css';

interface GridSittingProps {
  core: GridCore;
  pictures: PictureCache;
  picker: ReactNode;
  onLeave: () => void;
}

/** One reviewer at one queue, many items at once. */
export function GridSitting({ core, ...rest }: GridSittingProps) {
  const settings = useGridSettings();
  const [store, setStore] = useState<GridStore | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  // Only how it begins: later changes go to the store.
  const first = useRef(settings);
  useEffect(() => {
    let opened: GridStore | null = null;
    let isCurrent = true;
    GridStore.open(core, first.current.count, first.current.together).then(
      (ready) => {
        opened = ready;
        if (isCurrent) setStore(ready);
      },
      (error: unknown) => isCurrent && setFailure(error),
    );
    return () => {
      isCurrent = false;
      opened?.close();
    };
  }, [core, attempt]);
  const again = () => {
    setFailure(null);
    setAttempt(attempt + 1);
  };
  if (failure !== null) return <Failure error={failure} retry={again} />;
  if (!store) return <Loading label="Gathering what belongs together" />;
  return <Open store={store} settings={settings} {...rest} />;
}

interface OpenProps extends Omit<GridSittingProps, 'core'> {
  store: GridStore;
  settings: ReturnType<typeof useGridSettings>;
}

function Open({ store, settings, picker, ...rest }: OpenProps) {
  const session = useReview(store, (state) => state.session);
  if (!session.gold?.paused)
    return <GridWorkplace store={store} settings={settings} picker={picker} {...rest} />;
  return (
    <div className={review.done}>
      <ProgressLine store={store} picker={picker} />
      <Paused gold={session.gold} queue={session.queue} onCheck={() => store.goOn()} />
    </div>
  );
}
