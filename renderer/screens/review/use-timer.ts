import { useEffect } from 'react';
import type { ItemTimer } from './item-timer.ts';

const INPUTS = ['pointermove', 'pointerdown', 'wheel', 'keydown'] as const;

/** Tells the timer of every input, and when the window is hidden and shown. */
export function useTimer(timer: ItemTimer): void {
  useEffect(() => {
    const input = (event: Event) => timer.input(event.timeStamp);
    const visibility = (event: Event) =>
      document.hidden ? timer.hidden(event.timeStamp) : timer.shown(event.timeStamp);
    for (const kind of INPUTS) document.addEventListener(kind, input, { capture: true, passive: true });
    document.addEventListener('visibilitychange', visibility);
    return () => {
      for (const kind of INPUTS) document.removeEventListener(kind, input, { capture: true });
      document.removeEventListener('visibilitychange', visibility);
    };
  }, [timer]);
}
